/** The document of a DID whose keys may change: what stands in it is what is kept of it, at that time. */
import { type DidDocument, type VerificationRelationship, writeDidDocument } from '@facet-id/credential/did'
import { isPublished, type KeptDid, type KeyRole } from '../custody/kept-did.ts'

const relationshipOf: Readonly<Partial<Record<KeyRole, VerificationRelationship>>> = {
  assertion: 'assertionMethod',
  authentication: 'authentication',
}

/** Keys that sign, and keys that were replaced while what they signed is still to be verified. */
export function documentOfKept(kept: KeptDid, now: number): DidDocument {
  const keys = kept.keys.filter((key) => isPublished(key, now))
  const service = kept.services.map((one) => ({ ...one, id: `${kept.did}#${one.id}` }))
  return writeDidDocument(kept.did, {
    keys: keys.map(({ id, publicJwk, roles }) => ({
      fragment: id,
      key: publicJwk,
      relationships: roles.flatMap((role) => relationshipOf[role] ?? []),
    })),
    ...(service.length === 0 ? {} : { service }),
  })
}
