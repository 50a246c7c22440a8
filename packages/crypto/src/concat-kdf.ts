/** What the key of an ECDH-ES agreement is derived from (RFC 7518 §4.6.2; NIST SP 800-56A §5.8.1). */

import { utf8 } from '@facet-id/credential/base64url'
import type { JweEncryption } from '@facet-id/credential/jwe'
import { partyOf } from './jwe-refusal.ts'

const keyBits: Readonly<Record<JweEncryption, number>> = { A128GCM: 128, A256GCM: 256 }

export interface AgreementParties {
  readonly enc: JweEncryption
  readonly apu?: string
  readonly apv?: string
}

/**
 * The key of both sides. One round of the digest yields 256 bits, which is as many as any of ours needs.
 *
 * @param shared the x coordinate of the point that was agreed on
 * @param sha256 the digest of bytes, as bytes
 */
export function agreedKey(
  shared: Uint8Array,
  { enc, apu = '', apv = '' }: AgreementParties,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const named = [utf8(enc), partyOf(apu), partyOf(apv)].flatMap((part) => [uint32(part.length), part])
  const round = sha256(joined([uint32(1), shared, ...named, uint32(keyBits[enc])]))
  return round.subarray(0, keyBits[enc] / 8)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function uint32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
}
