/** A verifier service: the verifier role on the ground of a node. */
import { setTimeout } from 'node:timers/promises'
import { generateEncryptionKey, jweOpenerOf, random, sealJwe } from '@facet-id/crypto/node'
import { writeClientId } from '@facet-id/protocol/openid4vp/client'
import { createRuleSource, createTrust, type IssuerRule, type TrustSource } from '@facet-id/trust'
import {
  createVerifier,
  defaultSettings,
  type RefusedAnswer,
  type Verifier,
  type VerifierSettings,
} from '@facet-id/verifier'
import { followTrust, trustFetching, trustTransports } from '../trust/followed-trust.ts'
import type { TypeSources } from '../types/type-sources.ts'
import type { TrustedCertificates } from './certificate-keys.ts'
import { membersKeys, withMembers } from './federated-issuers.ts'
import { issuerKeysFor, judgingPorts, transportFor } from './judging-ports.ts'
import { type Built, type Ground, type NodeOptions, startNode } from './node.ts'
import { trustOperations } from './trust-operations.ts'
import { verifierOperations } from './verifier-operations.ts'

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
  /** Told of answers that changed nothing, because nothing proved that they are answers to the request. */
  readonly onRefusedAnswer?: (answer: RefusedAnswer) => void
}

export interface VerifierService {
  /** As it is now: after a rotation of keys it is another one, over the same state. */
  readonly verifier: Verifier
  /** Full client id, as wallets see it. */
  readonly clientId: string
  readonly url: string
  /** Where it listens on loopback. */
  readonly port: number
  close(): Promise<void>
}

/** Starts it; {@link startNode} says what is thrown. */
export async function startVerifierService(options: VerifierServiceOptions): Promise<VerifierService> {
  const name = { alias: 'verifier', role: 'authentication' } as const
  const node = await startNode(options, name, (ground) => verifierOn(ground, options))
  return {
    get verifier() {
      return node.role.verifier
    },
    get clientId() {
      return writeClientId(node.identity.did)
    },
    url: node.url,
    port: node.port,
    close: node.close,
  }
}

async function verifierOn(
  { store, identity, url, now, onUnforeseen }: Ground,
  {
    issuers,
    sources = [],
    trustFile,
    limits = {},
    development,
    certificates,
    types,
    onRefusedAnswer,
  }: VerifierServiceOptions,
): Promise<Built & { readonly verifier: Verifier }> {
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
    signer: { ...identity.signer, kid: identity.kid },
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
  const verifier = createVerifier(ports, {
    ...defaultSettings,
    ...limits,
    client_id: writeClientId(identity.did),
    baseUrl: url,
    issuerKeys: followed === undefined ? keys : withMembers(keys),
    typeMetadata: 'when_available',
    scheme: development ? 'https_or_loopback_http' : 'https',
  })
  return {
    verifier,
    handle: verifier.handle,
    operations: { ...verifierOperations(verifier), ...trustOperations(followed, now) },
    close() {
      followed?.close()
      reaching.close()
      transport.close()
    },
  }
}

function namedIssuers(issuers: readonly IssuerRule[]): TrustSource {
  const rules = issuers.map(({ id, vcts }) => ({ party: { id }, vcts }))
  return createRuleSource('named issuers', { issuers: rules, verifiers: [], blocked: [] })
}
