/** An issuance node: the issuer role on the ground of a node. */
import { jwkThumbprint, type PublicJwk, type Signer } from '@facet-id/credential/jose'
import { checkSignatures, deflate, hash, macOf, random, signerOf } from '@facet-id/crypto/node'
import {
  type CredentialConfiguration,
  createIssuer,
  defaultSettings,
  type Issuer,
  type IssuerPorts,
  type KnownBy,
  type SecondOpinion,
} from '@facet-id/issuer'
import type { AuthorizationSettings, UserAuthentication } from '@facet-id/issuer/authorization'
import { x509Hash } from '@facet-id/trust/x509'
import { type Clock, systemClock } from '../clock.ts'
import { checkSigningCertificate, type SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION, personCredential } from '../person-credential.ts'
import { type DevelopmentLoginOptions, developmentLogin } from '../persons/development-login.ts'
import { secondOpinion, secondReading } from '../second-opinion.ts'
import { issuerOperations } from './issuer-operations.ts'
import { type Ground, type NodeOptions, startNode } from './node.ts'
import { createWalletProviders, type WalletProviders } from './wallet-providers.ts'

export interface IssuanceNodeOptions extends NodeOptions {
  /** Absent: the person credential. */
  readonly configurations?: Readonly<Record<string, CredentialConfiguration>>
  /** What the issuer is called; shown in wallets. */
  readonly name?: string
  /** Seconds that verifiers may keep a status list. */
  readonly statusListTtl?: number
  /** Of so many copies one is read back by the second engine; absent: 100. */
  readonly secondOpinionEvery?: number
  /**
   * How the issuer is known: by its DID, when absent; by its address, where it then publishes its key
   * (SD-JWT VC §4); or by a certificate, whose key then signs in place of that of the DID.
   */
  readonly knownBy?: 'did' | 'address' | SigningCertificate
  /** Whose wallets are taken as what their attestations say; absent: no wallet can be attested. */
  readonly walletProviders?: WalletProviders
  /** Who may ask for credentials, and how, where that differs from the defaults. */
  readonly authorization?: Partial<AuthorizationSettings>
  /** How persons are asked, where wallets may ask for a code: `openIdProvider`. Absent: pre-authorized codes only. */
  readonly userAuthentication?: UserAuthentication
  /**
   * In development mode, instead: what is known of whoever says that they are somebody, on a page that believes them,
   * by configuration.
   */
  readonly developmentPersons?: NonNullable<DevelopmentLoginOptions['claimsOf']>
  /** Keys and answers of the other authorization servers that `authorization` names: `foreignServers`. */
  readonly servers?: Pick<IssuerPorts, 'serverKey' | 'verifyServerToken' | 'introspect'>
  /** The engine that reads what is issued before it is handed out; absent: `@sd-jwt/core`. */
  readonly secondOpinion?: (issuerKey: PublicJwk) => SecondOpinion
}

export interface IssuanceNode {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly issuer: Issuer
  /** Stands as `iss` in what it issues, if it is known by it. */
  readonly did: string
  /** `x509_hash:` and the SHA-256 of its certificate, if it is known by one. */
  readonly certificate?: string
  /** The Credential Issuer Identifier. */
  readonly credentialIssuer: string
  /** Where it listens on loopback. */
  readonly port: number
  close(): Promise<void>
}

/**
 * Starts it; {@link startNode} says what is thrown.
 *
 * @throws {FacetError} `certificate_unusable`, `development_mode_needed` for a page that believes anybody, before anything
 * is opened
 */
