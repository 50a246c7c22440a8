/**
 * The header `x5c`: the certificate of the key that signed, and those that vouch for it (RFC 7515 §4.1.6).
 *
 * Read here is what was sent, as bytes. Whether the certificates hold together, and whether anyone trusts
 * the last of them, is for the caller to find out before the key in the first one is used.
 */
import { readBase64url, writeBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { isJsonArray, type JsonValue } from '../json.ts'

/** Certificates of one chain: a leaf, and more intermediates than any authority has in a row. */
export const maxCertificates = 10

/**
 * Reads the chain: DER certificates, the one of the signing key first. §4.1.6: each is "a
 * base64-encoded (Section 4 of [RFC4648] -- not base64url-encoded) DER".
 *
 * @throws {CredentialError} `jws_malformed` for no list of 1 to 10 texts, and for any but the one canonical
 * base64 of some bytes: with its padding, without blanks, no bits set beyond the last byte
 */
export function readX5c(value: JsonValue | undefined): readonly Uint8Array[] {
  if (!isJsonArray(value) || value.length < 1 || value.length > maxCertificates) {
    throw malformed(`it must be a list of 1 to ${maxCertificates} certificates`)
  }
  return value.map(readCertificate)
}

/** The header's value for a chain of DER certificates. */
export function writeX5c(chain: readonly Uint8Array[]): readonly string[] {
  return chain.map((certificate) => {
    const text = writeBase64url(certificate).replaceAll('-', '+').replaceAll('_', '/')
    return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
  })
}

function readCertificate(text: JsonValue): Uint8Array {
  if (typeof text !== 'string' || text.length === 0 || text.length % 4 !== 0 || !base64.test(text)) {
    throw malformed('each certificate must be DER in padded base64, not base64url')
  }
  try {
    return readBase64url(
      text
        .replace(/={1,2}$/, '')
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
    )
  } catch (cause) {
    throw malformed('each certificate must be in the one canonical form of base64', cause)
  }
}

/** The alphabet, and at most two signs of padding at the end. */
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('jws_malformed', `The certificates of a signed token cannot be read: ${why}`, {
    cause,
  })
}
