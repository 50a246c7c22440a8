/** What certificates say of the names that protocols use (OpenID4VP 1.0 §5.9.3, §6.1.1.1). */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash } from '@facet-id/credential/jose'
import type { Certificate } from '../certificate/certificate.ts'
import type { CertificateIdentity } from '../identity.ts'
import type { PathOutcome } from './path-outcome.ts'

/** What stands behind `x509_hash:` for a certificate: base64url of its SHA-256, without padding. */
export function x509Hash(der: Uint8Array, hash: Hash): string {
  return hash('sha-256', der)
}

/**
 * Whether a client id names the party that a chain proved.
 *
 * `x509_san_dns:` holds for an equal DNS name only: no wildcard, no case beyond ASCII. Where the
 * verifier's addresses are not trusted freely, the caller also compares their host with the name (§5.9.3).
 *
 * @param clientId the full client id, prefix and all; one of any other prefix is `false`
 */
export function isClientOf(
  clientId: string,
  { sha256, sanDns }: Pick<CertificateIdentity, 'sha256' | 'sanDns'>,
): boolean {
  const [, prefix, name = ''] = /^(x509_hash|x509_san_dns):(.+)$/s.exec(clientId) ?? []
  if (prefix === 'x509_hash') return name === sha256
  return prefix === 'x509_san_dns' && !name.includes('*') && sanDns.includes(name)
}

/** What a certificate says of those names by itself, whoever vouches for it. */
export function namesIn(
  { der, extensions }: Certificate,
  hash: Hash,
): Pick<CertificateIdentity, 'sha256' | 'sanDns'> {
  const names = extensions.subjectAltNames
  return {
    sha256: hash('sha-256', der),
    sanDns: names.flatMap((name) => (name.kind === 'dns' ? [name.name] : [])),
  }
}

/** Whether one of the chain's authorities is among those that a query trusts: type `aki` of `trusted_authorities`. */
export function hasAuthority(
  { authorityKeyIdentifiers }: Extract<PathOutcome, { readonly outcome: 'proven' }>,
  values: readonly string[],
): boolean {
  return authorityKeyIdentifiers.some((identifier) => values.includes(identifier))
}

/** A key identifier as `aki` has it. */
export function writeKeyIdentifier(identifier: Uint8Array): string {
  return writeBase64url(identifier)
}
