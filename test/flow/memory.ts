/**
 * The stage without a network: each role's `handle` is the other's transport. Time stands still until
 * it is told to move.
 */
import { writeBase64urlText } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import type { CheckSignatures, Hash, JwsAlgorithm, Signer } from '@facet-id/credential/jose'
import {
  checkSignatures,
  deflate,
  generateKey,
  hash,
  inflate,
  macOf,
  random,
  signerOf,
} from '@facet-id/crypto/node'
import {
  createHolder,
  type Holder,
  type HolderPorts,
  type HolderSettings,
  defaultSettings as holderDefaults,
  softwareKeys,
} from '@facet-id/holder'
import {
  createIssuer,
  type IssuerPorts,
  type IssuerSettings,
  defaultSettings as issuerDefaults,
} from '@facet-id/issuer'
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'
import { memoryStore, type Store } from '@facet-id/store'
import { type Clock, clock } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import {
  createVerifier,
  type PresentationResult,
  type RefusedAnswer,
  type VerifierPorts,
  type VerifierSettings,
  defaultSettings as verifierDefaults,
} from '@facet-id/verifier'
import type { Stage } from './flow.ts'
import { PERSON_VCT, personConfiguration } from './specimen.ts'

export const ISSUER = 'https://issuer.example'
export const VERIFIER = 'https://platform.example'

/** How the signed part of a DPoP proof begins: whoever sends a request proves that besides what it holds. */
const OF_SENDERS = writeBase64urlText('{"typ":"dpop+jwt"').slice(0, 22)

export interface MemoryStage extends Stage {
  readonly time: Clock
  /** The wallet after a restart: the same state, and nothing of what was in memory. */
  holderAgain(): Holder
  /** Everything that left the wallet or a verifier, in order. */
  readonly sent: WireRequest[]
  readonly stores: { readonly issuer: Store; readonly holder: Store; readonly verifier: Store }
  readonly issuerDid: string
  /** What each party would sign with, for tests that forge. */
  readonly signers: Signers
  /** Answers that the verifier took for none, in the order in which they came. */
  readonly refused: readonly RefusedAnswer[]
  /** What was asked of the primitives so far, by everybody together; without the proofs of who sends. */
  readonly work: { signatures: number; digests: number }
}

export interface Signers {
  readonly issuer: Signer
  readonly verifier: Signer
  /** @param x of the public key of a copy */
  ofHolder(x: string): Signer
}

/** What a test may put in the place of the usual. */
export interface Changes {
  readonly holder?: Partial<HolderPorts>
  readonly verifier?: Partial<VerifierPorts>
  readonly holderSettings?: Partial<HolderSettings>
  readonly verifierSettings?: Partial<VerifierSettings>
  /** Stands around everything that is sent. */
  readonly around?: (transport: Transport) => Transport
  readonly copies?: number
  /** DIDs that the verifier believes, in the place of the issuer's. */
  readonly trusted?: readonly string[]
  /** With which algorithm each signs; ES256 unless told. */
  readonly algs?: {
    readonly issuer?: JwsAlgorithm
    readonly holder?: JwsAlgorithm
    readonly verifier?: JwsAlgorithm
  }
  readonly issuer?: { readonly ports?: Partial<IssuerPorts>; readonly settings?: Partial<IssuerSettings> }
}

