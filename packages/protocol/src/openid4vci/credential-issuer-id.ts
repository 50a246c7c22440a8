/**
 * Credential Issuer Identifier: the `https` URL by which an issuer is known.
 * OpenID4VCI 1.0 §12.2.1.
 *
 * Two identifiers are one only when they are the same text: case, ports and slashes count (§12.2.4).
 */
import type { Brand } from '../read.ts'
import { readIdentifierUrl, type Scheme } from '../url.ts'

export type CredentialIssuerId = Brand<string, 'CredentialIssuerId'>

/**
 * Reads an identifier: scheme, host, and where there are any port and path; no query, no fragment.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `https_required`
 */
export function readCredentialIssuerId(text: string, scheme: Scheme = 'https'): CredentialIssuerId {
  readIdentifierUrl(text, scheme)
  return text as CredentialIssuerId
}
