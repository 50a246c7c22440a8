/** A ministry that publishes a list of trusted parties, and whoever follows it. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { memoryStore, type Store } from '@facet-id/store'
import { type Clock, checkSignatures, clock, hash, keyPairFor, signerFor } from '@facet-id/testkit'
import type { PartyRules } from '@facet-id/trust'
import { type TrustList, writeTrustList } from '@facet-id/trust/lists'
import type { BytesResponse, BytesTransport } from '../bytes-transport.ts'
import type { FollowingBounds } from './due.ts'
import { type FollowedDocument, followDocument } from './followed-document.ts'
import { trustListAt } from './trust-document.ts'

export const url = 'https://trust.example/list.jwt'
export const start = 1_800_000_000

export interface Ministry {
  readonly keys: readonly [ReturnType<typeof keyPairFor>['publicJwk']]
  edition(of?: Partial<TrustList>): string
}

export function ministry(): Ministry {
  const pair = keyPairFor('ES256')
  const signer = signerFor('ES256', pair.privateJwk)
  return {
    keys: [pair.publicJwk],
    edition(of = {}) {
      const list: TrustList = {
        list: 'urn:uto:trust',
        environment: 'test',
        sequence: 1,
        issuedAt: start - 10,
        expiresAt: start + 86_400,
        rules: rulesFor('did:jwk:a'),
        ...of,
      }
      const input = writeTrustList(list, 'ES256')
      return writeJws(input, signer.sign(utf8(input)))
    },
  }
}

export function rulesFor(id: string, blocked: readonly string[] = []): PartyRules {
  return {
    issuers: [{ party: { id }, vcts: 'any' }],
    verifiers: [],
    blocked: blocked.map((name) => ({ id: name })),
  }
}

export function page(
  body: string | Uint8Array,
  contentType = 'application/facet-trust-list+jwt',
): BytesResponse {
  return {
    status: 200,
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? utf8(body) : body,
  }
}

export interface Follower {
  readonly clock: Clock
  readonly store: Store
  readonly asked: string[]
  readonly document: FollowedDocument<PartyRules>
  /** What is published from now on. */
  publish(answer: BytesResponse | (() => Promise<BytesResponse> | never)): void
  /** The same one after a restart, over the same store. */
  restarted(): Follower
}

export function follower(
  of: Ministry,
  given: { readonly store?: Store; readonly clock?: Clock; readonly bounds?: Partial<FollowingBounds> } = {},
): Follower {
  const time = given.clock ?? clock(start)
  const store = given.store ?? memoryStore({ now: () => time.now() * 1000 })
  const asked: string[] = []
  let answer: BytesResponse | (() => Promise<BytesResponse>) = { status: 404, headers: {}, body: utf8('') }
  const transport: BytesTransport = {
    async fetchBytes(request) {
      asked.push(request.url)
      return typeof answer === 'function' ? answer() : answer
    },
  }
  const document = followDocument(
    trustListAt({ url, list: 'urn:uto:trust', environment: 'test', keys: of.keys }),
    { transport, store, checkSignatures, hash, now: time.now },
    given.bounds,
  )
  return {
    clock: time,
    store,
    asked,
    document,
    publish(next) {
      answer = next
    },
    restarted: () => follower(of, { ...given, store, clock: time }),
  }
}
