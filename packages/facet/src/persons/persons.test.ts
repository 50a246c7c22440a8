import { checkSignatures, clock, hash, keyPair, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { developmentLogin } from './development-login.ts'
import { type OpenIdProviderOptions, openIdProvider } from './openid-provider.ts'
import {
  arrived,
  browserOf,
  type Here,
  ISSUER,
  issuerAsking,
  OP,
  type ProviderWays,
  startUrl,
  type TestProvider,
  testProvider,
} from './persons.test-support.ts'

const titles = { person: 'Person <of Utopia>' }

test('PRS-1 the page says who asks, for what, and where it leads, in plain HTML that runs nothing', async () => {
  const shown = await browserOf(issuerAsking(developmentLogin({ titles }))).open(startUrl)
  expect(shown.status).toBe(200)
  for (const words of [
    'Wallet &lt;b&gt;&amp;',
    'Person &lt;of Utopia&gt;',
    'https://wallet.example/cb',
    'has not proven',
    'Development:',
  ]) {
    expect(shown.body).toContain(words)
  }
  expect(shown.body).not.toMatch(/<script|<link|<img|<iframe|src=| on[a-z]+=|url\(/i)
  expect(shown.headers['content-security-policy']).toMatch(/^default-src 'none';/)
})

test('PRS-2 a person of whom something is known agrees, or declines', async () => {
  const claims = { person: { name: 'Anna' } }
  const here = issuerAsking(
    developmentLogin({ titles, claimsOf: (subject) => (subject === 'anna' ? claims : undefined) }),
  )
  const browser = browserOf(here)
  const shown = await browser.open(startUrl)
  const again = await browser.press(shown, { decision: 'agree', subject: 'nobody' })
  expect(again.body).toContain('Nobody of that name')
  expect(arrived(await browser.press(again, { decision: 'agree', subject: 'anna' }))).toMatchObject({
    iss: ISSUER,
  })
  const other = browserOf(here)
  const declined = await other.press(await other.open(startUrl), { decision: 'decline' })
  expect(arrived(declined)).toMatchObject({ error: 'access_denied' })
})

test('PRS-2 a form that says nothing is asked again', async () => {
  const browser = browserOf(issuerAsking(developmentLogin({ titles })))
  const shown = await browser.open(startUrl)
  for (const form of [{}, { decision: 'agree' }, { decision: 'maybe', subject: 'anna' }]) {
    expect((await browser.press(shown, form)).status).toBe(200)
  }
})

interface Login {
  readonly here: Here
  readonly provider: TestProvider
}

function login(ways: Partial<ProviderWays> = {}, options: Partial<OpenIdProviderOptions> = {}): Login {
  const time = clock()
  const provider = testProvider({ time, ...ways })
  const authentication = openIdProvider({
    issuer: OP,
    clientId: 'facet',
    titles,
    transport: provider.transport,
    checkSignatures,
    hash,
    random,
    now: time.now,
    ...options,
  })
  return { provider, here: issuerAsking(authentication, time) }
}

test('PRS-3 a person logs in at their provider, is told what the wallet would get, and agrees', async () => {
  const { here, provider } = login()
  const browser = browserOf(here)
  const sent = await browser.open(startUrl)
  expect(sent.status).toBe(303)
  const query = new URL(sent.headers.location ?? '').searchParams
  expect(Object.fromEntries(query)).toMatchObject({
    response_type: 'code',
    client_id: 'facet',
    redirect_uri: `${ISSUER}/authorize/answer`,
    scope: 'openid',
    code_challenge_method: 'S256',
  })
  const shown = await browser.open(provider.returns(sent.headers.location ?? ''))
  expect(shown.body).toContain('You are logged in as <strong>anna</strong>')
  const back = await browser.press(shown, { decision: 'agree' })
  expect(arrived(back)).toHaveProperty('code')
})

test('PRS-3 whoever declines after logging in gets nothing, and who is not known to the operator neither', async () => {
  for (const personOf of [undefined, () => undefined]) {
    const { here, provider } = login({}, personOf === undefined ? {} : { personOf })
    const browser = browserOf(here)
    const sent = await browser.open(startUrl)
    const shown = await browser.open(provider.returns(sent.headers.location ?? ''))
    const back = personOf === undefined ? await browser.press(shown, { decision: 'decline' }) : shown
    expect(arrived(back)).toMatchObject({ error: 'access_denied' })
  }
})

test('PRS-3 a client with a secret is known by it at the provider', async () => {
  const { here, provider } = login({}, { clientSecret: 'a b:c' })
  const browser = browserOf(here)
  const sent = await browser.open(startUrl)
  expect((await browser.open(provider.returns(sent.headers.location ?? ''))).status).toBe(200)
  const [asked] = provider.asked
  expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from('facet:a%20b%3Ac').toString('base64')}`)
})

const wrong: readonly (readonly [string, Partial<ProviderWays>])[] = [
  ['for somebody else', { claims: { aud: 'other' } }],
  ['for others too', { claims: { aud: ['facet', 'other'] } }],
  ['given to somebody else', { claims: { azp: 'other' } }],
  ['of another provider', { claims: { iss: 'https://evil.example' } }],
  ['that answers another question', { claims: { nonce: 'x' } }],
  ['without a nonce', { claims: { nonce: null } }],
  ['that is over', { claims: { exp: 1 } }],
  ['from the future', { claims: { iat: 9_999_999_999 } }],
  ['about nobody', { claims: { sub: '' } }],
  ['signed by another', { signedBy: keyPair() }],
  ['with a key that is not published', { header: { kid: 'other' } }],
  ['of another kind', { header: { typ: 'at+jwt' } }],
  ['that brings its key', { header: { jwk: {} } }],
]

test.each(wrong)('PRS-4 an ID Token %s logs nobody in', async (_, ways) => {
  const { here, provider } = login(ways)
  const browser = browserOf(here)
  const sent = await browser.open(startUrl)
  const back = await browser.open(provider.returns(sent.headers.location ?? ''))
  expect(arrived(back)).toMatchObject({ error: 'server_error' })
})

test('PRS-4 an answer that another provider sent, or that does not say whose it is, is not followed', async () => {
  for (const iss of ['https://evil.example', undefined]) {
    const { here, provider } = login()
    const browser = browserOf(here)
    const sent = await browser.open(startUrl)
    const back = await browser.open(provider.returns(sent.headers.location ?? '', { iss }))
    expect(arrived(back)).toHaveProperty('error')
    expect(provider.asked).toEqual([])
  }
})

test('PRS-4 an answer counts in the browser that asked, and is of no use in another', async () => {
  const { here, provider } = login()
  const sent = await browserOf(here).open(startUrl)
  const other = browserOf(here)
  await other.open(startUrl)
  const stolen = await other.open(provider.returns(sent.headers.location ?? ''))
  expect(stolen.status).toBe(400)
  expect(provider.asked).toEqual([])
})

test('PRS-4 a provider that says it is another is not asked', async () => {
  const { here, provider } = login({ metadata: { issuer: 'https://evil.example' } })
  const back = await browserOf(here).open(startUrl)
  expect(arrived(back)).toMatchObject({ error: 'server_error' })
  expect(provider.asked).toEqual([])
})

test('PRS-5 a person who comes back from the provider agrees to nothing by that alone', async () => {
  const { here, provider } = login()
  const browser = browserOf(here)
  const sent = await browser.open(startUrl)
  const location = sent.headers.location ?? ''
  await browser.open(provider.returns(location))
  const reloaded = await browser.open(provider.returns(location))
  expect(reloaded.status).toBe(200)
  expect(reloaded.headers).not.toHaveProperty('location')
})
