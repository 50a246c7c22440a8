/** A wallet for tests, between its peers: what it keeps, what leaves it, and what its person is asked. */
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { memoryStore, type Op, type Store, StoreError } from '@facet-id/store'
import {
  checkSignatures,
  clock,
  hash,
  jweOpenerOf,
  keyPair,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/testkit'
import type { ChangeConsent, OfferConsent } from './consent.ts'
import { type CredentialSummary, createHolder, type Holder, type Received } from './holder.ts'
import { resolveKey } from './identity.test-support.ts'
import { ISSUER, NOW, type TestIssuer, TX_CODE, testIssuer } from './issuer.test-support.ts'
import type { Encryption, HolderPorts } from './ports.ts'
import type { PresentationChoice, PresentationConsent } from './presentation/consent.ts'
import { defaultSettings, type HolderSettings } from './settings.ts'
import { softwareKeys } from './shelf/software-keys-store.ts'
import { type TestVerifier, testVerifier, VERIFIER } from './verifier.test-support.ts'

export interface World {
  readonly issuer: TestIssuer
  readonly verifier: TestVerifier
  readonly store: Store
  readonly holder: Holder
  readonly ports: HolderPorts
  readonly time: ReturnType<typeof clock>
  /** Everything that left the wallet, in order: `GET https://…`. */
  readonly sent: string[]
  readonly requests: WireRequest[]
  readonly person: Person
}

/** The person, and what they were asked. */
export interface Person {
  agrees: boolean
  txCode?: string
  /** What they choose to show; the default when absent. */
  choice?: (ask: PresentationConsent) => PresentationChoice
  readonly offers: OfferConsent[]
  /** Hosts from which the person was asked to have something fetched, with what had left the wallet by then. */
  readonly fetches: { readonly what: string; readonly host: string; readonly sentBefore: number }[]
  /** Whether the person lets unknown hosts be called; absent: as they agree to all else. */
  fetch?: boolean
  readonly changes: ChangeConsent[]
  /** Of an offer of several; absent: all. */
  configurationIds?: readonly string[]
  /** With what had left the wallet when the question came. */
  readonly presentations: { readonly ask: PresentationConsent; readonly sentBefore: number }[]
}

export interface WorldChanges {
  readonly issuer?: TestIssuer
  readonly verifier?: TestVerifier
  readonly store?: Store
  readonly time?: ReturnType<typeof clock>
  readonly ports?: Partial<HolderPorts>
  readonly settings?: Partial<HolderSettings>
  /** Stands around everything that is sent. */
  readonly around?: (transport: Transport) => Transport
}

const encryption: Encryption = {
  seal: sealJwe,
  generateKey() {
    const { publicJwk, privateJwk } = keyPair()
    return { publicJwk, open: jweOpenerOf(privateJwk) }
  },
}

const undecided = { decision: 'undetermined', why: 'The person decides.' } as const

export function world(changes: WorldChanges = {}): World {
  const { issuer = testIssuer(), verifier = testVerifier(), time = clock(NOW) } = changes
  const store = changes.store ?? memoryStore({ now: time.nowMs })
  const requests: WireRequest[] = []
  const sent: string[] = []
  const person: Person = {
    agrees: true,
    txCode: TX_CODE,
    offers: [],
    fetches: [],
    changes: [],
    presentations: [],
  }
  const wire: Transport = {
    async send(request) {
      requests.push(request)
      sent.push(`${request.method} ${request.url}`)
      return answerOf(request, { issuer, verifier })
    },
  }
  const ports: HolderPorts = {
    store,
    keys: softwareKeys({ store, generateKey: keyPair, signerOf }),
    transport: changes.around?.(wire) ?? wire,
    consent: {
      toFetch({ what, host }) {
        person.fetches.push({ what, host, sentBefore: sent.length })
        return { agreed: person.fetch ?? person.agrees }
      },
      toReplace(ask) {
        person.changes.push(ask)
        return { agreed: person.agrees }
      },
      toReceive(ask) {
        person.offers.push(ask)
        const { agrees, txCode, configurationIds } = person
        if (!agrees) return { agreed: false }
        return {
          agreed: true,
          ...(txCode === undefined ? {} : { txCode }),
          ...(configurationIds === undefined ? {} : { configurationIds }),
        }
      },
      toPresent(ask) {
        person.presentations.push({ ask, sentBefore: sent.length })
        const { agrees, choice } = person
        return { agreed: agrees, ...(choice === undefined ? {} : { choice: choice(ask) }) }
      },
    },
    trust: { mayIssue: () => undecided, mayAsk: () => undecided },
    checkSignatures,
    hash,
    random,
    now: time.now,
    resolveKey,
    statusOf: () => ({ status: 0 }),
    encryption,
    ...changes.ports,
  }
  const holder = createHolder(ports, { ...defaultSettings, copies: 4, ...changes.settings })
  return { issuer, verifier, store, holder, ports, time, sent, requests, person }
}

/** A wallet that holds the specimen; what it sent for that is forgotten. */
export async function holding(changes: WorldChanges = {}): Promise<World> {
  const own = world(changes)
  await own.holder.accept(own.issuer.link)
  own.sent.length = 0
  own.requests.length = 0
  return own
}

function answerOf(
  request: WireRequest,
  { issuer, verifier }: Pick<World, 'issuer' | 'verifier'>,
): WireResponse {
  if (request.url.startsWith(`${ISSUER}/`)) return issuer.handle(request)
  if (request.url.startsWith(`${VERIFIER}/`)) return verifier.handle(request)
  throw new ProtocolError('peer_unreachable', 'Nobody is there')
}

/** The credential that came of an offer of one. */
export function theOne({ credentials: [one, ...others] }: Received): CredentialSummary {
  if (one === undefined || others.length > 0) throw new Error('one credential was to come of it')
  return one
}

/** The names of all holder keys that are kept. */
export async function keysIn(store: Store): Promise<readonly string[]> {
  return namesIn(store, 'key')
}

/** The names of all records of one family: `copy`, `issuance`. */
export async function namesIn(store: Store, family: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { key } of store.range(`holder/${family}`)) names.push(key)
  return names
}

