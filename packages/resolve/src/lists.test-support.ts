/** An issuer of status lists for tests, and a world that hands its answers out. */
import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { type JwsAlgorithm, type PublicJwk, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import {
  type Clock,
  checkSignatures,
  clock,
  deflate,
  inflate,
  keyPairFor,
  signerFor,
} from '@facet-id/testkit'
import { createKeyResolver } from './key-resolver.ts'
import type { StatusListOptions } from './status-lists.ts'
import { createStatusLists, type StatusLists } from './status-lists.ts'

export const uri = 'https://issuer.example/status-lists/1'
export const startOfTime = 1_800_000_000

export interface ListIssuer {
  readonly did: string
  readonly kid: string
  readonly publicJwk: PublicJwk
  sign(header: JsonObject, payload: JsonObject): string
  /** A list of 16 entries, of which entry 1 is revoked, and what else it shall say. */
  list(claims?: JsonObject, header?: JsonObject): WireResponse
}

export function listIssuer(alg: JwsAlgorithm = 'ES256'): ListIssuer {
  const { publicJwk, privateJwk } = keyPairFor(alg)
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  const signer = signerFor(alg, privateJwk)
  const sign = (header: JsonObject, payload: JsonObject): string => {
    const input = writeSigningInput(header, payload)
    return writeJws(input, signer.sign(utf8(input)))
  }
  const list = (claims: JsonObject = {}, header: JsonObject = {}): WireResponse => {
    const said = { sub: uri, iat: startOfTime, status_list: statusList(Uint8Array.of(0b10, 0)), ...claims }
    return listAnswer(sign({ alg, typ: 'statuslist+jwt', kid, ...header }, said))
  }
  return { did, kid, publicJwk, sign, list }
}

/** The claim `status_list`. */
export function statusList(bytes: Uint8Array, bits = 1): JsonObject {
  return { bits, lst: writeBase64url(deflate(bytes)) }
}

export function listAnswer(body: string, headers: WireResponse['headers'] = {}): WireResponse {
  return { status: 200, headers: { 'content-type': 'application/statuslist+jwt', ...headers }, body }
}

/** What a peer does when it is asked. */
export type Answering = (request: WireRequest) => WireResponse | Promise<WireResponse>

export interface World {
  readonly lists: StatusLists
  readonly clock: Clock
  /** What was fetched so far. */
  readonly asked: readonly WireRequest[]
}

/** Status lists that are fetched from a peer that answers so. */
export function worldOf(answering: Answering, options: Partial<StatusListOptions> = {}): World {
  const asked: WireRequest[] = []
  const time = clock(startOfTime)
  const lists = createStatusLists({
    transport: {
      async send(request) {
        asked.push(request)
        return answering(request)
      },
    },
    checkSignatures,
    resolveKey: createKeyResolver().resolveKey,
    inflate,
    now: time.now,
    ...options,
  })
  return { lists, clock: time, asked }
}
