/**
 * Issuers that a verifier does not know by name, and a federation may: their addresses are strangers' choice. The
 * federation is asked first, and only a member is asked for its keys.
 */

import type { MaybePromise } from '@facet-id/credential/jose'
import type { IssuerKeyPolicy, KeyReference } from '@facet-id/credential/sd-jwt-vc'
import type { CertifiedKeyAnswer } from '@facet-id/resolve'
import type { FollowedTrust } from '../trust/followed-trust.ts'

type IssuerKeyOf = (reference: Exclude<KeyReference, { by: 'did' }>) => MaybePromise<CertifiedKeyAnswer>

/** @param isNamed whether an issuer is known by name, so that no federation need vouch for it */
export function membersKeys(
  issuerKeyOf: IssuerKeyOf,
  isNamed: (issuer: string) => boolean,
  { federationOf, configured }: Pick<FollowedTrust, 'federationOf' | 'configured'>,
): IssuerKeyOf {
  return async (reference) => {
    if (reference.by !== 'jwt_vc_issuer' || isNamed(reference.issuer)) return issuerKeyOf(reference)
    if ((await federationOf({ entityId: reference.issuer })) !== undefined) return issuerKeyOf(reference)
    const known = configured().federation?.known(reference.issuer)
    return known !== undefined && 'undetermined' in known
      ? { undetermined: known.undetermined }
      : { refused: 'The issuer is known here neither by name nor as a member of a federation.' }
  }
}

/** Any issuer may be known by its address then, as far as {@link membersKeys} lets it. */
export function withMembers(policy: IssuerKeyPolicy): IssuerKeyPolicy {
  return { ...policy, taken: [...new Set([...policy.taken, 'jwt_vc_issuer' as const])] }
}
