/** The document of a DID whose keys may change: what stands in it is what is kept of it, at that time. */
import type { DidDocument } from '@facet-id/credential/did'
import { bareJwk } from '@facet-id/credential/jose'
import { isPublished, type KeptDid, type KeyRole, kidOf } from '../custody/kept-did.ts'

/** A document with its services. */
export type ServedDocument = DidDocument & {
  readonly alsoKnownAs?: readonly string[]
  readonly service?: readonly {
    readonly id: string
    readonly type: string
    readonly serviceEndpoint: string
  }[]
}

/**
 * Keys that sign, and keys that were replaced while what they signed is still to be verified. All ids are
 * absolute (did:web asks for that), and a key has one form: its JWK.
 */
export function documentOfKept(kept: KeptDid, now: number): ServedDocument {
  const keys = kept.keys.filter((key) => isPublished(key, now))
  const listed = (role: KeyRole): string[] =>
    keys.filter(({ roles }) => roles.includes(role)).map((key) => kidOf(kept, key))
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: kept.did,
    verificationMethod: keys.map((key) => ({
      id: kidOf(kept, key),
      type: 'JsonWebKey2020',
      controller: kept.did,
      publicKeyJwk: { ...bareJwk(key.publicJwk) },
    })),
    assertionMethod: listed('assertion'),
    authentication: listed('authentication'),
    ...(kept.services.length === 0
      ? {}
      : { service: kept.services.map((service) => ({ ...service, id: `${kept.did}#${service.id}` })) }),
  }
}
