/** SHA-256 as DIDs write it: a multihash (`12 20`, then the digest) in base58btc, `Qm…` by its looks. */

import { readBase58btc, writeBase58btc } from '../base58btc.ts'
import { readBase64url } from '../base64url.ts'
import type { Hash } from '../jose/ports.ts'

const sha256Code = 0x12
const sha256Bytes = 32

/** The multihash of a text's UTF-8, or of bytes, in base58btc without a multibase letter. */
export function multihashOf(data: string | Uint8Array, hash: Hash): string {
  return writeBase58btc(Uint8Array.of(sha256Code, sha256Bytes, ...readBase64url(hash('sha-256', data))))
}

/** Whether a text is a SHA-256 multihash in base58btc; no other digest is taken. */
export function isMultihash(text: string): boolean {
  if (text.length !== 46) return false
  try {
    const bytes = readBase58btc(text)
    return bytes.length === 2 + sha256Bytes && bytes[0] === sha256Code && bytes[1] === sha256Bytes
  } catch {
    return false
  }
}
