/** Whose keys certified a chain: what `trusted_authorities` of the type `aki` asks for (OpenID4VP 1.0 §6.1.1.1). */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JsonValue } from '@facet-id/credential/json'
import { readCertificate } from '../certificate/certificate.ts'
import { readX5c } from './pem.ts'

/**
 * The authority key identifiers of all certificates of a chain, base64url. Proves nothing: the chain is to be judged
 * for that. None where it cannot be read.
 *
 * @param x5c as it stands in a header
 */
export function authorityKeysOf(x5c: JsonValue): readonly string[] {
  try {
    return readX5c(x5c).flatMap((der) => {
      const { authorityKeyIdentifier } = readCertificate(der).extensions
      return authorityKeyIdentifier === undefined ? [] : [writeBase64url(authorityKeyIdentifier)]
    })
  } catch {
    return []
  }
}
