/** What an operator may decide about an issuance node, beyond the ground that every node stands on. */
import type { PublicJwk } from '@facet-id/credential/jose'
import type {
  CredentialConfiguration,
  IssuerPorts,
  IssuerSettings,
  KnownBy,
  SecondOpinion,
} from '@facet-id/issuer'
import type { AuthorizationSettings, UserAuthentication } from '@facet-id/issuer/authorization'
import type { Encryption, SubjectClaims } from '@facet-id/issuer/issuance'
import type { SigningCertificate } from '../config/signing-certificate.ts'
import type { DevelopmentLoginOptions } from '../persons/development-login.ts'
import type { OpenIdProviderOptions } from '../persons/openid-provider.ts'
import type { ShownCredential } from '../persons/shown-credential.ts'
import type { WalletProviders } from '../service/wallet-providers.ts'

/** How it stands in a credential who issued it. */
export type IssuerKnownBy = 'did' | 'address' | 'certificate'

/** One kind of credential; the keys that sign it are the node's. */
export interface NodeCredential extends Omit<CredentialConfiguration, 'knownBy'> {
  /** Absent: as the node's own `knownBy` says. In full: whatever the role takes. */
  readonly knownBy?: IssuerKnownBy | KnownBy
}

export interface IssuingOptions {
  /** Absent: the person credential. */
  readonly configurations?: Readonly<Record<string, NodeCredential>>
  /** What the issuer is called; shown in wallets. */
  readonly name?: string
  /** `haip` demands of wallets what HAIP 1.0 does, and refuses a node that lacks something for it; absent: none. */
  readonly profile?: IssuerSettings['profile']
  /** Seconds that verifiers may keep a status list. */
  readonly statusListTtl?: number
  /** Of so many copies one is read back by the second engine; absent: 100. */
  readonly secondOpinionEvery?: number
  /** The most copies of one credential in one answer; absent: 10. */
  readonly batchSize?: number
  /**
   * How the issuer is known: by its DID, when absent; by its address, where it then publishes its key
   * (SD-JWT VC §4); or by a certificate, whose key then signs in place of that of the DID.
   */
  readonly knownBy?: 'did' | 'address' | SigningCertificate
  /** For configurations that are known by a certificate where the node is not. */
  readonly certificate?: SigningCertificate
  /** Whose wallets are taken as what their attestations say; absent: no wallet can be attested. */
  readonly walletProviders?: WalletProviders
  /** Who is believed about how keys are kept; absent: no key attestation is taken. One with a status is refused. */
  readonly keyAttesters?: WalletProviders
  /** Methods of DIDs that key proofs may name their keys by, as `did:key`; none when absent. */
  readonly didMethods?: readonly string[]
  /** Wallets may encrypt requests, or must, to a key that rests in the store; absent: messages are in the clear. */
  readonly encryption?: { readonly requests: Encryption; readonly responses: Encryption }
  /** Whether wallets are asked to tell what became of their credentials. */
  readonly notifications?: boolean
  readonly deferral?: Partial<IssuerSettings['deferral']>
  /** Seconds for which a wallet may have a lost answer again; 0: never, absent: 300. */
  readonly handOver?: number
  /**
   * Who may ask for credentials, and how, where that differs from the defaults. Refresh tokens are good for 90 days
   * unless `refreshLifetime` says otherwise: wallets top up single-use copies with them.
   */
  readonly authorization?: Partial<AuthorizationSettings>
  /** Seconds that an access token lives which is bound to no key; 300 at most, and when absent. */
  readonly tokenLifetime?: number
  /** How persons are asked, where wallets may ask for a code. Absent: pre-authorized codes only. */
  readonly userAuthentication?: UserAuthentication
  /** Instead: the OpenID provider at which they log in. */
  readonly openIdProvider?: NodeOpenIdProvider
  /** Instead: the credential that they show to this node. */
  readonly shownCredential?: ShownCredential
  /**
   * In development mode, instead: what is known of whoever says that they are somebody, on a page that believes them,
   * by configuration; `anybody` asks `subjectClaims` later.
   */
  readonly developmentPersons?: NonNullable<DevelopmentLoginOptions['claimsOf']> | 'anybody'
  /**
   * What is said about a subject, where no offer brought it; absent: every offer brings its claims. Waited for nine seconds
   * at most, then the wallet is told to come again: whatever takes longer answers `later`.
   */
  readonly subjectClaims?: SubjectClaims
  /** Keys and answers of the other authorization servers that `authorization` names: `foreignServers`. */
  readonly servers?: Pick<IssuerPorts, 'serverKey' | 'verifyServerToken' | 'introspect'>
  /** Instead: as whom those servers know this issuer; the node asks them itself. */
  readonly serverClients?: Readonly<Record<string, { readonly id: string; readonly secret: string }>>
  /** The engine that reads what is issued before it is handed out; absent: `@sd-jwt/core`. */
  readonly secondOpinion?: (issuerKey: PublicJwk) => SecondOpinion
}

/** A provider, as whom it knows this issuer, and what it is asked for. */
export type NodeOpenIdProvider = Pick<
  OpenIdProviderOptions,
  'issuer' | 'clientId' | 'clientSecret' | 'scopes' | 'personOf'
>
