/** The first steps of a flow, for tests that are about what comes after them. */
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { MadeRequest } from '@facet-id/verifier'
import type { MemoryStage } from './memory.ts'
import { personQuery, specimen } from './specimen.ts'

/** Offers the specimen and accepts it; yields the issuer's name for the issuance. */
export async function issuedOn({ issuer, holder, person }: MemoryStage): Promise<string> {
  const { txCode, link, issuanceId } = await issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) person.txCode = txCode
  await holder.accept(link)
  return issuanceId
}

/** A request for what every specimen can show. */
export function askedOf({ verifier }: MemoryStage): Promise<MadeRequest> {
  return verifier.request(readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' })))
}