/** Everything that is kept, as one text. */
export async function textIn(store: Store): Promise<string> {
  const texts: string[] = []
  const families = [
    'credential',
    'copy',
    'gone-keys',
    'grant',
    'issuance',
    'issuer',
    'key',
    'log-entry',
    'notification',
    'order',
    'received',
    'top-up',
  ]
  for (const ns of families) {
    for await (const { key, value } of store.range(`holder/${ns}`)) texts.push(key, textOf(value))
  }
  return texts.join('\n')
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** A device whose power fails: from then on nothing reaches its store or the network. */
export interface Power {
  readonly store: Store
  readonly around: (transport: Transport) => Transport
  /** Commits that were done. */
  readonly commits: () => number
}

/**
 * @param inner what is still there when the power is back
 * @param fails whether the power fails now: `commit` is the commit that comes next, counted from 1
 */
export function power(
  inner: Store,
  { after, before }: { readonly after?: number; readonly before?: number },
): Power {
  let done = 0
  let off = false
  const dead = (): StoreError => new StoreError('store_unavailable', 'The power is off')
  const store: Store = {
    ...inner,
    async get(ns, key) {
      if (off) throw dead()
      return inner.get(ns, key)
    },
    async commit(ops: readonly Op[]) {
      if (before === done + 1) off = true
      if (off) throw dead()
      const result = await inner.commit(ops)
      done++
      if (after === done) off = true
      return result
    },
    range(ns, within) {
      if (off) throw dead()
      return inner.range(ns, within)
    },
  }
  return {
    store,
    commits: () => done,
    around: (transport) => ({
      async send(request) {
        if (off) throw new ProtocolError('peer_unreachable', 'The power is off')
        return transport.send(request)
      },
    }),
  }
}
