/** An issuance node: the issuer role on the ground of a node. */
import { jwkThumbprint, type PublicJwk } from '@facet-id/credential/jose'
import { checkSignatures, deflate, hash, macOf, random } from '@facet-id/crypto/node'
import {
  type CredentialConfiguration,
  createIssuer,
  defaultSettings,
  type Issuer,
  type KnownBy,
  type SecondOpinion,
} from '@facet-id/issuer'
import { PERSON_CONFIGURATION, personCredential } from '../person-credential.ts'
import { secondOpinion, secondReading } from '../second-opinion.ts'
import { issuerOperations } from './issuer-operations.ts'
import { type Ground, type NodeOptions, startNode } from './node.ts'

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
   * How the issuer is known: by its DID, when absent, or by its address, where it then publishes its key
   * (SD-JWT VC §4).
   */
  readonly knownBy?: 'did' | 'address'
  /** The engine that reads what is issued before it is handed out; absent: `@sd-jwt/core`. */
  readonly secondOpinion?: (issuerKey: PublicJwk) => SecondOpinion
}

export interface IssuanceNode {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly issuer: Issuer
  /** Stands as `iss` in what it issues, unless it is known by its address. */
  readonly did: string
  /** The Credential Issuer Identifier. */
  readonly credentialIssuer: string
  /** Where it listens on loopback. */
  readonly port: number
  close(): Promise<void>
}

/** Starts it; {@link startNode} says what is thrown. */
export async function startIssuanceNode(options: IssuanceNodeOptions): Promise<IssuanceNode> {
  const node = await startNode(options, { alias: 'issuer', role: 'assertion' }, (ground) => {
    const issuer = issuerOn(ground, options)
    return { issuer, handle: issuer.handle, operations: issuerOperations(issuer) }
  })
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
  }
}

function issuerOn(
  { store, identity, url, now, deriveKey, onUnforeseen }: Ground,
  options: IssuanceNodeOptions,
): Issuer {
  const { kid, signer, publicJwk, did } = identity
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
  }
  return createIssuer(ports, {
    ...defaultSettings,
    credential_issuer: url,
    did,
    knownBy: options.knownBy === 'address' ? byAddress(identity) : { by: 'did' },
    display: [{ name: options.name ?? 'Facet issuance node', locale: 'en' }],
    configurations: options.configurations ?? { [PERSON_CONFIGURATION]: personCredential },
    statusList: {
      ...defaultSettings.statusList,
      ttl: options.statusListTtl ?? defaultSettings.statusList.ttl,
    },
    secondOpinionEvery: options.secondOpinionEvery ?? defaultSettings.secondOpinionEvery,
    scheme: options.development ? 'https_or_loopback_http' : 'https',
  })
}

/** Keys are called by their thumbprints, so that a new one has a new name and an old one keeps its own. */
function byAddress({ publicJwk, retired }: Ground['identity']): KnownBy {
  const named = (key: PublicJwk) => ({ kid: jwkThumbprint(key, hash), publicJwk: key })
  return {
    by: 'jwt_vc_issuer',
    ...named(publicJwk),
    retired: retired.map(({ publicJwk: key, until }) => ({ ...named(key), until })),
  }
}
