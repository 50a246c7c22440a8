import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import type { CertificateIdentity } from '@facet-id/trust'

/** Whether a credential issuer's identifier, or its host, is among the names of a certificate that was proven. */
export function namesIssuer(
  { sanUris, sanDns }: CertificateIdentity,
  issuer: string,
  scheme: Scheme,
): boolean {
  const [host = ''] = readHttpUrl(issuer, scheme).host.toLowerCase().split(':', 1)
  return sanUris.includes(issuer) || sanDns.includes(host)
}
