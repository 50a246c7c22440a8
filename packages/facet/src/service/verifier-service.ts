/** A verifier service: the verifier role on the ground of a node. */
import { setTimeout } from 'node:timers/promises'
import { generateEncryptionKey, hash, jweOpenerOf, random, sealJwe } from '@facet-id/crypto/node'
import type { Handle } from '@facet-id/protocol/wire'
import { createRuleSource, createTrust, type IssuerRule, type TrustSource } from '@facet-id/trust'
import {
  type ClientIdentity,
  createVerifier,
  defaultSettings,
  type RefusedAnswer,
  type Verifier,
  type VerifierSettings,
} from '@facet-id/verifier'
import { FacetError } from '../error.ts'
import { PERSON_VCT } from '../person-type.ts'
import { followTrust, trustFetching, trustTransports } from '../trust/followed-trust.ts'
import type { TypeSources } from '../types/type-sources.ts'
import type { TrustedCertificates } from './certificate-keys.ts'
import { membersKeys, withMembers } from './federated-issuers.ts'
import { issuerKeysFor, judgingPorts, transportFor } from './judging-ports.ts'
import { type Built, type Ground, type NodeOptions, startNode } from './node.ts'
import { trustOperations } from './trust-operations.ts'
import { type ClientName, entityMetadata, identityOf } from './verifier/client-names.ts'
import { verifierOperations } from './verifier/verifier-operations.ts'
import { startDelivering, type WebhookOptions, webhookPort } from './verifier/webhook-delivery.ts'

export interface VerifierServiceOptions extends NodeOptions {
  /** Who may issue what. Nobody else is believed. */
  readonly issuers: readonly IssuerRule[]
  /** Others who have a say besides: signed lists, block lists. */
  readonly sources?: readonly TrustSource[]
  /** A trust configuration: read at start and when the operator says so, what it names at addresses followed. */
  readonly trustFile?: string
  /** Whose certificates issuers may be known by; absent: nobody's. */
  readonly certificates?: TrustedCertificates
  /** Documents about types besides those of the release; absent: none. */
  readonly types?: TypeSources
  /** What credentials must show of their limits; absent: an end, and no status, as the role decides. */
  readonly limits?: Partial<Pick<VerifierSettings, 'requiredClaims' | 'status' | 'withheldLimits'>>
  /** How long requests can be answered and results are kept, in whole seconds; absent: as the role decides. */
  readonly lifetimes?: Partial<Pick<VerifierSettings, 'requestLifetime' | 'resultLifetime'>>
  /** As whom it asks, first where a request does not say; absent: its DID. */
  readonly clients?: readonly ClientName[]
  /** `haip`: it is held to HAIP 1.0, and does not start where something lacks for it. Absent: none. */
  readonly profile?: VerifierSettings['profile']
  /** How wallets answer where a request does not say; absent: `direct_post`, and encrypted under HAIP. */
  readonly responseMode?: VerifierSettings['responseMode']
  /** Types that a description in words asks for; absent: the person credential. */
  readonly describedTypes?: readonly string[]
  /** Where the results of requests that the operator makes are sent. Absent: nowhere. */
  readonly webhook?: WebhookOptions
  /** Told of answers that changed nothing, because nothing proved that they are answers to the request. */
  readonly onRefusedAnswer?: (answer: RefusedAnswer) => void
}

export interface VerifierService {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly verifier: Verifier
  /** Full client id, as wallets see it. */
  readonly clientId: string
  readonly url: string
  /** Where it listens on loopback; 0 where it is mounted in another server. */
  readonly port: number
  /** What another server hands requests to: `honoRole(service.handle, { publicUrl: service.url })`. */
  readonly handle: Handle
  close(): Promise<void>
}

/**
 * Starts it; {@link startNode} says what is thrown.
 *
 * @throws {FacetError} `certificate_unusable`, `attestation_unusable`; {VerifierError} `settings_invalid`, which names all
 * that lacks for HAIP
 */
export async function startVerifierService(options: VerifierServiceOptions): Promise<VerifierService> {
  const name = { alias: 'verifier', role: 'authentication' } as const
  const node = await startNode(options, name, (ground) => verifierOn(ground, options))
  const delivering = startDelivering(() => node.role.verifier, options.onUnforeseen)
  return {
    get verifier() {
      return node.role.verifier
    },
    get clientId() {
      return node.role.clientId
    },
    url: node.url,
    port: node.port,
    handle: node.handle,
    async close() {
      await delivering.stop()
      await node.close()
    },
  }
}

