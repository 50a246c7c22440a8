import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JsonObject } from '@facet-id/credential/json'
import type { StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { ProtocolError, type ProtocolErrorCode } from '@facet-id/protocol/error'
import type { WireResponse } from '@facet-id/protocol/wire'
import { checkSignatures, inflate } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  type Answering,
  listAnswer,
  listIssuer,
  startOfTime,
  statusList,
  uri,
  worldOf,
} from './lists.test-support.ts'
import type { StatusListOptions } from './status-lists.ts'

const issuer = listIssuer()
const stranger = listIssuer()

function ask(answering: Answering, options: Partial<StatusListOptions> = {}): Promise<StatusAnswer> {
  return worldOf(answering, options).lists.statusOf({ issuer: issuer.did, reference: { uri, idx: 0 } })
}

/** `status`, `undetermined` or `refused`. */
async function kindOf(
  answering: Answering,
  options: Partial<StatusListOptions> = {},
): Promise<string | undefined> {
  return Object.keys(await ask(answering, options))[0]
}

const says = (claims: JsonObject, header: JsonObject = {}) => kindOf(() => issuer.list(claims, header))

test('TSL-8.3-3 a list that is whole is believed', async () => {
  expect(await says({})).toBe('status')
  expect(await says({ exp: startOfTime + 1, ttl: 1, iss: issuer.did, unknown: {} })).toBe('status')
})

test('TSL-8.2-1, SVC-2.2.2.3-5 what is not of the media type of a list is none, whatever it holds', async () => {
  const typed = (type: string | undefined): Promise<string | undefined> => {
    const { body } = issuer.list()
    return kindOf(() => ({ status: 200, headers: type === undefined ? {} : { 'content-type': type }, body }))
  }
  expect(await typed('application/statuslist+jwt')).toBe('status')
  expect(await typed('Application/StatusList+JWT; charset=utf-8')).toBe('status')
  for (const type of [
    undefined,
    '',
    'application/jwt',
    'application/json',
    'application/statuslist+cwt',
    'text/plain',
  ]) {
    expect(await typed(type)).toBe('refused')
  }
})

test('TSL-8.2-1 any status of 2xx brings the list, and no other brings anything', async () => {
  const { headers, body } = issuer.list()
  const kind = (status: number) => kindOf(() => ({ status, headers, body }))
  for (const status of [200, 203, 206]) expect(await kind(status)).toBe('status')
  for (const status of [301, 302, 304, 400, 404, 410, 500, 503])
    expect(await kind(status)).toBe('undetermined')
})

test.each<[string, JsonObject, JsonObject]>([
  ['another kind of token', {}, { typ: 'JWT' }],
  ['a credential', {}, { typ: 'dc+sd-jwt' }],
  ['a token without a kind', {}, { typ: null }],
  ['an algorithm that is none', {}, { alg: 'none' }],
  ['an algorithm of shared keys', {}, { alg: 'HS256' }],
  ['its own key', {}, { jwk: {} }],
  ['an extension that must be understood', {}, { crit: ['x'] }],
  ['no key id', {}, { kid: null }],
  ['no time', { iat: null }, {}],
  ['no list', { status_list: null }, {}],
  ['a ttl of 0', { ttl: 0 }, {}],
  ['a negative ttl', { ttl: -1 }, {}],
  ['a ttl that is a text', { ttl: '10' }, {}],
  ['an exp that is a text', { exp: '9999999999' }, {}],
  ['a width that is none', { status_list: { bits: 3, lst: 'eNrbuRgAAhcBXQ' } }, {}],
])('TSL-8.3-3 a token with %s is refused', async (_, claims, header) => {
  expect(await says(claims, header)).toBe('refused')
})

test('JWT-3.1-1 a list that is signed otherwise than the caller allows is refused', async () => {
  expect(await kindOf(() => issuer.list(), { algs: ['ES256'] })).toBe('status')
  expect(await kindOf(() => issuer.list(), { algs: ['ES384', 'EdDSA'] })).toBe('refused')
})