export function memoryStage(changes: Changes = {}): MemoryStage {
  const time = clock()
  const stores = {
    issuer: memoryStore({ now: time.nowMs }),
    holder: memoryStore({ now: time.nowMs }),
    verifier: memoryStore({ now: time.nowMs }),
  }
  const sent: WireRequest[] = []
  const refused: RefusedAnswer[] = []
  const wire: Transport = {
    async send(request) {
      sent.push(request)
      if (request.url.startsWith(ISSUER)) return issuer.handle(request)
      if (request.url.startsWith(VERIFIER)) return verifier.handle(request)
      throw new ProtocolError('peer_unreachable', 'Nobody is there')
    },
  }
  const transport = changes.around?.(wire) ?? wire
  const { resolveKey } = createKeyResolver()
  const work = { signatures: 0, digests: 0 }
  const counted: { readonly checkSignatures: CheckSignatures; readonly hash: Hash } = {
    checkSignatures(checks) {
      work.signatures += checks.filter(({ data }) => !String(data).startsWith(OF_SENDERS)).length
      return checkSignatures(checks)
    },
    hash(alg, data) {
      work.digests++
      return hash(alg, data)
    },
  }
  const { now } = time
  const judging = {
    ...counted,
    random,
    now,
    resolveKey,
    statusOf: createStatusLists({ transport, checkSignatures, resolveKey, inflate, now }).statusOf,
  }
  const { algs = {} } = changes
  const issuerIdentity = identity(algs.issuer)
  const verifierIdentity = identity(algs.verifier)
  const issuer = createIssuer(
    {
      store: stores.issuer,
      signer: issuerIdentity.signer,
      ...counted,
      random,
      mac: macOf(random(32)),
      deflate,
      now,
      ...changes.issuer?.ports,
    },
    {
      ...issuerDefaults,
      credential_issuer: ISSUER,
      did: issuerIdentity.did,
      display: [{ name: 'Registry', locale: 'en' }],
      configurations: { person: personConfiguration },
      ...changes.issuer?.settings,
    },
  )
  const verifier = createVerifier(
    {
      ...judging,
      store: stores.verifier,
      onRefusedAnswer: (answer) => refused.push(answer),
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
      signer: verifierIdentity.signer,
      trust: createAllowList({
        issuers: (changes.trusted ?? [issuerIdentity.did]).map((id) => ({ id, vcts: [PERSON_VCT] })),
        verifiers: [],
      }),
      ...changes.verifier,
    },
    {
      ...verifierDefaults,
      client_id: `decentralized_identifier:${verifierIdentity.did}`,
      baseUrl: VERIFIER,
      ...changes.verifierSettings,
    },
  )
  const holderKeys = new Map<string, Signer>()
  const person: Stage['person'] = {}
  const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
  const holderPorts: HolderPorts = {
    ...judging,
    store: stores.holder,
    keys: softwareKeys({
      store: stores.holder,
      generateKey() {
        const pair = generateKey(algs.holder ?? 'ES256')
        holderKeys.set(pair.publicJwk.x, signerOf(pair.privateJwk))
        return pair
      },
      signerOf,
    }),
    transport,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, ...person }),
      toPresent: ({ items }) => ({ agreed: items.length > 0 }),
    },
    trust: { mayIssue: () => undecided, mayAsk: () => undecided },
    ...changes.holder,
  }
  const holderSettings = { ...holderDefaults, copies: changes.copies ?? 4, ...changes.holderSettings }
  const holder = createHolder(holderPorts, holderSettings)
  return {
    issuer,
    holder,
    holderAgain: () => createHolder(holderPorts, holderSettings),
    verifier,
    person,
    time,
    sent,
    stores,
    refused,
    issuerDid: issuerIdentity.did,
    work,
    signers: {
      issuer: issuerIdentity.signer,
      verifier: verifierIdentity.signer,
      ofHolder(x) {
        const signer = holderKeys.get(x)
        if (signer === undefined) throw new Error('no copy has this key')
        return signer
      },
    },
    letTimePass: async () => time.advance(issuerDefaults.statusList.ttl + 1),
    close: async () => {},
  }
}

/** What came of a request or, where an answer was taken for none, what was said of the last one. */
export async function saidOf(
  { verifier, refused }: Pick<MemoryStage, 'verifier' | 'refused'>,
  transactionId: string,
): Promise<PresentationResult> {
  const result = await verifier.result(transactionId)
  const last = refused.at(-1)
  if (result.outcome !== 'pending' || last === undefined) return result
  return { outcome: 'refused', answeredAt: 0, reports: last.reports, flow: 'cross_device' }
}

function identity(alg: JwsAlgorithm = 'ES256'): {
  readonly did: string
  readonly signer: ReturnType<typeof signerOf> & { readonly kid: string }
} {
  const { publicJwk, privateJwk } = generateKey(alg)
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  return { did, signer: { ...signerOf(privateJwk, kid), kid } }
}
