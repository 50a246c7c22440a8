/** What is read, written and read again is the same, whatever a stranger put around it. */
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readClientId } from './client/client-id.ts'
import { readDcqlQuery } from './dcql/query.ts'
import { readRequestLink, writeRequestLink } from './request/request-link.ts'
import { readRequestObject } from './request/request-object.ts'
import { readRequestObjectJwt, writeRequestObjectInput } from './request/request-object-jwt.ts'
import {
  type AuthorizationResponse,
  authorizationResponseRequest,
  readAuthorizationResponse,
} from './response/authorization-response.ts'

const RUNS = 200
const client_id = 'decentralized_identifier:did:example:123'
const kid = 'did:example:123#1'

/** Choices that are the same in every run of one name. */
class Dice {
  readonly #random: (bytes: number) => Uint8Array

  constructor(name: string) {
    this.#random = seededRandom(name)
  }

  below(end: number): number {
    const [high = 0, low = 0] = this.#random(2)
    return (high * 256 + low) % end
  }

  one<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }

  maybe(members: JsonObject): JsonObject {
    return this.below(2) === 0 ? {} : members
  }

  many<T>(make: (place: number) => T): readonly T[] {
    return Array.from({ length: 1 + this.below(4) }, (_, place) => make(place))
  }
}

function anyText(dice: Dice): string {
  return dice.one(['', 'UTO', 'Zoë', '"', '&=+%', '\u2028', '__proto__', '🜁'])
}

function anyQuery(dice: Dice): JsonObject {
  const claim = (place: number): JsonObject => ({
    ...dice.maybe({ id: `c${place}` }),
    path: [`n${place}`, ...dice.many(() => dice.one<JsonValue>([anyText(dice), dice.below(9), null]))],
    ...dice.maybe({
      values: dice.many(() => dice.one<JsonValue>([anyText(dice), 1 - dice.below(9), true, false])),
    }),
    ...dice.maybe({ unknown: null }),
  })
  return {
    ...dice.maybe({ purpose: anyText(dice) }),
    ...dice.maybe({
      credential_sets: [{ options: [['q-0']], ...dice.maybe({ required: false, unknown: 1 }) }],
    }),
    credentials: dice.many((place) => ({
      // One of the first is of a kind that is known, or all would be refused.
      format: place === 0 ? 'dc+sd-jwt' : dice.one(['dc+sd-jwt', 'mso_mdoc']),
      id: `q-${place}`,
      ...dice.maybe({ trusted_authorities: [{ type: anyText(dice) || 'aki', values: ['x'], unknown: {} }] }),
      ...dice.maybe({ require_cryptographic_holder_binding: false }),
      ...dice.one<JsonObject>([
        {},
        { claims: dice.many(claim) },
        { claims: [{ id: 'c', path: ['x'] }], claim_sets: [['c'], ['c', 'c']] },
      ]),
      meta: { ...dice.maybe({ unknown: [1] }), vct_values: dice.many(() => `urn:${anyText(dice)}`) },
      ...dice.maybe({ multiple: dice.below(2) === 0 }),
    })),
  }
}

function anyRequest(dice: Dice): JsonObject {
  return {
    ...dice.maybe({ iss: anyText(dice), unknown: { a: [anyText(dice)] } }),
    exp: 1_800_000_000 + dice.below(999) / 2,
    client_id,
    ...dice.maybe({ aud: 'https://self-issued.me/v2' }),
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: `https://verifier.example/responses/${dice.below(99)}?a=%20`,
    nonce: dice.one(['n-0S6_WzA2Mj', '~._-', '0']),
    ...dice.maybe({ state: 'af0ifjsldkj' }),
    ...dice.maybe({ wallet_nonce: `${anyText(dice)}.` }),
    dcql_query: anyQuery(dice),
    ...dice.maybe({
      client_metadata: { client_name: anyText(dice), vp_formats_supported: { 'dc+sd-jwt': {} } },
    }),
  }
}

test('a DCQL query', () => {
  const dice = new Dice('query')
  for (let run = 0; run < RUNS; run++) {
    const read = readDcqlQuery(anyQuery(dice))
    const text = JSON.stringify(read)
    expect(readDcqlQuery(JSON.parse(text))).toEqual(read)
    expect(JSON.stringify(readDcqlQuery(JSON.parse(text)))).toBe(text)
  }
})

test('a request object', () => {
  const dice = new Dice('request')
  const followed = { client_id, request_uri: 'https://verifier.example/requests/1' }
  const clientId = readClientId(client_id)
  const signature = new Uint8Array(64)
  for (let run = 0; run < RUNS; run++) {
    const read = readRequestObject({ clientId, payload: anyRequest(dice) })
    const input = writeRequestObjectInput(read, { alg: 'ES256', kid })
    const again = readRequestObject(readRequestObjectJwt(writeJws(input, signature), followed))
    expect(again).toEqual(read)
    expect(writeRequestObjectInput(again, { alg: 'ES256', kid })).toBe(input)
  }
})

test('a link', () => {
  const dice = new Dice('link')
  for (let run = 0; run < RUNS; run++) {
    const method = dice.one(['', '&request_uri_method=get', '&request_uri_method=post'])
    const uri = encodeURIComponent(`https://verifier.example/${dice.below(99)}?a=%2B&b=${dice.below(9)}`)
    const read = readRequestLink(`openid4vp://?more=1${method}&request_uri=${uri}&client_id=${client_id}`)
    expect(readRequestLink(writeRequestLink(read))).toEqual(read)
  }
})

test('an answer', () => {
  const dice = new Dice('answer')
  for (let run = 0; run < RUNS; run++) {
    const state = dice.below(2) === 0 ? {} : { state: `s${anyText(dice)}` }
    const vp_token = Object.fromEntries(dice.many((place) => [`q${place}`, [`eyJ~${anyText(dice)}`]]))
    const answer = dice.one<AuthorizationResponse>([
      { vp_token, ...state },
      { error: 'access_denied', ...state },
    ])
    const read = readAuthorizationResponse(authorizationResponseRequest('https://verifier.example/', answer))
    expect(read).toEqual(answer)
    expect(
      readAuthorizationResponse(authorizationResponseRequest('https://verifier.example/', read)),
    ).toEqual(read)
  }
})
