/**
 * Who certified the issuers on the shelf. What a credential itself shows is known; lists and federations are asked
 * where a request names some, and of those issuers only that could answer it.
 */
import type { DcqlQuery } from '@facet-id/protocol/openid4vp'
import type { AuthorityFacts, HeldIndex } from '@facet-id/protocol/openid4vp/dcql'
import { entitiesOf } from '@facet-id/trust'
import type { HolderPorts } from '../ports.ts'
import type { ShelvedCredential } from '../shelf/shelf-index-store.ts'
import { federated } from './federated.ts'

/** A credential with all that is known of who certified its issuer. */
export type Certified = (held: ShelvedCredential) => ShelvedCredential

type Lookup = Pick<HolderPorts, 'federationOf' | 'trustedListsOf'>

export async function certifiedFor(
  { credentials }: DcqlQuery,
  index: Pick<HeldIndex<ShelvedCredential>, 'candidatesFor'>,
  ports: Lookup,
): Promise<Certified> {
  const known = new Map<string, AuthorityFacts>()
  for (const query of credentials) {
    const types = new Set((query.trusted_authorities ?? []).map(({ type }) => type))
    if (!types.has('openid_federation') && !types.has('etsi_tl')) continue
    for (const { record } of index.candidatesFor(query)) {
      const key = keyOf(record)
      if (!known.has(key)) known.set(key, await factsOf(record, ports))
    }
  }
  return (held) => {
    const facts = known.get(keyOf(held.record))
    return facts === undefined ? held : { ...held, authorities: { ...held.authorities, ...facts } }
  }
}

type Issued = Pick<ShelvedCredential['record'], 'issuer' | 'vct'>

function keyOf({ issuer, vct }: Issued): string {
  return JSON.stringify([issuer, vct])
}

async function factsOf({ issuer, vct }: Issued, ports: Lookup): Promise<AuthorityFacts> {
  const { federation } = await federated(issuer, ports)
  const lists = await ports.trustedListsOf?.({ issuer, vct })
  return {
    ...(federation === undefined ? {} : { openid_federation: entitiesOf(federation) }),
    ...(lists === undefined ? {} : { etsi_tl: lists }),
  }
}
