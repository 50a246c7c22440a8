/**
 * Private keys as text: ours, sealed under a passphrase, and the forms that others write and read, PEM (PKCS #8,
 * encrypted or not, and SEC 1) and JWK.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { PrivateJwk } from '../key-pair.ts'
import { importPrivateKey } from '../node/key.ts'
import { KeyError } from './error.ts'
import { writeEncryptedPem } from './pbes2.ts'
import { isSealedText, openText, sealText } from './sealed-text.ts'

/** How a private key is written out. All but `jwk` are under a passphrase. */
export type PrivateKeyForm = 'sealed' | 'pem' | 'jwk'

/**
 * Reads a private key in any of the forms. Its halves are checked to belong together.
 *
 * @param passphrase absent: there is none
 * @throws {KeyError} `key_file_malformed`, also for a kind of key that is not taken; `passphrase_missing`,
 * `passphrase_wrong`, `key_file_format_unknown`
 */
export async function readPrivateKey(text: string, passphrase?: string): Promise<PrivateJwk> {
  const trimmed = text.trim()
  if (isSealedText(trimmed)) {
    if (passphrase === undefined) throw passphraseMissing()
    const bytes = await openText(trimmed, passphrase, 'private-key')
    return checked(fromJson(Buffer.from(bytes).toString('utf8')))
  }
  if (trimmed.startsWith('-----BEGIN ')) return checked(fromPem(trimmed, passphrase))
  if (trimmed.startsWith('{')) return checked(fromJson(trimmed))
  throw malformed('it is neither PEM, nor a JWK, nor a key file of Facet')
}

/**
 * Writes a private key out.
 *
 * @param passphrase of `sealed` and `pem`
 * @throws {CryptoError} `key_unusable`, `passphrase_empty`
 */
export async function writePrivateKey(
  key: PrivateJwk,
  form: PrivateKeyForm,
  passphrase: string,
): Promise<string> {
  const native = importPrivateKey(key)
  if (form === 'pem') return writeEncryptedPem(native, passphrase)
  const text = JSON.stringify(bare(key))
  return form === 'jwk' ? `${text}\n` : sealText(Buffer.from(text), passphrase, { kind: 'private-key' })
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser quotes the text, which may be a key.
    throw malformed('it is no JSON')
  }
}

function fromPem(pem: string, passphrase: string | undefined): unknown {
  const isEncrypted = pem.includes('BEGIN ENCRYPTED PRIVATE KEY') || pem.includes('Proc-Type: 4,ENCRYPTED')
  if (isEncrypted && passphrase === undefined) throw passphraseMissing()
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) })
  } catch (cause) {
    if (isEncrypted)
      throw new KeyError('passphrase_wrong', 'The passphrase is another, or the file was changed', { cause })
    throw malformed('it is no private key in PEM')
  }
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'ed25519') throw notTaken()
  try {
    return key.export({ format: 'jwk' })
  } catch {
    throw notTaken()
  }
}

/** What a JWK says besides its numbers is not taken over: who keeps the key says what it is for. */
function checked(value: unknown): PrivateJwk {
  if (typeof value !== 'object' || value === null) throw malformed('it is no JWK')
  const { kty, crv, x, y, d } = value as { readonly [name: string]: unknown }
  const key = kty === 'OKP' ? { kty, crv, x, d } : { kty, crv, x, y, d }
  try {
    importPrivateKey(key as PrivateJwk)
  } catch {
    throw notTaken()
  }
  return key as PrivateJwk
}

function bare(key: PrivateJwk): object {
  const { crv, x, d } = key
  return key.kty === 'EC' ? { kty: key.kty, crv, x, y: key.y, d } : { kty: key.kty, crv, x, d }
}

function notTaken(): KeyError {
  return malformed('it must be a key on P-256, P-384, P-521 or Ed25519 whose halves belong together')
}

function passphraseMissing(): KeyError {
  return new KeyError('passphrase_missing', 'The key is encrypted: give its passphrase')
}

function malformed(why: string): KeyError {
  return new KeyError('key_file_malformed', `The private key cannot be read: ${why}`)
}
