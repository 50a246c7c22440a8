/**
 * What a credential itself says of who stands behind its issuer, for `trusted_authorities`. It was judged
 * before it was kept, so its chain of certificates was proven then. OpenID4VP 1.0 §6.1.1.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { findMember, type JsonObject } from '@facet-id/credential/json'
import { type AuthorityFacts, DID_AUTHORITY } from '@facet-id/protocol/openid4vp/dcql'
import { readCertificate, readX5c } from '@facet-id/trust/x509'

/** @param header of the issuer-signed JWT */
export function authorityFacts(issuer: string, header: JsonObject): AuthorityFacts {
  const aki = authorityKeysIn(header)
  return {
    ...(aki.length === 0 ? {} : { aki }),
    ...(issuer.startsWith('did:') ? { [DID_AUTHORITY]: [issuer] } : {}),
  }
}

function authorityKeysIn(header: JsonObject): readonly string[] {
  const x5c = findMember(header, 'x5c')
  if (x5c === undefined) return []
  try {
    return readX5c(x5c).flatMap((der) => {
      const { authorityKeyIdentifier } = readCertificate(der).extensions
      return authorityKeyIdentifier === undefined ? [] : [writeBase64url(authorityKeyIdentifier)]
    })
  } catch {
    // A chain that cannot be read proves nothing of anybody.
    return []
  }
}
