/** Certificates and revocation lists as files have them (RFC 7468), and as `x5c` has them (RFC 7515 §4.1.6). */
import { readBase64url } from '@facet-id/credential/base64url'
import { isJsonArray, type JsonValue } from '@facet-id/credential/json'
import { maxCertificateBytes } from '../certificate/certificate.ts'
import { TrustError } from '../error.ts'

const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n-----END \1-----/g
const standardBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * The DER of each block of that label, in order; what stands between blocks is read over.
 *
 * @throws {TrustError} `pem_malformed` where there is none
 */
export function readPem(text: string, label: 'CERTIFICATE' | 'X509 CRL'): readonly Uint8Array[] {
  const blocks = [...text.matchAll(block)].filter(([, found]) => found === label)
  if (blocks.length === 0) throw new TrustError('pem_malformed', `The text has no PEM block ${label}`)
  return blocks.map(([, , body = '']) => {
    const bytes = findStandardBase64(body.replaceAll(/[\r\n]/g, ''))
    if (bytes === undefined) throw new TrustError('pem_malformed', `A PEM block ${label} holds no base64`)
    return bytes
  })
}

/** At most so many certificates are read of one chain. */
export const maxChainLength = 5

/**
 * The certificates of an `x5c` header, leaf first, as DER.
 *
 * @throws {TrustError} `certificate_malformed` when it is no list of base64 texts; `certificates_too_large`
 */
export function readX5c(value: JsonValue | undefined): readonly Uint8Array[] {
  if (!isJsonArray(value) || value.length === 0) {
    throw new TrustError('certificate_malformed', '"x5c" must be a list of certificates, leaf first')
  }
  if (value.length > maxChainLength || value.some(isTooLong)) {
    throw new TrustError(
      'certificates_too_large',
      `"x5c" is larger than is read: at most ${maxChainLength} certificates`,
    )
  }
  return value.map((text) => {
    const bytes = typeof text === 'string' ? findStandardBase64(text) : undefined
    if (bytes === undefined || bytes.length === 0) {
      throw new TrustError('certificate_malformed', 'A member of "x5c" is no base64 with its padding')
    }
    return bytes
  })
}

function isTooLong(text: JsonValue): boolean {
  return typeof text === 'string' && text.length > (maxCertificateBytes * 4) / 3 + 4
}

/** Base64 of RFC 4648 §4, padding and canonical form included. */
function findStandardBase64(text: string): Uint8Array | undefined {
  if (!standardBase64.test(text)) return undefined
  try {
    return readBase64url(text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))
  } catch {
    return undefined
  }
}
