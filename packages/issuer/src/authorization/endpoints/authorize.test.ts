import {
  authorizationUrl,
  pushedAuthorizationRequest,
  readAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  ANSWER,
  AUTHORIZE,
  arrived,
  asking,
  askingWorld,
  authorizing,
  browserOf,
  codeFrom,
  flowIn,
  grantedBy,
  onePage,
  PAR,
  push,
  REDIRECT,
  redeeming,
  WALLET,
} from '../../browser.test-support.ts'
import {
  askCredential,
  credentialsIn,
  nonceFrom,
  proofOf,
  refusalIn,
  verified,
} from '../../wallet.test-support.ts'
import { ISSUER, specimen, type World, world } from '../../world.test-support.ts'

/** A page that tells the person, and sends the browser nowhere. */
function shownTrouble(response: WireResponse): number {
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(response.headers).not.toHaveProperty('location')
  expect(response.headers).not.toHaveProperty('set-cookie')
  return response.status
}

function pushing(changes: Partial<typeof asking>): WireRequest {
  return pushedAuthorizationRequest(PAR, { ...asking, ...changes })
}

async function errorIn(here: World, changes: Partial<typeof asking>): Promise<string> {
  return refusalIn(await here.send(pushing(changes)))
}

test('VCI-5-1, VCI-5.1.2-1, VCI-5.2-1, PAR-2.1-2 a wallet pushes, a person agrees, and what they agreed to is issued', async () => {
  const here = askingWorld()
  const { access_token, token_type, expires_in } = await grantedBy(here)
  expect({ token_type, expires_in }).toEqual({ token_type: 'Bearer', expires_in: 300 })
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const [credential = ''] = credentialsIn(await here.send(askCredential(access_token, [proof])))
  expect((await verified(here, credential)).claims).toMatchObject(specimen)
})

test('PAR-2.2-1 a pushed request is named by 256 bits, for a minute', async () => {
  const here = askingWorld()
  const response = await here.send(pushing({}))
  expect(response.status).toBe(201)
  const { request_uri, expires_in } = JSON.parse(response.body)
  expect(request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/)
  expect(expires_in).toBe(60)
  here.time.advance(60)
  expect(shownTrouble(await browserOf(here).open(authorizing(request_uri)))).toBe(400)
})

test('PAR-2.2-1 a name is good once, also when fifty browsers bring it at once', async () => {
  const here = askingWorld()
  const uri = await push(here)
  const answers = await Promise.all(Array.from({ length: 50 }, () => browserOf(here).open(authorizing(uri))))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
})

test('PAR-2.2-1 a name is of no use to another client, and is not used up by one', async () => {
  const clients = {
    [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT] },
    other: { name: 'Other', redirectUris: ['https://other.example/cb'] },
  }
  const here = askingWorld({ clients })
  const uri = await push(here)
  expect(shownTrouble(await browserOf(here).open(authorizing(uri, 'other')))).toBe(400)
  expect((await browserOf(here).open(authorizing(uri))).status).toBe(200)
})

test('FAPI-5.2.2-1 where requests must be pushed, one that the browser brings is refused', async () => {
  const here = askingWorld({ pushedRequests: 'required' })
  const browser = browserOf(here)
  expect(shownTrouble(await browser.open(authorizationUrl(AUTHORIZE, asking)))).toBe(400)
  expect((await browser.open(authorizing(await push(here)))).status).toBe(200)
})

test.each(['scope=other', 'redirect_uri=https%3A%2F%2Fevil.example', 'state=evil', 'x=y'])(
  'PAR-4-1 %s beside the name is refused, and the name stays good',
  async (beside) => {
    const here = askingWorld()
    const url = authorizing(await push(here))
    expect(shownTrouble(await browserOf(here).open(`${url}&${beside}`))).toBe(400)
    expect((await browserOf(here).open(url)).status).toBe(200)
  },
)

test('VCI-5.2-1 a request may come through the browser where the operator allows it', async () => {
  const here = askingWorld()
  const browser = browserOf(here)
  const shown = await browser.open(authorizationUrl(AUTHORIZE, asking))
  expect(arrived(await browser.post(ANSWER, { flow: flowIn(shown) }))).toMatchObject({ iss: ISSUER })
})

