import type { StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import type { WireResponse } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { jsonPage, publishing } from './documents.test-support.ts'
import { createIssuerKeys } from './issuer-keys.ts'
import { createKeyResolver } from './key-resolver.ts'
import { listIssuer, startOfTime, statusList, uri, worldOf } from './lists.test-support.ts'

const issuer = listIssuer()

const ask = (world: ReturnType<typeof worldOf>, idx = 0, of = issuer.did): Promise<StatusAnswer> =>
  world.lists.statusOf({ issuer: of, reference: { uri, idx } })

/** A moment that a test brings about. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

test('TSL-8.3-8 says what the entry holds', async () => {
  const world = worldOf(() => issuer.list({ exp: startOfTime + 100 }))
  expect(await ask(world, 0)).toEqual({ status: 0, listExpiresAt: startOfTime + 100 })
  expect(await ask(world, 1)).toEqual({ status: 1, listExpiresAt: startOfTime + 100 })
})

test('TSL-8.3-1 the whole list is had for elsewhere, checked, with the time at which it was asked for', async () => {
  const bytes = Uint8Array.of(0xc9, 0x44, 0xf9)
  const world = worldOf(() => issuer.list({ ttl: 100, status_list: statusList(bytes, 2) }))
  const list = { bits: 2, bytes, askedAt: startOfTime }
  expect(await world.lists.listOf({ issuer: issuer.did, uri })).toMatchObject({ list })
  world.clock.advance(50)
  expect(await world.lists.listOf({ issuer: issuer.did, uri })).toMatchObject({ list })
  expect(await world.lists.listOf({ issuer: 'did:example:other', uri })).toHaveProperty('refused')
})

test('TSL-8.3-8 says what an entry of more bits holds', async () => {
  const world = worldOf(() => issuer.list({ status_list: statusList(Uint8Array.of(0xc9, 0x44, 0xf9), 2) }))
  const statuses = await Promise.all([0, 1, 2, 3].map((idx) => ask(world, idx)))
  expect(statuses).toEqual([{ status: 1 }, { status: 2 }, { status: 0 }, { status: 3 }])
})

test('TSL-8.1-2 asks for a list by its media type, with a GET at the reference’s address', async () => {
  const world = worldOf(() => issuer.list())
  await ask(world)
  expect(world.asked).toEqual([
    { method: 'GET', url: uri, headers: { accept: 'application/statuslist+jwt' } },
  ])
})

test('TSL-8.3-7 an entry that the list does not have is refused, and the list stays good for others', async () => {
  const world = worldOf(() => issuer.list({ ttl: 100 }))
  for (const idx of [16, 17, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    expect(await ask(world, idx)).toEqual({ refused: 'The status list has no entry for the credential.' })
  }
  expect(await ask(world, 15)).toEqual({ status: 0 })
  expect(world.asked).toHaveLength(1)
})

test('TSL-8.3-6 a list is kept for its ttl, and then fetched again', async () => {
  let revoked = 0
  const world = worldOf(() => issuer.list({ ttl: 10, status_list: statusList(Uint8Array.of(revoked)) }))
  expect(await ask(world)).toEqual({ status: 0 })
  revoked = 1
  world.clock.advance(9)
  expect(await ask(world)).toEqual({ status: 0 })
  expect(world.asked).toHaveLength(1)
  world.clock.advance(1)
  expect(await ask(world)).toEqual({ status: 1 })
  expect(world.asked).toHaveLength(2)
})

test('TSL-8.3-6 the ttl counts from when the list was asked for, not from when it came', async () => {
  const world = worldOf(() => {
    world.clock.advance(6)
    return issuer.list({ ttl: 10 })
  })
  await ask(world)
  world.clock.advance(3)
  await ask(world)
  expect(world.asked).toHaveLength(1)
  world.clock.advance(1)
  await ask(world)
  expect(world.asked).toHaveLength(2)
})

test('TSL-8.2-3 ttl and exp count, whatever HTTP says of caching', async () => {
  const caching = (
    headers: WireResponse['headers'],
    claims: { readonly ttl?: number; readonly exp?: number },
  ) =>
    worldOf(() => {
      const answer = issuer.list(claims)
      return { ...answer, headers: { ...answer.headers, ...headers } }
    })
  const long = { 'cache-control': 'max-age=99999, immutable', expires: 'Fri, 31 Dec 2049 23:59:59 GMT' }
  const none = { 'cache-control': 'no-store', expires: '0', pragma: 'no-cache' }
  const fetchesWithin = async (world: ReturnType<typeof worldOf>, seconds: number) => {
    await ask(world)
    world.clock.advance(seconds)
    await ask(world)
    return world.asked.length
  }
  expect(await fetchesWithin(caching(long, { ttl: 2 }), 2)).toBe(2)
  expect(await fetchesWithin(caching(long, { exp: startOfTime + 5 }), 5)).toBe(2)
  expect(await fetchesWithin(caching(none, { ttl: 100 }), 99)).toBe(1)
})

test('TSL-11.5-1 a ttl is brought within bounds: a second, and a day', async () => {
  const hasty = worldOf(() => issuer.list({ ttl: 0.001 }))
  await Promise.all([ask(hasty), ask(hasty, 1)])
  await ask(hasty)
  expect(hasty.asked).toHaveLength(1)
  hasty.clock.advance(1)
  await ask(hasty)
  expect(hasty.asked).toHaveLength(2)

  for (const ttl of [10 ** 9, Number.MAX_SAFE_INTEGER, 1e300]) {
    const lasting = worldOf(() => issuer.list({ ttl }))
    await ask(lasting)
    lasting.clock.advance(86_399)
    await ask(lasting)
    expect(lasting.asked).toHaveLength(1)
    lasting.clock.advance(1)
    await ask(lasting)
    expect(lasting.asked).toHaveLength(2)
  }
})

test('TSL-11.5-1 an exp in the far future does not make a list last either, nor its absence', async () => {
  for (const [claims, seconds] of [
    [{ exp: startOfTime + 10 ** 9 }, 86_400],
    [{}, 300],
  ] as const) {
    const world = worldOf(() => issuer.list(claims))
    await ask(world)
    world.clock.advance(seconds - 1)
    await ask(world)
    expect(world.asked).toHaveLength(1)
    world.clock.advance(1)
    await ask(world)
    expect(world.asked).toHaveLength(2)
  }
})

test('TSL-13.7-1 a list is not relied upon from its exp on, whatever its ttl', async () => {
  const world = worldOf(() => issuer.list({ ttl: 1000, exp: startOfTime + 5 }))
  expect(await ask(world)).toEqual({ status: 0, listExpiresAt: startOfTime + 5 })
  world.clock.advance(4)
  expect(await ask(world)).toHaveProperty('status')
  world.clock.advance(1)
  expect(await ask(world)).toEqual({
    refused: 'The status list has expired: its issuer must publish a new one.',
  })
})

test('TSL-13.7-1 a list that expires while it comes is not relied upon', async () => {
  const world = worldOf(() => {
    world.clock.advance(5)
    return issuer.list({ exp: startOfTime + 5 })
  })
  expect(await ask(world)).toHaveProperty('refused')
})

test('TSL-13.7-1 without ttl a list is fetched anew by its exp', async () => {
  const world = worldOf(() => issuer.list({ exp: world.clock.now() + 5 }))
  await ask(world)
  world.clock.advance(5)
  expect(await ask(world)).toEqual({ status: 0, listExpiresAt: startOfTime + 10 })
})

test('TSL-8.3-9 a list that could be had before, and cannot be had now, says nothing', async () => {
  const world = worldOf(() => {
    if (world.asked.length > 1) return { status: 503, headers: {}, body: '' }
    return issuer.list({ ttl: 10, exp: startOfTime + 1000 })
  })
  expect(await ask(world)).toHaveProperty('status')
  world.clock.advance(10)
  expect(await ask(world)).toHaveProperty('undetermined')
})

test('TSL-8.3-9 a list that cannot be had is asked for again after a second, and not sooner', async () => {
  const world = worldOf(() =>
    world.asked.length > 1 ? issuer.list() : { status: 500, headers: {}, body: '' },
  )
  expect(await ask(world)).toHaveProperty('undetermined')
  expect(await ask(world, 1)).toHaveProperty('undetermined')
  expect(world.asked).toHaveLength(1)
  world.clock.advance(1)
  expect(await ask(world)).toEqual({ status: 0 })
})

test('TSL-8.3-6 a clock that is set back makes no list last longer', async () => {
  const world = worldOf(() => issuer.list({ ttl: 10, iat: startOfTime - 3600 }))
  await ask(world)
  world.clock.advance(-1800)
  await ask(world)
  expect(world.asked).toHaveLength(2)
})

test('many who ask at once share one fetch', async () => {
  const { opened, open } = gate()
  const world = worldOf(async () => {
    await opened
    return issuer.list()
  })
  const asking = Array.from({ length: 50 }, (_, i) => ask(world, i % 2))
  open()
  const answers = await Promise.all(asking)
  expect(answers.map((answer) => ('status' in answer ? answer.status : answer))).toEqual(
    Array.from({ length: 50 }, (_, i) => i % 2),
  )
  expect(world.asked).toHaveLength(1)
})

test('TSL-11.3-1 a list of one issuer says nothing of another’s credentials, nor spoils it for its own', async () => {
  const stranger = listIssuer()
  const world = worldOf(() => issuer.list({ ttl: 100 }))
  expect(await ask(world, 0, stranger.did)).toHaveProperty('refused')
  expect(await ask(world, 0)).toEqual({ status: 0 })
  expect(await ask(world, 0, stranger.did)).toHaveProperty('refused')
})

test('what is kept is bounded, and what was used longest ago is forgotten', async () => {
  const bytes = new Uint8Array(10_000)
  const world = worldOf(({ url }) => issuer.list({ sub: url, ttl: 1000, status_list: statusList(bytes) }), {
    bounds: { maxKeptBytes: 35_000 },
  })
  const at = (n: number) =>
    world.lists.statusOf({ issuer: issuer.did, reference: { uri: `https://issuer.example/${n}`, idx: 0 } })
  for (const n of [1, 2, 3, 1, 4]) expect(await at(n)).toEqual({ status: 0 })
  expect(world.asked).toHaveLength(4)
  await at(1)
  expect(world.asked).toHaveLength(4)
  await at(2)
  expect(world.asked).toHaveLength(5)
})

test('a list that is larger than what is kept is used, and not kept', async () => {
  const world = worldOf(() => issuer.list({ ttl: 1000, status_list: statusList(new Uint8Array(10_000)) }), {
    bounds: { maxKeptBytes: 9000 },
  })
  expect(await ask(world)).toEqual({ status: 0 })
  expect(await ask(world)).toEqual({ status: 0 })
  expect(world.asked).toHaveLength(2)
})

test('TSL-11.3-1 a list of an issuer that is known by its address is believed by the key that is published there', async () => {
  const address = 'https://issuer.example'
  const asked: unknown[] = []
  const world = worldOf(() => issuer.list({}, { kid: 'a' }), {
    issuerKeyOf: async (reference) => {
      asked.push(reference)
      const key = await createKeyResolver().resolveKey({
        did: issuer.did,
        kid: issuer.kid,
        relationship: 'assertionMethod',
      })
      return 'key' in key ? { ...key, issuer: address } : key
    },
  })
  const reference = { uri, idx: 1 }
  expect(await world.lists.statusOf({ issuer: address, by: 'jwt_vc_issuer', reference })).toEqual({
    status: 1,
  })
  expect(asked).toEqual([{ by: 'jwt_vc_issuer', issuer: address, kid: 'a', alg: 'ES256' }])
  // Known in another way, it is another issuer.
  expect(await world.lists.statusOf({ issuer: address, by: 'did', reference })).toHaveProperty('refused')
  expect(await world.lists.statusOf({ issuer: address, by: 'x5c', reference })).toHaveProperty('refused')
  const nobody = worldOf(() => issuer.list())
  expect(await nobody.lists.statusOf({ issuer: address, by: 'jwt_vc_issuer', reference })).toHaveProperty(
    'undetermined',
  )
})

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'TSL-11.3-1 a list that is signed with %s is believed by the key for that algorithm at the address of its issuer',
  async (alg) => {
    const address = 'https://issuer.example'
    const [owner, other] = [listIssuer(alg), listIssuer(alg === 'ES256' ? 'EdDSA' : 'ES256')]
    const keys = [owner, other].map(({ publicJwk }, at) => ({ ...publicJwk, kid: `${at}` }))
    const published = publishing({
      [`${address}/.well-known/jwt-vc-issuer`]: jsonPage({ issuer: address, jwks: { keys } }),
    })
    const { issuerKeyOf } = createIssuerKeys({ transport: published.transport, now: published.clock.now })
    const asking = (kid: string, of = owner) =>
      worldOf(() => of.list({}, { kid }), { issuerKeyOf }).lists.statusOf({
        issuer: address,
        by: 'jwt_vc_issuer',
        reference: { uri, idx: 1 },
      })
    expect(await asking('0')).toEqual({ status: 1 })
    expect(await asking('1')).toHaveProperty('refused')
    expect(await asking('0', other)).toHaveProperty('refused')
  },
)
