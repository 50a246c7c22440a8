import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { openLevelStore } from '@facet-id/level'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { storeIn } from '../config/data-directory.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { askOperator } from './ask-operator.ts'
import { type IssuanceNodeOptions, startIssuanceNode } from './issuance-node.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())

const start = (more: Partial<IssuanceNodeOptions> = {}) =>
  startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
    ...more,
  })

/** That everything is closed shows in that it can be opened: there is one handle to a store. */
async function startsAgain(): Promise<void> {
  await (await start()).close()
}

const metadataOf = async (origin: string, path = '') => {
  const url = `${origin}/.well-known/openid-credential-issuer${path}`
  const { body } = await transport.send({ method: 'GET', url, headers: {} })
  return JSON.parse(body)
}

test('FCT-9 when the port is taken, the store is closed again', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await outcomeOf(() => start({ port }))).toBe('port_in_use')
  await startsAgain()
  taken.close()
})

test('FCT-9 when the role is refused its settings, store and port are free again', async () => {
  const first = await start()
  const { port } = first
  await first.close()
  expect(await outcomeOf(() => start({ statusListTtl: -1, port }))).toBe('settings_invalid')
  const second = await start({ port })
  expect(second.port).toBe(port)
  await second.close()
})

test('FCT-9 when the operator gets no door, store and port are free again', async () => {
  const first = await start()
  const { port } = first
  await first.close()
  await mkdir(directory.in('issuer/operator.json'))
  expect(await outcomeOf(() => start())).toBe('data_directory_unusable')
  await rm(directory.in('issuer/operator.json'), { recursive: true })
  const second = await start()
  expect(second.port).toBe(port)
  await second.close()
})

test('FCT-9 a node that cannot start leaves the one that runs alone', async () => {
  const first = await start()
  expect(await outcomeOf(() => start({ port: 0 }))).toBe('store_locked')
  expect((await metadataOf(first.credentialIssuer)).credential_issuer).toBe(first.credentialIssuer)
  await first.close()
})

test('FCT-9 nothing is made where the address is refused', async () => {
  expect(await outcomeOf(() => start({ development: false }))).toBe('development_mode_needed')
  expect(await outcomeOf(() => start({ publicUrl: 'http://issuer.example' }))).toBe('development_mode_needed')
  expect(await outcomeOf(() => rm(directory.in('issuer')))).toBe('ENOENT')
  expect(await outcomeOf(() => rm(directory.in('issuer.key')))).toBe('ENOENT')
})

test('FCT-12 a node is closed once, however often, and answers no more', async () => {
  const node = await start()
  await Promise.all([node.close(), node.close()])
  await node.close()
  expect(await outcomeOf(() => metadataOf(node.credentialIssuer))).toBe('peer_unreachable')
  await startsAgain()
})

test('FCT-3 a second start has the same DID, the same address and the same issuances', async () => {
  const first = await start()
  await first.close()
  const second = await start()
  expect([second.did, second.credentialIssuer]).toEqual([first.did, first.credentialIssuer])
  await second.close()
})

test.each([
  ['https://issuer.example', ''],
  ['https://issuer.example/', ''],
  ['https://issuer.example/tenant', '/tenant'],
])('FCT-5 in production, as %s, every address that leaves is the public one', async (publicUrl, path) => {
  const node = await start({ development: false, publicUrl })
  const identifier = publicUrl.replace(/\/$/, '')
  try {
    expect(node.credentialIssuer).toBe(identifier)
    const metadata = await metadataOf(`http://127.0.0.1:${node.port}`, path)
    expect(metadata.credential_issuer).toBe(identifier)
    expect(JSON.stringify(metadata)).not.toMatch(/127\.0\.0\.1|http:/)
    const { link } = await node.issuer.offer({ configurationId: 'person', claims: specimen })
    const offer = JSON.parse(new URL(link).searchParams.get('credential_offer') ?? '')
    expect(offer.credential_issuer).toBe(identifier)
    expect(decodeURIComponent(link)).not.toMatch(/127\.0\.0\.1|http:/)
  } finally {
    await node.close()
  }
})

