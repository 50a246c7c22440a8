/** The key that both sides of an ECDH-ES agreement derive (RFC 7518 §4.6.2; NIST SP 800-56A §5.8.1). */

import { utf8 } from '@facet-id/credential/base64url'
import type { JweEncryption } from '@facet-id/credential/jwe'
import { sha256 } from '@noble/hashes/sha2.js'
import { partyOf } from '../jwe-refusal.ts'

const keyBits: Readonly<Record<JweEncryption, number>> = { A128GCM: 128, A256GCM: 256 }

export interface AgreementParties {
  readonly enc: JweEncryption
  readonly apu?: string
  readonly apv?: string
}

/**
 * One round of the digest yields 256 bits, which is as many as any of ours needs.
 *
 * @param shared the x coordinate of the point that was agreed on
 */
export function agreedKey(shared: Uint8Array, { enc, apu = '', apv = '' }: AgreementParties): Uint8Array {
  const round = sha256.create()
  round.update(uint32(1)).update(shared)
  for (const part of [utf8(enc), partyOf(apu), partyOf(apv)]) round.update(uint32(part.length)).update(part)
  round.update(uint32(keyBits[enc]))
  return round.digest().subarray(0, keyBits[enc] / 8)
}

function uint32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
}
