/**
 * Secrets as text under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals.
 *
 * ```json
 * {"facet":"private-key","v":1,"kdf":{"salt":"…","N":131072,"r":8,"p":1},"sealed":"…"}
 * ```
 *
 * What it is, its version and its cost are authenticated too: a file of one kind does not open as another, and
 * nobody makes guessing cheaper by writing a lower cost.
 */
import { randomBytes } from 'node:crypto'
import type { KdfCost } from '@facet-id/store'
import { CryptoError } from '../error.ts'
import { passphraseKey } from '../node/passphrase.ts'
import { sealerOf } from '../node/seal.ts'
import { KeyError } from './error.ts'

const VERSION = 1
const SALT_BYTES = 16
const DEFAULT_COST: KdfCost = { N: 2 ** 17, r: 8, p: 1 }

/** What is in a sealed text, so that one is not taken for the other. */
export type SealedKind = 'private-key' | 'keyring' | 'did'

interface Header {
  readonly facet: string
  readonly v: number
  readonly kdf: KdfCost & { readonly salt: string }
}

/**
 * Seals bytes under a passphrase.
 *
 * @param cost absent: 128 MiB and some tenths of a second
 * @throws {CryptoError} `passphrase_empty`, `passphrase_cost_refused`
 */
export async function sealText(
  plain: Uint8Array,
  passphrase: string,
  { kind, cost = DEFAULT_COST }: { readonly kind: SealedKind; readonly cost?: KdfCost },
): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const header = { facet: kind, v: VERSION, kdf: { salt: salt.toString('base64url'), ...cost } }
  const sealer = sealerOf(await passphraseKey(passphrase, { ...cost, salt }))
  const sealed = Buffer.from(sealer.seal(plain, JSON.stringify(header))).toString('base64url')
  return `${JSON.stringify({ ...header, sealed })}\n`
}

/** Whether a text looks like a sealed one, of whatever kind. */
export function isSealedText(text: string): boolean {
  return text.startsWith('{"facet":')
}

/**
 * Opens what {@link sealText} made.
 *
 * @throws {KeyError} `passphrase_wrong`, `key_file_malformed`, `key_file_format_unknown`; {CryptoError} `passphrase_empty`,
 * `passphrase_cost_refused`
 */
export async function openText(text: string, passphrase: string, kind: SealedKind): Promise<Uint8Array> {
  const { header, sealed } = readSealed(text, kind)
  const { salt, N, r, p } = header.kdf
  const key = await passphraseKey(passphrase, { N, r, p, salt: Buffer.from(salt, 'base64url') })
  try {
    return sealerOf(key).open(Buffer.from(sealed, 'base64url'), JSON.stringify(header))
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause
    throw new KeyError('passphrase_wrong', 'The passphrase is another, or the file was changed', { cause })
  }
}

function readSealed(text: string, kind: SealedKind): { readonly header: Header; readonly sealed: string } {
  const value = parsed(text)
  const { facet, v, kdf, sealed } = value
  if (facet !== kind) throw malformed(`it is no file of the kind "${kind}"`)
  if (v !== VERSION) throw new KeyError('key_file_format_unknown', 'The file was written by a newer release')
  if (typeof kdf !== 'object' || kdf === null || typeof sealed !== 'string')
    throw malformed('it is not whole')
  const { salt, N, r, p } = kdf as { readonly [name: string]: unknown }
  if (typeof salt !== 'string' || typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number') {
    throw malformed('it does not say how its key is made')
  }
  return { header: { facet: kind, v: VERSION, kdf: { salt, N, r, p } }, sealed }
}

function parsed(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as { readonly [name: string]: unknown }
  } catch {
    // The parser quotes the text.
  }
  throw malformed('it is no JSON object')
}

function malformed(why: string): KeyError {
  return new KeyError('key_file_malformed', `The file cannot be read: ${why}`)
}