test('FCT-7 an offer that nobody redeemed is gone when its time is over, claims and all', async () => {
  const time = { at: 1_800_000_000 }
  const clock = { now: () => time.at }
  const node = await start({ clock })
  const { expiresAt } = await node.issuer.offer({ configurationId: 'person', claims: specimen })
  const second = await node.issuer.offer({ configurationId: 'person', claims: specimen })
  expect(second.expiresAt).toBe(expiresAt)
  await node.close()
  expect(await offersResting()).toBe(2)

  time.at = expiresAt
  const again = await start({ clock })
  await again.close()
  expect(await offersResting()).toBe(0)
})

test('FCT-7 what expires while a node runs is gone when it has ended', async () => {
  const time = { at: 1_800_000_000 }
  const node = await start({ clock: { now: () => time.at } })
  const { expiresAt } = await node.issuer.offer({ configurationId: 'person', claims: specimen })
  time.at = expiresAt
  await node.close()
  expect(await offersResting()).toBe(0)
})

/** Seen by a clock that stands before everything. */
async function offersResting(): Promise<number> {
  const store = await openLevelStore({ location: storeIn(directory.in('issuer')), now: () => 0 })
  let found = 0
  for await (const _ of store.range('issuer/offer')) found++
  await store.close()
  return found
}

test('FCT-7 what the role does not foresee is told to the operator, and not to the peer', async () => {
  const heard: unknown[] = []
  const trouble = new TypeError('Anna Maria is not iterable')
  const time = { trouble: false }
  const clock = {
    now: () => {
      if (time.trouble) throw trouble
      return 1_800_000_000
    },
  }
  const node = await start({ clock, onUnforeseen: (error) => heard.push(error) })
  time.trouble = true
  const url = `${node.credentialIssuer}/nonce`
  const { status, body } = await transport.send({ method: 'POST', url, headers: {} })
  time.trouble = false
  await node.close()
  expect([status, body]).toEqual([500, '{"error":"server_error"}'])
  expect(heard).toEqual([trouble])
})

test('VCI-GUESS-1 the operator of a node sees which offers were guessed at, through the door and after a restart', async () => {
  const first = await start()
  const { offer, issuanceId } = await first.issuer.offer({ configurationId: 'person', claims: specimen })
  const grant = offer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']
  const guesses = Array.from({ length: 5 }, () =>
    transport.send({
      method: 'POST',
      url: `${first.credentialIssuer}/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
        'pre-authorized_code': grant?.['pre-authorized_code'] ?? '',
        tx_code: 'guessed',
      }).toString(),
    }),
  )
  expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
  await first.close()
  const second = await start()
  const answer = await askOperator({ dataDirectory: directory.in('issuer'), transport }, 'guessed', {})
  await second.close()
  expect(answer).toMatchObject({ offers: [{ issuanceId, configurationId: 'person', tries: 5 }] })
})

test('PRS-2 a page that believes anybody is there in development mode alone, with a cookie that plain http carries', async () => {
  const developmentPersons = () => ({ person: specimen })
  const strict = start({ developmentPersons, development: false, publicUrl: 'https://issuer.example' })
  expect(await outcomeOf(() => strict)).toBe('development_mode_needed')
  const node = await start({
    developmentPersons,
    authorization: { clients: { wallet: { name: 'Wallet', redirectUris: ['http://127.0.0.1/cb'] } } },
  })
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'wallet',
    redirect_uri: 'http://127.0.0.1:5000/cb',
    scope: 'person',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const shown = await fetch(`${node.credentialIssuer}/authorize?${query}`)
  const cookie = shown.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^facet-[^;]*; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/)
  expect(shown.headers.get('access-control-allow-origin')).toBeNull()
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(await shown.text()) ?? []
  const back = await fetch(`${node.credentialIssuer}/authorize/answer`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookie.split(';')[0] ?? '', origin: node.credentialIssuer },
    body: new URLSearchParams({ flow, decision: 'agree', subject: 'anna' }),
  })
  expect(back.status).toBe(303)
  expect(back.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:5000\/cb\?code=/)
  await node.close()
})
