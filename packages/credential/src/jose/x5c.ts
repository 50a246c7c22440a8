/**
 * The header `x5c`: the certificates of a signer, its own first. RFC 7515 §4.1.6.
 *
 * They are handed on as bytes. Which of them may be believed is decided where trust anchors are known.
 */
import { readBase64url, writeBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { isJsonArray, type JsonValue } from '../json.ts'

/** Certificates of one chain. */
export const maxCertificates = 10

/**
 * Reads a chain: 1 to 10 certificates, each as DER in base64 with padding, "not base64url".
 *
 * @throws {CredentialError} `jws_malformed`, also for base64 that is not canonical
 */
export function readX5c(value: JsonValue | undefined): readonly Uint8Array[] {
  if (!isJsonArray(value) || value.length === 0 || value.length > maxCertificates) throw malformed()
  return value.map((certificate) => {
    if (typeof certificate !== 'string' || certificate === '') throw malformed()
    return readBase64(certificate)
  })
}

/** The header's value for a chain of DER certificates. */
export function writeX5c(chain: readonly Uint8Array[]): readonly string[] {
  return chain.map(writeBase64)
}

function readBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed()
  try {
    return readBase64url(text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
  } catch (cause) {
    throw malformed(cause)
  }
}

function writeBase64(bytes: Uint8Array): string {
  const text = writeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function malformed(cause?: unknown): CredentialError {
  return new CredentialError(
    'jws_malformed',
    `Not a signed token that can be read: "x5c" is a list of 1 to ${maxCertificates} certificates in base64, with padding`,
    { cause },
  )
}
