/**
 * The stage without a network: each role's `handle` is the other's transport. Time stands still until
 * it is told to move.
 */
import { writeDidJwk } from '@facet-id/credential/did'
import type { Signer } from '@facet-id/credential/jose'
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
  type HolderPorts,
  defaultSettings as holderDefaults,
  softwareKeys,
} from '@facet-id/holder'
import { createIssuer, defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'
import { memoryStore, type Store } from '@facet-id/store'
import { type Clock, clock } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import { createVerifier, defaultSettings as verifierDefaults } from '@facet-id/verifier'
import type { Stage } from './flow.ts'
import { PERSON_VCT, personConfiguration } from './specimen.ts'

export const ISSUER = 'https://issuer.example'
export const VERIFIER = 'https://platform.example'

export interface MemoryStage extends Stage {
  readonly time: Clock
  /** Everything that left the wallet or a verifier, in order. */
  readonly sent: WireRequest[]
  readonly stores: { readonly issuer: Store; readonly holder: Store; readonly verifier: Store }
  readonly issuerDid: string
}

/** What a test may put in the place of the usual. */
export interface Changes {
  readonly holder?: Partial<HolderPorts>
  /** Stands around everything that is sent. */
  readonly around?: (transport: Transport) => Transport
  readonly copies?: number
  /** Who issues, in the place of a did:jwk made for it. */
  readonly issuer?: { readonly did: string; readonly signer: Signer & { readonly kid: string } }
  /** DIDs that the verifier believes, in the place of the issuer's. */
  readonly trusted?: readonly string[]
}

export function memoryStage(changes: Changes = {}): MemoryStage {
  const time = clock()
  const stores = {
    issuer: memoryStore({ now: time.nowMs }),
    holder: memoryStore({ now: time.nowMs }),
    verifier: memoryStore({ now: time.nowMs }),
  }
  const sent: WireRequest[] = []
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
  const { now } = time
  const judging = {
    checkSignatures,
    hash,
    random,
    now,
    resolveKey,
    statusOf: createStatusLists({ transport, checkSignatures, resolveKey, inflate, now }).statusOf,
  }
  const issuerIdentity = changes.issuer ?? identity()
  const verifierIdentity = identity()
  const issuer = createIssuer(
    {
      store: stores.issuer,
      signer: issuerIdentity.signer,
      checkSignatures,
      hash,
      random,
      mac: macOf(random(32)),
      deflate,
      now,
    },
    {
      ...issuerDefaults,
      credential_issuer: ISSUER,
      did: issuerIdentity.did,
      display: [{ name: 'Registry', locale: 'en' }],
      configurations: { person: personConfiguration },
    },
  )
  const verifier = createVerifier(
    {
      ...judging,
      store: stores.verifier,
      signer: verifierIdentity.signer,
      trust: createAllowList({
        issuers: (changes.trusted ?? [issuerIdentity.did]).map((id) => ({ id, vcts: [PERSON_VCT] })),
        verifiers: [],
      }),
    },
    { ...verifierDefaults, client_id: `decentralized_identifier:${verifierIdentity.did}`, baseUrl: VERIFIER },
  )
  const person: Stage['person'] = {}
  const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
  const holder = createHolder(
    {
      ...judging,
      store: stores.holder,
      keys: softwareKeys({ store: stores.holder, generateKey, signerOf }),
      transport,
      consent: {
        toReceive: () => ({ agreed: true, ...person }),
        toPresent: ({ items }) => ({ agreed: items.length > 0 }),
      },
      trust: { mayIssue: () => undecided, mayAsk: () => undecided },
      ...changes.holder,
    },
    { ...holderDefaults, copies: changes.copies ?? 4 },
  )
  return {
    issuer,
    holder,
    verifier,
    person,
    time,
    sent,
    stores,
    issuerDid: issuerIdentity.did,
    letTimePass: async () => time.advance(issuerDefaults.statusList.ttl + 1),
    close: async () => {},
  }
}

function identity(): {
  readonly did: string
  readonly signer: ReturnType<typeof signerOf> & { readonly kid: string }
} {
  const { publicJwk, privateJwk } = generateKey()
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  return { did, signer: { ...signerOf(privateJwk, kid), kid } }
}