test.each<[string, Partial<typeof asking>, string]>([
  ['a redirect_uri that differs in a slash', { redirect_uri: `${REDIRECT}/` }, '400 invalid_request'],
  ['a redirect_uri with a query', { redirect_uri: `${REDIRECT}?x=1` }, '400 invalid_request'],
  ['a redirect_uri on a host below', { redirect_uri: 'https://a.wallet.example/cb' }, '400 invalid_request'],
  ['a script', { redirect_uri: 'javascript:alert(1)' }, '400 invalid_request'],
  ['plain http', { redirect_uri: 'http://wallet.example/cb' }, '400 invalid_request'],
  ['another client', { client_id: 'somebody' }, '401 invalid_client'],
  ['a client with a name that every object has', { client_id: 'constructor' }, '401 invalid_client'],
])('BCP-2.1-1 %s is refused, and nothing is kept', async (_, changes, refused) => {
  const here = askingWorld()
  expect(await errorIn(here, changes)).toBe(refused)
  expect(await here.state.rests()).toEqual([])
  const shown = await browserOf(here).open(authorizationUrl(AUTHORIZE, { ...asking, ...changes }))
  expect(shownTrouble(shown)).toBe(400)
})

test('BCP-2.1-1 only the port of an address on this machine may differ', async () => {
  const clients = { [WALLET]: { name: 'Wallet', redirectUris: ['http://127.0.0.1/cb'] } }
  const here = askingWorld({ clients })
  const at = (redirect_uri: string): Promise<number> =>
    here.send(pushing({ redirect_uri })).then(({ status }) => status)
  expect(await at('http://127.0.0.1:51234/cb')).toBe(201)
  expect(await at('http://127.0.0.1/cb')).toBe(201)
  for (const other of ['http://127.0.0.1:51234/other', 'http://localhost:51234/cb', 'http://127.0.0.1:0/cb'])
    expect(await at(other)).toBe(400)
})

test('PKCE-4.4.1-1 a request without challenge is refused', async () => {
  const here = askingWorld()
  const { code_challenge: _, code_challenge_method: __, ...bare } = asking
  expect(refusalIn(await here.send(pushedAuthorizationRequest(PAR, bare)))).toBe('400 invalid_request')
  const back = await browserOf(here).open(authorizationUrl(AUTHORIZE, bare))
  expect(arrived(back)).toMatchObject({ error: 'invalid_request', iss: ISSUER })
})

test('VCI-5.1.2-2 unknown scopes are ignored, and a request of nothing else is refused', async () => {
  const here = askingWorld()
  expect((await here.send(pushing({ scope: 'openid person unknown' }))).status).toBe(201)
  expect(await errorIn(here, { scope: 'unknown' })).toBe('400 invalid_scope')
  const { scope: _, ...nothing } = asking
  expect(refusalIn(await here.send(pushedAuthorizationRequest(PAR, nothing)))).toBe('400 invalid_scope')
})

const details = (entry: object) => ({
  authorization_details: [
    { type: 'openid_credential', credential_configuration_id: 'person', ...entry } as const,
  ],
})

test('VCI-5.1.1-1 details of what does not exist, or is another issuer’s, are refused', async () => {
  const here = askingWorld()
  for (const entry of [{ credential_configuration_id: 'other' }, { locations: ['https://other.example'] }]) {
    expect(await errorIn(here, details(entry))).toBe('400 invalid_authorization_details')
  }
  expect((await here.send(pushing(details({ locations: [ISSUER] })))).status).toBe(201)
})

