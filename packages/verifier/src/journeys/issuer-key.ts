/** Whose key signed a credential: looked up only where somebody could be believed for it. */
import type { IssuerKeyAnswer, KeyReference } from '@facet-id/credential/sd-jwt-vc'
import type { Evidence } from '@facet-id/trust'
import type { VerifierPorts } from '../ports.ts'

/** What was proven of the issuer besides its key and its name. */
export interface Proven extends Pick<Evidence, 'certificate'> {
  readonly authorityKeyIdentifiers?: readonly string[]
}

export interface Issuing {
  readonly ports: VerifierPorts
  /** Types that are asked for. */
  readonly vcts: readonly string[]
}

/** The key that a credential says it is signed with, and what was proven with it. */
export async function issuerKey(
  reference: KeyReference,
  issuing: Issuing,
): Promise<IssuerKeyAnswer & Proven> {
  const { ports } = issuing
  if (reference.by !== 'did') {
    const refusal =
      reference.by === 'jwt_vc_issuer' && ports.federationOf === undefined
        ? refusalToFetch(reference.issuer, issuing)
        : undefined
    if (refusal !== undefined) return refusal
    return ports.issuerKeyOf?.(reference) ?? { undetermined: 'Issuers are known by their DIDs only here.' }
  }
  const { issuer, kid } = reference
  const refusal = refusalToFetch(issuer, issuing)
  if (refusal !== undefined) return refusal
  const answer = await ports.resolveKey({ did: issuer, kid, relationship: 'assertionMethod' })
  return 'key' in answer ? { ...answer, issuer } : answer
}

/** These say all themselves: nobody is called because a stranger wrote one down. */
const ofThemselves = /^did:(?:jwk|key|peer):/

/**
 * Why an issuer is not even looked up. (Of an address a federation may know what no list says.) Trust is asked again once a signature was verified; here
 * it is asked so that nobody has us call a server, or check a long log, for a credential that nobody signed.
 */
function refusalToFetch(issuer: string, { ports, vcts }: Issuing): IssuerKeyAnswer | undefined {
  if (ofThemselves.test(issuer)) return undefined
  const decisions = vcts.map((vct) => ports.trust.mayIssue({ issuer, vct }))
  if (decisions.some(({ decision }) => decision === 'trusted')) return undefined
  const unknown = decisions.find(({ decision }) => decision === 'undetermined')
  if (unknown !== undefined) return { undetermined: unknown.why }
  return { refused: 'The issuer is not trusted here for what was asked, so it is not looked up.' }
}
