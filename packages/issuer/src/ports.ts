/** What an issuer needs of the world: state, keys, primitives, time. Adapters supply them. */
import type {
  CheckSignatures,
  Deflate,
  Hash,
  JwsAlgorithm,
  Mac,
  MaybePromise,
  PublicJwk,
  Random,
  Signer,
} from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { OpenJwe, SealJwe } from '@facet-id/credential/jwe'
import type { StatusReference } from '@facet-id/credential/status-list'
import type { IntrospectionResponse } from '@facet-id/protocol/oauth/authorization'
import type { KeyAttestation, ProofKey } from '@facet-id/protocol/openid4vci/key-proof'
import type { IssuerEncryptionJwk } from '@facet-id/protocol/openid4vci/metadata'
import type { Store } from '@facet-id/store'
import type { UserAuthentication } from './authorization/user-authentication.ts'
import type { WalletProviderKey } from './client/wallet-provider.ts'
import type { SubjectClaims } from './issuance/subject-claims.ts'
import type { GuessedOffer } from './offer/guessed-store.ts'
import type { KnownBy } from './settings.ts'

/** Which key is looked for. */
export interface ServerKeyQuestion {
  /** Of the server, which the operator named. */
  readonly issuer: string
  readonly alg: JwsAlgorithm
  /** Absent: the server has one key for `alg`. */
  readonly kid?: string
}

export interface IssuerPorts {
  /** The caller seals it: offers hold personal data until they are redeemed. */
  readonly store: Store
  /** The issuing key; `kid` is the DID URL that stands in every header. */
  readonly signer: Signer & { readonly kid: string }
  /**
   * Keys for what is known in a certain way, where another key signs there: a certificate often is for a key that
   * no DID has. Absent, or without that way: `signer` signs.
   */
  readonly signers?: Readonly<Partial<Record<KnownBy['by'], Signer & { readonly kid: string }>>>
  readonly checkSignatures: CheckSignatures
  /**
   * The key that a proof names by a DID URL or by certificates, or nothing where it cannot be found. Asked only about
   * what `didMethods` and `certifiedProofs` of the settings say. Absent: only proofs that carry their key are taken.
   */
  readonly resolveKey?: (named: NamedKey) => MaybePromise<PublicJwk | undefined>
  /** Who is believed about how keys are kept. Absent: no key attestation is taken. */
  readonly keyAttesters?: KeyAttesters
  /** Keys to which wallets encrypt their requests. Absent: messages are in the clear. */
  readonly encryption?: IssuerEncryption
  /** What is said about a subject, where no offer brought it. Absent: everything is offered with its claims. */
  readonly subjectClaims?: SubjectClaims
  readonly hash: Hash
  readonly random: Random
  /**
   * Under a key that outlives restarts and that all nodes of one issuer share. Never change it while
   * the state is kept: status entries would be given a second time (Token Status List §13.3).
   */
  readonly mac: Mac
  readonly deflate: Deflate
  /** Whole seconds since the epoch. */
  readonly now: () => number
  /** Who the person at the browser is, and what they agree to. Absent: there is no authorization code flow. */
  readonly userAuthentication?: UserAuthentication
  /** Keys with which other authorization servers sign their tokens. Absent: none of theirs can be verified. */
  readonly serverKey?: (question: ServerKeyQuestion) => MaybePromise<PublicJwk | undefined>
  /**
   * What a token in the form of a JWT says (`at+jwt`), once it is verified that this server signed it: asked where the
   * issuer cannot read the algorithm itself, such as RS256. Absent: those tokens are refused.
   */
  readonly verifyServerToken?: (question: {
    readonly issuer: string
    readonly token: string
  }) => MaybePromise<JsonObject | undefined>
  /** What another authorization server says of a token. Rejects where it cannot be asked. Absent: none is asked. */
  readonly introspect?: (question: {
    readonly issuer: string
    readonly token: string
  }) => MaybePromise<IntrospectionResponse>
  /** Asked as `secondOpinionEvery` says. Absent: credentials are handed out on the word of our own engine alone. */
  readonly secondOpinion?: SecondOpinion
  /**
   * The same engine, of a credential that is not signed yet. Asked about the claims of every offer: what it
   * cannot read is refused to the operator there, and never met at issuance, where it would stop the
   * configuration. Absent: offers are made on the word of our own engine alone.
   */
  readonly secondReading?: SecondOpinion
  /**
   * The keys of wallet providers that are believed: `registeredWalletProviders` has those that the operator
   * registered. Absent: no wallet can be attested.
   */
  readonly walletProviderKey?: WalletProviderKey
  /**
   * Told of what a peer is told nothing of: an error of ours, or one that nobody foresaw. Absent: nobody
   * hears that a record was tampered with, or that a disk is full.
   */
  readonly onUnforeseen?: (error: unknown) => void
  /**
   * Told once, on one node, of each offer that ended because its transaction code was guessed at. Absent: the
   * operator sees it in `Issuer.guessed` alone.
   */
  readonly onGuessed?: (offer: GuessedOffer) => void
}

/** How a proof names its key, where it does not carry it. */
export type NamedKey = Exclude<ProofKey, { readonly by: 'jwk' }>

export interface KeyAttesters {
  /** The key of whoever attests, when they are believed; nothing when they are not, or not known. */
  keyOf(signedBy: KeyAttestation['signedBy']): MaybePromise<PublicJwk | undefined>
  /** Whether an attestation with that status still holds. Absent: one that has a status is refused. */
  holds?(status: StatusReference): MaybePromise<boolean>
}

export interface IssuerEncryption {
  /** All are published; the first is there, the others are opened with while wallets still know them. */
  readonly keys: readonly IssuerDecryptionKey[]
  readonly seal: SealJwe
}

export interface IssuerDecryptionKey {
  readonly publicJwk: IssuerEncryptionJwk
  readonly open: OpenJwe
}

/**
 * Reads a credential back with an engine that shares no code with ours, before it is handed out or promised.
 * Yields all processed claims that this engine sees, registered ones included; rejects when it cannot
 * read the credential.
 */
export type SecondOpinion = (compact: string) => MaybePromise<JsonObject>
