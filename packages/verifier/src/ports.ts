/** What a verifier needs of the world. Adapters supply it. */
import type { CheckSignatures, Hash, MaybePromise, Random, Signer } from '@facet-id/credential/jose'
import type { EncryptionJwk, OpenJwe, SealJwe } from '@facet-id/credential/jwe'
import type {
  IssuerKeyAnswer,
  KeyAnswer,
  KeyMechanism,
  KeyReference,
  StatusAnswer,
  TypeDocumentAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import type { StatusReference } from '@facet-id/credential/status-list'
import type { Transport } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'
import type { CertificateIdentity, Evidence, FederationIdentity, Trust } from '@facet-id/trust'
import type { ClientIdentity } from './asking/identity.ts'
import type { QueryReport } from './judging/query-report.ts'

/** The private half of a key that answers are encrypted to; it rests with the request, which the store seals. */
export type PrivateEncryptionKey = EncryptionJwk & { readonly d: string }

/** ECDH-ES on P-256, as `@facet-id/crypto` has it. */
export interface EncryptionPort {
  /** A key of its own for each request (HAIP 1.0 §5). */
  generateKey(): MaybePromise<{
    readonly publicJwk: EncryptionJwk
    readonly privateJwk: PrivateEncryptionKey
  }>
  openerOf(key: PrivateEncryptionKey): OpenJwe
  readonly seal: SealJwe
}

/** How results are sent. */
export interface WebhookPort {
  /** The one safe fetch: it calls no address that it must not. */
  readonly transport: Transport
  /** Signs what is sent; receivers know its key beforehand, or by its `kid`. */
  readonly signer: Signer
}

/** By the id of the query; no claims are in it. */
export interface RefusedAnswer {
  readonly requestId: string
  readonly reports: Readonly<Record<string, QueryReport>>
}

export interface VerifierPorts {
  /** The caller seals it, and sweeps it: results hold what people showed, until they expire. */
  readonly store: Store
  /** Signs request objects in the name of the `client_id` of the settings; absent where that one signs nothing. */
  readonly signer?: Signer
  /** What proves that name besides, and the other names of this verifier. Absent: a DID, and no other. */
  readonly identities?: readonly ClientIdentity[]
  /** Absent: no answer is asked for encrypted, and no request is encrypted to a wallet. */
  readonly encryption?: EncryptionPort
  readonly checkSignatures: CheckSignatures
  readonly hash: Hash
  readonly random: Random
  /** Seconds since the epoch. */
  readonly now: () => number
  /** The key that a DID URL names, if its DID lists it for issuing. */
  readonly resolveKey: (of: {
    did: string
    kid: string
    relationship: 'assertionMethod'
  }) => MaybePromise<KeyAnswer>
  /**
   * The key of an issuer that is known by a certificate or by its address, and what the certificate proved.
   * Absent: only DIDs are known.
   */
  readonly issuerKeyOf?: (of: Exclude<KeyReference, { by: 'did' }>) => MaybePromise<
    IssuerKeyAnswer &
      Pick<Evidence, 'certificate'> & {
        /** Those of all certificates of the chain, base64url: what a query by `aki` is held against. */
        readonly authorityKeyIdentifiers?: readonly string[]
      }
  >
  readonly trust: Trust
  /**
   * What a federation proves of an issuer that is known by its https address, which is its entity identifier then;
   * kept for as long as its chain lasts. Absent: no federation is asked.
   */
  readonly federationOf?: (of: { entityId: string }) => MaybePromise<FederationIdentity | undefined>
  /** The document about a type, from a publisher that counts for it. Absent: none is looked up. */
  readonly typeMetadataOf?: (of: { vct: string; integrity?: string }) => MaybePromise<TypeDocumentAnswer>
  /** The status of one entry, from a list of that issuer, which may be kept for its `ttl`. */
  readonly statusOf: (of: {
    issuer: string
    by: KeyMechanism
    certificate?: CertificateIdentity
    reference: StatusReference
  }) => MaybePromise<StatusAnswer>
  /** Comes back after that many milliseconds. Absent: results cannot be watched, only asked for. */
  readonly pause?: (milliseconds: number) => Promise<void>
  /** Absent: no result is sent to anybody. */
  readonly webhooks?: WebhookPort
  /** Told of answers that changed nothing, because nothing proved that they are answers to the request. */
  readonly onRefusedAnswer?: (answer: RefusedAnswer) => void
  /**
   * Told of what a peer is told nothing of: an error of ours, or one that nobody foresaw. Absent: nobody
   * hears that a record was tampered with, or that a disk is full.
   */
  readonly onUnforeseen?: (error: unknown) => void
}