test('VCI-6.2-1, VCI-6.2-2, VCI-8.2-2, VCI-5.1.2-4 what was asked for by details is granted by identifiers, also beside a scope', async () => {
  const here = askingWorld()
  const { authorization_details: [granted] = [], access_token } = await grantedBy(here, details({}))
  expect(granted).toMatchObject({ type: 'openid_credential', credential_configuration_id: 'person' })
  expect(granted?.credential_identifiers).toHaveLength(1)
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  // Once there are identifiers, the configuration is no way to ask.
  expect(refusalIn(await here.send(askCredential(access_token, [proof])))).toBe('403 insufficient_scope')
  const asked = askCredential(access_token, [proof])
  const [credential_identifier] = granted?.credential_identifiers ?? []
  const body = JSON.stringify({ credential_identifier, proofs: { jwt: [proof] } })
  expect(credentialsIn(await here.send({ ...asked, body }))).toHaveLength(1)
  expect((await grantedBy(here)).authorization_details).toBeUndefined()
})

test('ISS-2-1 a person who refuses sends the wallet away with an error that says whose it is', async () => {
  const here = askingWorld()
  const browser = browserOf(here)
  const shown = await browser.open(authorizing(await push(here)))
  const back = await browser.post(ANSWER, { flow: flowIn(shown), answer: 'no' })
  expect(arrived(back)).toMatchObject({ error: 'access_denied', state: 'xyz', iss: ISSUER })
  expect(await here.state.rests()).toEqual([])
  expect(shownTrouble(await browser.post(ANSWER, { flow: flowIn(shown) }))).toBe(400)
})

test('BCP-2.1-5, BCP-2.6-1 the browser is sent back with 303, and no page of others may read it', async () => {
  const here = askingWorld()
  const browser = browserOf(here)
  const shown = await browser.open(authorizing(await push(here)))
  const back = await browser.post(ANSWER, { flow: flowIn(shown) })
  expect(back.status).toBe(303)
  for (const { headers } of [shown, back]) {
    expect(headers).toMatchObject({
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
  expect(shown.headers['content-security-policy']).toContain("default-src 'none'")
  expect(shown.headers['content-security-policy']).toContain("frame-ancestors 'none'")
})

test('OAS-3-1 a flow is bound to the browser that it began in', async () => {
  const here = askingWorld()
  const mine = browserOf(here)
  const shown = await mine.open(authorizing(await push(here)))
  expect(shown.headers['set-cookie']).toMatch(
    /^__Host-facet-[\w-]{16}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
  )
  const flow = flowIn(shown)
  const other = browserOf(here)
  await other.open(authorizing(await push(here)))
  expect(shownTrouble(await other.post(ANSWER, { flow }))).toBe(400)
  const [name = ''] = mine.cookies.keys()
  other.cookies.set(name, 'A'.repeat(43))
  expect(shownTrouble(await other.post(ANSWER, { flow }))).toBe(400)
  expect(arrived(await mine.post(ANSWER, { flow }))).toHaveProperty('code')
})

test.each<[string, WireRequest['headers']]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a page below', { 'sec-fetch-site': 'same-site' }],
])('OAS-3-1 a form that comes from %s is refused', async (_, from) => {
  const here = askingWorld()
  const browser = browserOf(here)
  const flow = flowIn(await browser.open(authorizing(await push(here))))
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie, ...from }
  const body = new URLSearchParams({ flow }).toString()
  expect(shownTrouble(await here.send({ method: 'POST', url: ANSWER, headers, body }))).toBe(400)
  expect((await browser.post(ANSWER, { flow })).status).toBe(303)
})

test('OAS-3-3 a person may be shown several pages, and each step is taken once', async () => {
  const here = askingWorld()
  const browser = browserOf(here)
  const flow = flowIn(await browser.open(authorizing(await push(here))))
  expect((await browser.post(ANSWER, { flow, again: '1' })).body).toBe('again')
  const ends = await Promise.all(Array.from({ length: 50 }, () => browser.post(ANSWER, { flow })))
  expect(ends.filter(({ status }) => status === 303)).toHaveLength(1)
  // Who answers twice is not told that nothing came of it.
  for (const { body } of [
    ...ends.filter(({ status }) => status !== 303),
    await browser.post(ANSWER, { flow }),
  ]) {
    expect(body).toContain('the first answer counts')
    expect(body).not.toContain('Nothing was issued')
  }
  const other = browserOf(here)
  await other.open(authorizing(await push(here)))
  expect(shownTrouble(await other.post(ANSWER, { flow }))).toBe(400)
  expect((await here.state.rests()).filter(({ ns }) => ns === 'issuer/code')).toHaveLength(1)
})

