/** What a holder needs of the world. Adapters and the application supply it. */
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
import type { Consent } from './consent.ts'
import type { ClientPorts } from './presentation/client-ports.ts'
import type { AuthorityKeysOf } from './shelf/authority-facts.ts'
import type { HolderKey, HolderKeys } from './shelf/keys.ts'

/** What the provider of a wallet says of one instance of it, for one issuer. */
export interface WalletAttestation {
  /** In compact form. */
  readonly attestation: string
  /** Its `sub`: what the wallet is called towards the issuer's authorization server. */
  readonly clientId: string
  /** The key of the instance, which the attestation names. */
  readonly signer: Signer
}

/** Each message that is encrypted to the wallet has a key of its own, which is never kept. */
export interface Encryption {
  readonly seal: SealJwe
  readonly generateKey: () => MaybePromise<{ readonly publicJwk: EncryptionJwk; readonly open: OpenJwe }>
}

export interface HolderPorts {
  /** The caller seals it: it holds everything the person has. */
  readonly store: Store
  readonly keys: HolderKeys
  readonly transport: Transport
  readonly consent: Consent
  /** For peers that encrypt what they ask or want answers encrypted. Absent: those that demand it are refused. */
  readonly encryption?: Encryption
  /**
   * A statement of the wallet's provider that these keys are kept as it says, in compact form (OpenID4VCI App. D).
   * `nonce` stands in it where there is one. Absent: issuers that demand it are refused.
   */
  readonly keyAttestation?: (of: { keys: readonly HolderKey[]; nonce?: string }) => MaybePromise<string>
  /**
   * Opens the person's browser, and answers with the address at which it came back to `redirectUri`, query and all.
   * Yields nothing where that is not waited for: then `resume` takes the address, also after a restart. Absent: only
   * offers with a pre-authorized code are taken.
   *
   * @param of `id`: of the issuance, for `resume`
   */
  readonly authorize?: (of: {
    id: string
    url: string
    redirectUri: string
  }) => MaybePromise<string | undefined>
  /**
   * The wallet's attestation for that Credential Issuer: each has an attestation and a key that no other sees (HAIP
   * §4.4.1), and the same ones for as long as they are good. Absent, or yielding nothing: the wallet is not attested.
   *
   * @param of `fresh`: the last one was refused as over
   */
  readonly walletAttestation?: (of: {
    issuer: string
    fresh: boolean
  }) => MaybePromise<WalletAttestation | undefined>
  /** How verifiers are known that have no DID. Absent: those that sign are refused. */
  readonly clients?: ClientPorts
  readonly trust: Trust
  readonly checkSignatures: CheckSignatures
  readonly hash: Hash
  readonly random: Random
  /** Seconds since the epoch. */
  readonly now: () => number
  /** The key that a DID URL names, if its DID lists it for that use. */
  readonly resolveKey: (of: {
    did: string
    kid: string
    relationship: 'assertionMethod' | 'authentication'
  }) => MaybePromise<KeyAnswer>
  /**
   * The key of an issuer that is known by a certificate or by its address, and what the certificate proved.
   * Absent: only DIDs are known.
   */
  readonly issuerKeyOf?: (
    of: Exclude<KeyReference, { by: 'did' }>,
  ) => MaybePromise<IssuerKeyAnswer & Pick<Evidence, 'certificate'>>
  /**
   * What a federation proves of an issuer that is known by its https address, which is its entity identifier then;
   * kept for as long as its chain lasts. Absent: no federation is asked.
   */
  readonly federationOf?: (of: { entityId: string }) => MaybePromise<FederationIdentity | undefined>
  /**
   * The trusted lists on which the issuer of a credential stands, and those that lead to them, by their identifiers
   * (ETSI TS 119 612). Asked when copies of it come, and kept with it; never when a verifier asks, since whoever is asked
   * then would learn of it. Absent: no credential is known to stand on any.
   */
  readonly trustedListsOf?: (of: { issuer: string; vct: string }) => MaybePromise<readonly string[]>
  /**
   * Whose keys certified a chain of certificates, base64url, for requests that name authorities by their keys (`aki`):
   * `authorityKeysOf` of `@facet-id/trust/x509`. It brings a reader of certificates along, which few wallets in a page
   * need. Absent: no credential is known to be of any.
   */
  readonly authorityKeysOf?: AuthorityKeysOf
  /** The document about a type, from a publisher that counts for it. Absent: none is looked up. */
  readonly typeMetadataOf?: (of: { vct: string; integrity?: string }) => MaybePromise<TypeDocumentAnswer>
  /** The status of one entry, from a list of that issuer, which may be kept for its `ttl`. */
  readonly statusOf: (of: {
    issuer: string
    by: KeyMechanism
    certificate?: CertificateIdentity
    reference: StatusReference
  }) => MaybePromise<StatusAnswer>
}