test('TSL-8.3-3 a token that is none is refused', async () => {
  for (const body of ['', 'a.b.c', '{}', issuer.list().body.slice(0, -3), `${issuer.list().body}.x`]) {
    expect(await kindOf(() => listAnswer(body))).toBe('refused')
  }
})

test('TSL-8.3-3, TSL-11.3-1 attack 10: a list that another issuer signed is refused, and its key not even resolved', async () => {
  const resolved: string[] = []
  const options: Partial<StatusListOptions> = {
    resolveKey: ({ kid }) => {
      resolved.push(kid)
      return { undetermined: 'unused' }
    },
  }
  expect(await kindOf(() => stranger.list(), options)).toBe('refused')
  expect(resolved).toEqual([])
})

test('TSL-8.3-3 attack 10: a list that names the issuer’s key, and was signed with another, is refused', async () => {
  const forged = stranger.list({}, { kid: issuer.kid })
  expect(await ask(() => forged)).toEqual({
    refused: 'The status list was changed or forged: its signature is not valid.',
  })
})

test('TSL-8.3-3 a list that was changed is refused', async () => {
  const [header, , signature] = issuer.list().body.split('.')
  const [, payload] = issuer.list({ ttl: 1_000_000 }).body.split('.')
  expect(await kindOf(() => listAnswer([header, payload, signature].join('.')))).toBe('refused')
})

test('TSL-8.3-3 a signature that was not found valid is not', async () => {
  expect(await kindOf(() => issuer.list(), { checkSignatures: () => [] })).toBe('refused')
  expect(await kindOf(() => issuer.list(), { checkSignatures: () => ['key_unusable'] })).toBe('refused')
})

test('TSL-8.3-3 an answer about the key is passed on in its words', async () => {
  const resolveKey = async () => ({ undetermined: 'The key could not be looked up.' })
  expect(await ask(() => issuer.list(), { resolveKey })).toEqual({
    undetermined: 'The key could not be looked up.',
  })
})

test('TSL-8.3-4 attack 10: a list for another address is refused, however alike', async () => {
  for (const sub of [
    `${uri}/`,
    `${uri}?`,
    `${uri}#`,
    uri.toUpperCase(),
    'https://issuer.example/status-lists/2',
    '',
  ]) {
    expect(await says({ sub })).toBe('refused')
  }
})

test('TSL-8.3-5, TSL-13.7-1 attack 10: a list whose exp has come is refused, to the second', async () => {
  expect(await says({ exp: startOfTime + 1 })).toBe('status')
  expect(await says({ exp: startOfTime })).toBe('refused')
  expect(await says({ exp: startOfTime - 1 })).toBe('refused')
  expect(await says({ exp: 0 })).toBe('refused')
})

test('TSL-8.3-6 a list of the future is refused, save for a minute by which clocks may differ', async () => {
  expect(await says({ iat: startOfTime + 60 })).toBe('status')
  expect(await says({ iat: startOfTime + 61 })).toBe('refused')
})

test('TSL-8.3-6 a list without an end may be a week old, and one with an end as old as it says', async () => {
  const week = 604_800
  expect(await says({ iat: startOfTime - week })).toBe('status')
  expect(await says({ iat: startOfTime - week - 1 })).toBe('refused')
  expect(await says({ iat: startOfTime - week - 1, exp: startOfTime + 1 })).toBe('status')
})

test('TSL-8.3-7 a list in another format, cut short, or damaged is refused', async () => {
  const bytes = new Uint8Array(1000).fill(7)
  const whole = deflateSync(bytes)
  const damaged = Uint8Array.from(whole)
  damaged.set([0xff, 0xff, 0xff], 4)
  for (const lst of [
    gzipSync(bytes),
    deflateRawSync(bytes),
    whole.subarray(0, -6),
    damaged,
    Uint8Array.of(0x78),
  ]) {
    expect(await says({ status_list: { bits: 1, lst: writeBase64url(lst) } })).toBe('refused')
  }
  expect(await says({ status_list: { bits: 1, lst: writeBase64url(whole) } })).toBe('status')
})