test('OAS-3-2 whoever is told of a user authentication that breaks may break too: the wallet is answered', async () => {
  const breaks = () => {
    throw new Error('broken')
  }
  const ports = { userAuthentication: { ...onePage, begin: breaks }, onUnforeseen: breaks }
  const here = askingWorld({}, { ports })
  const response = await browserOf(here).open(authorizing(await push(here)))
  expect(arrived(response)).toMatchObject({ error: 'server_error' })
})

test('OAS-3-2 a user authentication that agrees to what nobody asked is an error of ours, and grants nothing', async () => {
  const unforeseen: unknown[] = []
  const here = askingWorld({}, { ports: { onUnforeseen: (error) => unforeseen.push(error) } })
  const browser = browserOf(here)
  const flow = flowIn(await browser.open(authorizing(await push(here))))
  const back = await browser.post(ANSWER, { flow, agreed: 'person,other' })
  expect(arrived(back)).toEqual({ error: 'server_error', state: 'xyz', iss: ISSUER })
  expect(unforeseen).toHaveLength(1)
})

test('OAS-3-2 a user authentication that breaks tells the wallet that it is our trouble, and nothing else', async () => {
  const broken = { ...onePage, answer: () => Promise.reject(new Error('secret')) }
  const here = askingWorld({}, { ports: { userAuthentication: broken } })
  const browser = browserOf(here)
  const flow = flowIn(await browser.open(authorizing(await push(here))))
  const back = await browser.post(ANSWER, { flow })
  expect(arrived(back)).toEqual({ error: 'server_error', state: 'xyz', iss: ISSUER })
})

test('PAR-2.3-1 what is pushed with another method, or is no form, is refused', async () => {
  const here = askingWorld()
  expect((await here.send({ method: 'GET', url: PAR, headers: {} })).status).toBe(405)
  const json = { ...pushing({}), headers: { 'content-type': 'application/json' } }
  expect(refusalIn(await here.send(json))).toBe('400 invalid_request')
})

test('ASM-2-1, PKCE-BCP-2, PAR-5-1, HAIP-4.1-1 an issuer that asks nobody has none of this, and its metadata says so', async () => {
  const here = world()
  expect((await here.send(pushing({}))).status).toBe(404)
  expect((await here.send({ method: 'GET', url: authorizing('x'), headers: {} })).status).toBe(404)
  const url = 'https://issuer.example/.well-known/oauth-authorization-server/utopia'
  const without = JSON.parse((await here.send({ method: 'GET', url, headers: {} })).body)
  expect(without).not.toHaveProperty('authorization_endpoint')
  const asks = askingWorld({ pushedRequests: 'required', refreshLifetime: 3600 })
  expect(JSON.parse((await asks.send({ method: 'GET', url, headers: {} })).body)).toMatchObject({
    authorization_endpoint: AUTHORIZE,
    pushed_authorization_request_endpoint: PAR,
    require_pushed_authorization_requests: true,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    authorization_details_types_supported: ['openid_credential'],
    scopes_supported: ['person'],
  })
})

test('codes, names, cookies and flows rest as digests', async () => {
  const here = askingWorld()
  const uri = await push(here)
  const browser = browserOf(here)
  expect(JSON.stringify(await here.state.rests())).not.toContain(uri.slice(-43))
  const flow = flowIn(await browser.open(authorizing(uri)))
  const rests = JSON.stringify(await here.state.rests())
  for (const secret of [flow, ...browser.cookies.values()]) expect(rests).not.toContain(secret)
  const code = await codeFrom(here)
  expect(JSON.stringify(await here.state.rests())).not.toContain(code)
  expect((await here.send(redeeming(code))).status).toBe(200)
  expect(() =>
    readAuthorizationResponse('', { redirectUri: REDIRECT, issuer: ISSUER, requireIss: true }),
  ).toThrow()
})
