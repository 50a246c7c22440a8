import { createHmac } from 'node:crypto'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { checkSignatures, clock, hash, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { foreignServers } from './foreign-servers.ts'
import { openIdProvider } from './openid-provider.ts'
import { arrived, browserOf, issuerAsking, OP, startUrl, testProvider } from './persons.test-support.ts'
import { type RsaKey, rsaKey, unsigned } from './rsa.test-support.ts'

const SERVER = 'https://as.example'
const [key, other, short] = [rsaKey('a'), rsaKey('a'), rsaKey('short', 1024)]
const said = { iss: SERVER, sub: 'anna' }
const kind = { typ: 'at+jwt' }

/** Asks a server that publishes these keys; they may change. */
function server(published: RsaKey[] = [key, short]) {
  const time = clock()
  const asked: string[] = []
  const { verifyServerToken } = foreignServers({
    now: time.now,
    transport: {
      async send({ url }) {
        asked.push(url)
        const body = url.endsWith('/keys')
          ? { keys: [{ kty: 'RSA', n: 'x', e: 'AQAB' }, ...published.map(({ publicJwk }) => publicJwk)] }
          : { issuer: SERVER, token_endpoint: `${SERVER}/token`, jwks_uri: `${SERVER}/keys` }
        return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      },
    },
  })
  return {
    time,
    asked,
    verify: (token: string, issuer = SERVER) => verifyServerToken({ issuer, token }),
  }
}

test.each(['RS256', 'PS256'])('OAS-7-5 a token that a named server signed with %s is taken', async (alg) => {
  const { verify } = server()
  expect(await verify(key.token({ ...kind, alg }, said))).toEqual(said)
  expect(await verify(key.token({ alg, typ: 'application/AT+jwt' }, said))).toEqual(said)
})

const hmac = (): string => {
  const input = writeSigningInput({ ...kind, alg: 'HS256', kid: 'a' }, said)
  const secret = String(key.publicJwk.n)
  return writeJws(input, createHmac('sha256', secret).update(input).digest())
}

test.each<[string, string]>([
  ['signed by another', other.token(kind, said)],
  ['with a key that is not published', rsaKey('b').token(kind, said)],
  ['with a short key', short.token(kind, said)],
  ['of a longer digest than is taken', key.token({ ...kind, alg: 'RS512' }, said)],
  ['with a secret that everybody knows', hmac()],
  ['signed by nobody', unsigned({ ...kind, alg: 'none' }, said)],
  ['of another kind', key.token({ typ: 'JWT' }, said)],
  ['of no kind', key.token({}, said)],
  ['that leads to a key', key.token({ ...kind, jku: 'https://evil.example' }, said)],
  ['that brings a key', key.token({ ...kind, jwk: other.publicJwk }, said)],
  ['that demands something', key.token({ ...kind, crit: ['b64'], b64: false }, said)],
  ['of another server', key.token(kind, { ...said, iss: 'https://evil.example' })],
  ['of nobody', key.token(kind, { sub: 'anna' })],
  ['that is too long', key.token(kind, { ...said, more: 'x'.repeat(20_000) })],
  ['changed afterwards', `${key.token(kind, said).slice(0, -4)}AAAA`],
  ['of no form', 'x'],
])('OAS-7-5 a token %s is not taken', async (_, token) => {
  expect(await server().verify(token)).toBeUndefined()
})

test('OAS-7-5 a server is asked nothing for what is signed in no such way', async () => {
  const { verify, asked } = server()
  for (const token of ['x', hmac(), key.token({}, said)]) await verify(token)
  expect(asked).toEqual([])
})

test('OAS-7-5 a key that is new is found, and unknown names fetch no more than once a minute', async () => {
  const published = [key]
  const { verify, asked, time } = server(published)
  expect(await verify(key.token(kind, said))).toEqual(said)
  const fresh = rsaKey('new')
  published.push(fresh)
  expect(await verify(fresh.token(kind, said))).toBeUndefined()
  time.advance(61)
  expect(await verify(fresh.token(kind, said))).toEqual(said)
  const before = asked.length
  for (let times = 0; times < 20; times++) await verify(rsaKey('c', 1024).token(kind, said))
  expect(asked).toHaveLength(before)
})

function login(rsa: RsaKey, signing: RsaKey = rsa, alg = 'RS256') {
  const time = clock()
  const provider = testProvider({ time, rsa: { published: rsa, signing, alg } })
  const authentication = openIdProvider({
    issuer: OP,
    clientId: 'facet',
    titles: { person: 'Person' },
    transport: provider.transport,
    checkSignatures,
    hash,
    random,
    now: time.now,
  })
  return { provider, here: issuerAsking(authentication, time) }
}

test.each(['RS256', 'PS256'])(
  'PRS-9, PRS-3 a person logs in at a provider that signs with %s',
  async (alg) => {
    const { provider, here } = login(key, key, alg)
    const browser = browserOf(here)
    const sent = await browser.open(startUrl)
    const shown = await browser.open(provider.returns(sent.headers.location ?? ''))
    expect(shown.body).toContain('You are logged in as <strong>anna</strong>')
    expect(arrived(await browser.press(shown, { decision: 'agree' }))).toHaveProperty('code')
  },
)

test('PRS-9, PRS-4 an ID Token that is signed with another RSA key logs nobody in', async () => {
  const { provider, here } = login(key, other)
  const browser = browserOf(here)
  const sent = await browser.open(startUrl)
  const back = await browser.open(provider.returns(sent.headers.location ?? ''))
  expect(arrived(back)).toMatchObject({ error: 'server_error' })
})