/** Zeros, a megabyte a block, in a stream that was never inflated to be written. */
function bomb(megabytes: number): Uint8Array {
  const block = deflateRawSync(new Uint8Array(1_048_576), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([Buffer.of(0x78, 0xda), ...Array.from({ length: megabytes }, () => block)])
}

test('TSL-8.3-7 attack 9: a list that inflates to a gigabyte is refused at the bound', async () => {
  const bounds: number[] = []
  const opened: number[] = []
  const answer = await ask(() => issuer.list({ status_list: { bits: 1, lst: writeBase64url(bomb(1024)) } }), {
    inflate: (zlib, maxBytes) => {
      bounds.push(maxBytes)
      const bytes = inflate(zlib, maxBytes)
      opened.push(bytes.length)
      return bytes
    },
  })
  expect(answer).toEqual({ refused: 'The status list cannot be opened, or is larger than is read here.' })
  expect(bounds).toEqual([16_777_216])
  expect(opened).toEqual([])
})

test('TSL-8.3-7 an inflater that does not stop is not believed', async () => {
  const inflateFar = () => new Uint8Array(16_777_217)
  expect(await kindOf(() => issuer.list(), { inflate: inflateFar })).toBe('refused')
})

test.each<[ProtocolErrorCode, string]>([
  ['peer_unreachable', 'undetermined'],
  ['peer_timed_out', 'undetermined'],
  ['response_too_large', 'refused'],
  ['address_refused', 'refused'],
  ['https_required', 'refused'],
  ['message_malformed', 'refused'],
])('TSL-8.3-9 attack 10: when fetching ends with %s the status is %s', async (code, kind) => {
  const answer = await ask(() => Promise.reject(new ProtocolError(code, 'SPECIMEN')))
  expect(Object.keys(answer)).toEqual([kind])
  expect(JSON.stringify(answer)).not.toContain('SPECIMEN')
})

test('TSL-8.3-9 nothing that goes wrong makes a status, or an error', async () => {
  const fail = (): never => {
    throw new TypeError('SPECIMEN')
  }
  const failLater = () => Promise.reject(new TypeError('SPECIMEN'))
  const whole = () => issuer.list()
  expect(await kindOf(fail)).toBe('undetermined')
  expect(await kindOf(failLater)).toBe('undetermined')
  expect(await kindOf(whole, { checkSignatures: fail })).toBe('undetermined')
  expect(await kindOf(whole, { checkSignatures: failLater })).toBe('undetermined')
  expect(await kindOf(whole, { resolveKey: fail })).toBe('undetermined')
  expect(await kindOf(whole, { inflate: fail })).toBe('refused')
  expect(await kindOf(whole, { inflate: failLater })).toBe('refused')
})

test('TSL-8.3-9 reasons are sentences that quote nothing of the peer', async () => {
  const specimen = 'SPECIMEN'
  const answers = await Promise.all([
    ask(() => ({ status: 500, headers: { [specimen]: specimen }, body: specimen })),
    ask(() => listAnswer(specimen)),
    ask(() => issuer.list({ sub: specimen })),
    ask(() => issuer.list({}, { kid: specimen })),
    ask(() => issuer.list({}, { kid: `${issuer.did}#${specimen}` })),
    ask(() => issuer.list({ iat: startOfTime + 1000, [specimen]: specimen })),
  ])
  for (const answer of answers) {
    const [why] = Object.values(answer)
    expect(why).toMatch(/^(?:The|What) .+\.$/)
    expect(why).not.toContain(specimen)
  }
})

test('a list of a million entries is read', async () => {
  const bytes = new Uint8Array(131_072)
  bytes[0] = 1
  const answer: WireResponse = issuer.list({ status_list: statusList(bytes) })
  expect(await ask(() => answer, { checkSignatures })).toEqual({ status: 1 })
})
