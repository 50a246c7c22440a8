/**
 * For tests of the issuer: one in a world that stands still, over memory, with everything that rests
 * in plain sight.
 */
import { writeDidJwk } from '@facet-id/credential/did'
import type { JsonObject } from '@facet-id/credential/json'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { memoryStore, type Store } from '@facet-id/store'
import {
  type Clock,
  checkSignatures,
  clock,
  deflate,
  hash,
  keyPair,
  macOf,
  random,
  seededRandom,
  signerOf,
} from '@facet-id/testkit'
import { createIssuer, type Issuer } from './issuer.ts'
import type { MadeOffer, OfferRequest } from './offer/offering.ts'
import type { IssuerPorts } from './ports.ts'
import { type CredentialConfiguration, defaultSettings, type IssuerSettings } from './settings.ts'

export const ISSUER = 'https://issuer.example/utopia'

/** Nobody: `UTO` is the code that ICAO 9303 keeps for a country that does not exist. */
export const specimen: JsonObject = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  nationalities: ['UTO', 'ZZZ'],
  address: { locality: 'Zenith', country: 'UTO' },
  age_equal_or_over: { '18': true },
}

export const person: CredentialConfiguration = {
  vct: 'urn:facet:test:person',
  scope: 'person',
  display: [{ name: 'Person', locale: 'en' }],
  claims: [
    { path: ['given_name'], mandatory: true, display: [{ name: 'Given names', locale: 'en' }] },
    { path: ['family_name'], mandatory: true },
    { path: ['nationalities'] },
    { path: ['address', 'locality'] },
    { path: ['address', 'country'] },
    { path: ['age_equal_or_over'] },
  ],
  lifetime: 365 * 24 * 3600,
}

export interface World {
  readonly issuer: Issuer
  readonly ports: IssuerPorts
  readonly settings: IssuerSettings
  readonly time: Clock
  readonly state: State
  /** Makes an offer of the specimen, unless told otherwise. */
  offer(request?: Partial<OfferRequest>): Promise<MadeOffer>
  send(request: WireRequest): Promise<WireResponse>
}

/** What a test may put in the place of the usual. */
export interface Changes {
  readonly settings?: Partial<IssuerSettings>
  readonly ports?: Partial<IssuerPorts>
  /** The state of another node of the same issuer. */
  readonly beside?: World
}

const keys = keyPair()

/** With which every world signs. */
export const signingKey: typeof keys.publicJwk = keys.publicJwk

export function world({ settings, ports, beside }: Changes = {}): World {
  const time = beside?.time ?? clock()
  const state = beside?.state ?? openState(time)
  const did = writeDidJwk(keys.publicJwk)
  const kid = `${did}#0`
  const all: IssuerPorts = {
    store: state.store,
    signer: { ...signerOf(keys.privateJwk, kid), kid },
    checkSignatures,
    hash,
    random,
    mac: macOf(seededRandom('mac')(32)),
    deflate,
    now: time.now,
    ...ports,
  }
  const chosen: IssuerSettings = {
    ...defaultSettings,
    credential_issuer: ISSUER,
    did,
    display: [{ name: 'Registry', locale: 'en' }],
    configurations: { person },
    ...settings,
  }
  const issuer = createIssuer(all, chosen)
  return {
    issuer,
    ports: all,
    settings: chosen,
    time,
    state,
    offer: (request = {}) => issuer.offer({ configurationId: 'person', claims: specimen, ...request }),
    send: (request) => issuer.handle(request),
  }
}

/** A store, and the means to see all that it holds. */
export interface State {
  readonly store: Store
  /** What rests, in the order of namespaces and keys. */
  rests(): Promise<readonly Resting[]>
  /** How many status entries were taken from the counter. */
  allotted(): number
}

export interface Resting {
  readonly ns: string
  readonly key: string
  readonly text: string
  readonly expiresAt: number | undefined
}

function openState({ nowMs }: Clock): State {
  const store = memoryStore({ now: nowMs })
  const namespaces = new Set<string>()
  let allotted = 0
  return {
    store: {
      ...store,
      commit(ops) {
        for (const op of ops) {
          if (op.op === 'put') namespaces.add(op.ns)
          if (op.op === 'alloc') allotted += op.count
        }
        return store.commit(ops)
      },
    },
    async rests() {
      const found: Resting[] = []
      for (const ns of [...namespaces].sort()) {
        for await (const { key, value, expiresAt } of store.range(ns)) {
          found.push({ ns, key, text: new TextDecoder().decode(value), expiresAt })
        }
      }
      return found
    },
    allotted: () => allotted,
  }
}
