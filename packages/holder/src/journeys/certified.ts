/**
 * Who certified the issuer of a credential, besides what the credential itself shows: found when it comes, and kept with
 * it. Were it found when a verifier asks, whoever is asked then would learn who asks for what, and that it is held.
 */
import type { AuthorityFacts } from '@facet-id/protocol/openid4vp/dcql'
import { entitiesOf } from '@facet-id/trust'
import type { HolderPorts } from '../ports.ts'
import { federated } from './federated.ts'

/** Never rejects: a credential is kept whether or not that can be found out. */
export async function certifiedBy(
  { issuer, vct }: { readonly issuer: string; readonly vct: string },
  ports: Pick<HolderPorts, 'federationOf' | 'trustedListsOf'>,
): Promise<AuthorityFacts> {
  try {
    const { federation } = await federated(issuer, ports)
    const lists = await ports.trustedListsOf?.({ issuer, vct })
    return {
      ...(federation === undefined ? {} : { openid_federation: entitiesOf(federation) }),
      ...(lists === undefined ? {} : { etsi_tl: lists }),
    }
  } catch {
    return {}
  }
}