export async function startIssuanceNode(options: IssuanceNodeOptions): Promise<IssuanceNode> {
  const { knownBy = 'did', clock = systemClock } = options
  if (options.developmentPersons !== undefined && !options.development) {
    throw new FacetError(
      'development_mode_needed',
      'A page that believes whoever says who they are is for development mode only',
    )
  }
  const certified = typeof knownBy === 'object' ? await certifiedBy(knownBy, clock) : undefined
  const node = await startNode(options, { alias: 'issuer', role: 'assertion' }, (ground) => {
    const own = knownBy === 'address' ? byAddress(ground.identity) : byDid(ground.identity)
    const issuer = issuerOn(ground, options, certified ?? own)
    return { issuer, handle: issuer.handle, operations: issuerOperations(issuer) }
  })
  const { name } = certified ?? {}
  return {
    get issuer() {
      return node.role.issuer
    },
    get did() {
      return node.identity.did
    },
    credentialIssuer: node.url,
    port: node.port,
    close: node.close,
    ...(name === undefined ? {} : { certificate: name }),
  }
}

/** Whose key signs, and how that is known. */
interface Signing {
  readonly knownBy: KnownBy
  readonly publicJwk: PublicJwk
  readonly signer: Signer
  readonly name?: string
}

async function certifiedBy(certificate: SigningCertificate, clock: Clock): Promise<Signing> {
  const { chain, publicJwk } = await checkSigningCertificate(certificate, clock.now())
  const [{ der }] = chain
  return {
    knownBy: { by: 'x5c', chain: chain.map((link) => link.der) },
    publicJwk,
    signer: signerOf(certificate.privateJwk),
    name: `x509_hash:${x509Hash(der, hash)}`,
  }
}

function askingPersons({
  userAuthentication,
  developmentPersons: claimsOf,
  configurations = { [PERSON_CONFIGURATION]: personCredential },
}: IssuanceNodeOptions): Pick<IssuerPorts, 'userAuthentication'> {
  if (userAuthentication !== undefined) return { userAuthentication }
  if (claimsOf === undefined) return {}
  const titles = Object.fromEntries(
    Object.entries(configurations).map(
      ([
        id,
        {
          display: [first],
        },
      ]) => [id, first?.name ?? id],
    ),
  )
  return { userAuthentication: developmentLogin({ titles, claimsOf }) }
}

function byDid({ publicJwk, signer }: Ground['identity']): Signing {
  return { knownBy: { by: 'did' }, publicJwk, signer }
}

/** Keys are called by their thumbprints, so that a new one has a new name and an old one keeps its own. */
function byAddress({ publicJwk, signer, retired }: Ground['identity']): Signing {
  const named = (key: PublicJwk) => ({ kid: jwkThumbprint(key, hash), publicJwk: key })
  const before = retired.map(({ publicJwk: key, until }) => ({ ...named(key), until }))
  return { knownBy: { by: 'jwt_vc_issuer', ...named(publicJwk), retired: before }, publicJwk, signer }
}

function issuerOn(
  { store, identity, url, now, deriveKey, onUnforeseen }: Ground,
  options: IssuanceNodeOptions,
  { knownBy, publicJwk, signer }: Signing,
): Issuer {
  const { kid, did } = identity
  const ports = {
    store,
    signer: { ...signer, kid },
    checkSignatures,
    hash,
    random,
    mac: macOf(deriveKey('facet issuer mac')),
    deflate,
    now,
    secondOpinion: (options.secondOpinion ?? secondOpinion)(publicJwk),
    secondReading: (unsigned: string) => secondReading(unsigned).claims,
    onUnforeseen,
    ...(options.walletProviders === undefined
      ? {}
      : { walletProviderKey: createWalletProviders(options.walletProviders, now) }),
    ...askingPersons(options),
    ...options.servers,
  }
  return createIssuer(ports, {
    ...defaultSettings,
    credential_issuer: url,
    did,
    knownBy,
    display: [{ name: options.name ?? 'Facet issuance node', locale: 'en' }],
    configurations: options.configurations ?? { [PERSON_CONFIGURATION]: personCredential },
    statusList: {
      ...defaultSettings.statusList,
      ttl: options.statusListTtl ?? defaultSettings.statusList.ttl,
    },
    secondOpinionEvery: options.secondOpinionEvery ?? defaultSettings.secondOpinionEvery,
    authorization: { ...defaultSettings.authorization, ...options.authorization },
    scheme: options.development ? 'https_or_loopback_http' : 'https',
  })
}
