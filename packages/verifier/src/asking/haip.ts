/**
 * Whether a verifier is as HAIP 1.0 §5 wants it: what lacks, in words. One setting, `profile: 'haip'`, has it checked
 * when the verifier is made, and every request held to it.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { isSelfIssued, readCertificate } from '@facet-id/trust/x509'
import type { VerifierPorts } from '../ports.ts'
import type { VerifierSettings } from '../settings.ts'
import type { ReadIdentity } from './identity.ts'

/** @returns nothing where all is there */
export function findHaipGaps(
  settings: Pick<VerifierSettings, 'responseMode' | 'algs' | 'scheme' | 'client_id'>,
  {
    identities,
    encryption,
  }: { readonly identities: readonly ReadIdentity[] } & Pick<VerifierPorts, 'encryption'>,
): readonly string[] {
  const rules: readonly (readonly [holds: boolean, gap: string])[] = [
    [settings.client_id.startsWith('x509_hash:'), 'HAIP 5: client_id has the prefix x509_hash'],
    [identities.every(isFit), 'HAIP 5: no certificate is self-signed, and the root is not sent along'],
    [settings.responseMode === 'direct_post.jwt', 'HAIP 5.1: responseMode is direct_post.jwt'],
    [encryption !== undefined, 'HAIP 5: the port "encryption" makes a key for each request'],
    [settings.algs.includes('ES256'), 'HAIP 7: algs has ES256'],
    [settings.scheme === 'https', 'HAIP 5: addresses are https'],
  ]
  return rules.filter(([holds]) => !holds).map(([, gap]) => gap)
}

/** An anchor need not be self-signed: where the anchors are known, they are looked for themselves. */
function isFit({ clientId, certificates = [], anchors = [] }: ReadIdentity): boolean {
  if (!clientId.prefix.startsWith('x509_')) return true
  const known = new Set(anchors.map(writeBase64url))
  try {
    return certificates.every((der) => !known.has(writeBase64url(der)) && !isSelfIssued(readCertificate(der)))
  } catch {
    return false
  }
}
