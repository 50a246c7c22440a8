/** What holder and verifier need to judge a credential, on this machine. */
import type { IssuerKeyPolicy, KeyMechanism } from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, expandPoint, hash, inflate } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import {
  createDidResolver,
  createIssuerKeys,
  createStatusLists,
  createTypeDocuments,
  type KeyResolver,
} from '@facet-id/resolve'
import { type SafeTransport, safeTransport } from '@facet-id/resolve/node'
import type { Store } from '@facet-id/store'
import type { VerifierPorts } from '@facet-id/verifier'
import { personType } from '../person-type.ts'
import type { TypeSources } from '../types/type-sources.ts'
import { createCertificateKeys, type TrustedCertificates } from './certificate-keys.ts'

/** The log of a DID may be that long; readers of other documents take less. */
const maxResponseBytes = 5_242_880

export function transportFor(development: boolean): SafeTransport {
  return safeTransport({ mode: development ? 'development' : 'production', limits: { maxResponseBytes } })
}

export type JudgingPorts = Pick<VerifierPorts, 'checkSignatures' | 'hash' | 'statusOf'> &
  Required<Pick<VerifierPorts, 'issuerKeyOf' | 'typeMetadataOf'>> &
  Pick<KeyResolver, 'resolveKey'>

export interface Judging {
  readonly transport: Transport
  /** Seconds since the epoch. */
  readonly now: () => number
  /** DIDs and addresses may be on this machine too. */
  readonly development: boolean
  /** Sealed: what was seen of DIDs stands against one that is rolled back. Absent: until the process ends. */
  readonly store?: Store
  /** Absent: no certificate is trusted. */
  readonly certificates?: TrustedCertificates
  /** Documents about types besides those of the release; absent: none. */
  readonly types?: TypeSources | undefined
}

/** Of types those are known that the release brings along, and those of `types`. */
export function judgingPorts({
  transport,
  now,
  development,
  store,
  certificates,
  types,
}: Judging): JudgingPorts {
  const scheme = schemeFor(development)
  const rules = { localhost: development }
  const { resolveKey } = createDidResolver({
    hash,
    expandPoint,
    checkSignatures,
    transport,
    now,
    rules,
    ...(store === undefined ? {} : { store }),
  })
  const { issuerKeyOf } = createIssuerKeys({
    transport,
    now,
    scheme,
    ...(certificates === undefined ? {} : { certificateKey: createCertificateKeys(certificates, now) }),
  })
  const { typeMetadataOf } = createTypeDocuments({
    transport,
    now,
    scheme,
    hash,
    documents: [personType, ...(types?.documents ?? [])],
    publishers: types?.publishers ?? [],
  })
  const { statusOf } = createStatusLists({
    transport,
    checkSignatures,
    resolveKey,
    issuerKeyOf,
    inflate,
    now,
  })
  return { checkSignatures, hash, resolveKey, issuerKeyOf, typeMetadataOf, statusOf }
}

/**
 * How a verifier's issuers may be known: each in the one way that its name has, so that a certificate
 * never speaks for a DID, nor a DID for an address. Of others no address is called (SD-JWT VC §8.3): a DID that has
 * to be fetched is looked up by the verifier only where trust names it.
 */
export function issuerKeysFor(issuers: readonly string[], development: boolean): IssuerKeyPolicy {
  const mechanismOf = (id: string): readonly KeyMechanism[] => [
    id.startsWith('did:') ? 'did' : 'jwt_vc_issuer',
  ]
  return {
    taken: ['did', 'x5c'],
    of: Object.fromEntries(issuers.map((id) => [id, mechanismOf(id)])),
    scheme: schemeFor(development),
  }
}

/** How a wallet's issuers may be known: the person has agreed to the one that it asks. */
export function anyIssuerKeys(development: boolean): IssuerKeyPolicy {
  return { taken: ['did', 'jwt_vc_issuer', 'x5c'], scheme: schemeFor(development) }
}

function schemeFor(development: boolean): 'https' | 'https_or_loopback_http' {
  return development ? 'https_or_loopback_http' : 'https'
}