/** What of it is not about the ground that it stands on. */
export type VerifierRoleOptions = Omit<VerifierServiceOptions, keyof NodeOptions> &
  Pick<NodeOptions, 'development'>

/** The role of it. @throws as {@link startVerifierService} */
export async function verifierOn(
  {
    store,
    identity,
    url,
    now,
    onUnforeseen,
  }: Pick<Ground, 'store' | 'identity' | 'url' | 'now' | 'onUnforeseen'>,
  {
    clients = [{ knownBy: 'did' }],
    profile = 'none',
    responseMode = profile === 'haip' ? 'direct_post.jwt' : 'direct_post',
    describedTypes = [PERSON_VCT],
    webhook,
    issuers,
    sources = [],
    trustFile,
    limits = {},
    lifetimes = {},
    development,
    certificates,
    types,
    onRefusedAnswer,
  }: VerifierRoleOptions,
): Promise<Built & { readonly verifier: Verifier; readonly clientId: string }> {
  checkEncryptable(clients[0], responseMode)
  const naming = { identity, url, now: now() }
  const identities = await Promise.all(clients.map((name) => identityOf(name, naming)))
  const fixed = [namedIssuers(issuers), ...sources]
  const transport = transportFor(development)
  const reaching = trustTransports(development)
  const followed =
    trustFile === undefined
      ? undefined
      : await followTrust({ file: trustFile, fetching: trustFetching(reaching, store), now })
  // In the background: until something came, what was kept counts, and nobody waits for a network.
  void followed?.refresh()
  const named = issuers.map(({ id }) => id)
  const trusted = certificates ?? followed
  const judging = judgingPorts({
    store,
    transport,
    now,
    development,
    types,
    ...(trusted === undefined ? {} : { certificates: trusted }),
  })
  const keys = issuerKeysFor(named, development)
  // By whatever the configuration says at that moment: it is read anew, and lists have new editions.
  const heard = (): readonly TrustSource[] => [...fixed, ...(followed?.sources() ?? [])]
  const isNamed = (issuer: string): boolean => heard().some((source) => source.namesIssuer?.(issuer) === true)
  const ports = {
    store,
    identities,
    webhooks: webhookPort(webhook, { transport, identity }),
    random,
    now,
    onUnforeseen,
    encryption: { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe },
    pause: (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false }),
    ...(onRefusedAnswer === undefined ? {} : { onRefusedAnswer }),
    trust: createTrust(heard, now),
    ...judging,
    ...(followed === undefined
      ? {}
      : {
          issuerKeyOf: membersKeys(judging.issuerKeyOf, isNamed, followed),
          federationOf: followed.federationOf,
        }),
  }
  const settings: VerifierSettings = {
    ...defaultSettings,
    ...limits,
    ...lifetimes,
    client_id: mainOf(identities).client_id,
    baseUrl: url,
    profile,
    responseMode,
    describedTypes,
    issuerKeys: followed === undefined ? keys : withMembers(keys),
    typeMetadata: 'when_available',
    scheme: development ? 'https_or_loopback_http' : 'https',
  }
  const verifier = createVerifier(ports, settings)
  const operated = {
    settings,
    identities,
    encryption: ports.encryption,
    hash,
    ...(webhook === undefined ? {} : { webhook }),
  }
  return {
    verifier,
    clientId: settings.client_id,
    handle: verifier.handle,
    operations: { ...verifierOperations(verifier, operated), ...trustOperations(followed, now) },
    entityMetadata: entityMetadata(identity, url),
    close() {
      followed?.close()
      reaching.close()
      transport.close()
    },
  }
}

/** @throws {FacetError} `usage` */
function mainOf([first]: readonly ClientIdentity[]): ClientIdentity {
  if (first !== undefined) return first
  throw new FacetError('usage', 'A verifier asks as somebody: give one client at least')
}

/**
 * What such names' answers are encrypted to stands in what wallets know beforehand, and this service publishes no such key.
 *
 * @throws {FacetError} `usage`
 */
function checkEncryptable(
  first: ClientName | undefined,
  responseMode: VerifierSettings['responseMode'],
): void {
  const isKnownBefore = first?.knownBy === 'registration' || first?.knownBy === 'federation'
  if (!isKnownBefore || responseMode !== 'direct_post.jwt') return
  throw new FacetError(
    'usage',
    'A verifier that is known by a federation or a registration publishes no key to encrypt to: use --mode direct_post, or another name first',
  )
}

function namedIssuers(issuers: readonly IssuerRule[]): TrustSource {
  const rules = issuers.map(({ id, vcts }) => ({ party: { id }, vcts }))
  return createRuleSource('named issuers', { issuers: rules, verifiers: [], blocked: [] })
}
