import { expect, test } from 'vitest'
import { entity, federationWorld, start, statementPage } from './federation.test-support.ts'

const anchor = entity('https://anchor.example')
const ministry = entity('https://ministry.example')
const issuer = entity('https://issuer.example/tenant')
const mark = 'https://anchor.example/marks/issuer'

/** anchor → ministry → issuer */
function founded() {
  const world = federationWorld([anchor])
  world.publish(anchor, [])
  world.publish(ministry, [anchor.id])
  world.publish(issuer, [ministry.id])
  world.vouch(anchor, ministry)
  world.vouch(ministry, issuer)
  /** As the issuer would send it along. */
  const chain = (): readonly string[] =>
    [
      world.configurationUrl(issuer.id),
      world.fetchUrl(ministry, issuer.id),
      world.fetchUrl(anchor, ministry.id),
      world.configurationUrl(anchor.id),
    ].map((url) => world.textAt(url))
  return { ...world, chain }
}

const kindOf = (answer: object) => Object.keys(answer)[0]

test('FED-10.1-1 a chain is collected along authority_hints, from where each entity publishes', async () => {
  const { federation, asked } = founded()
  expect(await federation.memberOf(issuer.id)).toMatchObject({
    member: { entityId: issuer.id, anchor: anchor.id, intermediates: [ministry.id], trustMarks: [] },
    validUntil: start + 1000,
  })
  expect(asked).toEqual([
    'https://issuer.example/tenant/.well-known/openid-federation',
    'https://ministry.example/.well-known/openid-federation',
    'https://ministry.example/fetch?sub=https%3A%2F%2Fissuer.example%2Ftenant',
    'https://anchor.example/.well-known/openid-federation',
    'https://anchor.example/fetch?sub=https%3A%2F%2Fministry.example',
  ])
})

test('FED-4.3-2 a chain that was sent along spares the asking, also where nobody could be asked', async () => {
  for (const isDown of [false, true]) {
    const { federation, asked, chain, pages, clock } = founded()
    const sent = chain()
    if (isDown) {
      pages.set('https://issuer.example/tenant/.well-known/openid-federation', () => {
        throw Object.assign(new Error('away'), { code: 'peer_unreachable' })
      })
      expect(kindOf(await federation.memberOf(issuer.id))).toBe('undetermined')
      asked.length = 0
    }
    expect(await federation.memberOf(issuer.id, sent)).toMatchObject({
      member: { entityId: issuer.id, anchor: anchor.id, intermediates: [ministry.id], trustMarks: [] },
      validUntil: start + 1000,
    })
    expect(asked).toEqual([])
    // And it is known from then on, until its chain ends.
    expect(federation.known(issuer.id)).toMatchObject({ member: { entityId: issuer.id } })
    clock.advance(1000)
    expect(federation.known(issuer.id)).toBeUndefined()
  }
})

test.each<[what: string, broken: (chain: readonly string[]) => readonly string[]]>([
  ['none', () => []],
  ['one without its end', (chain) => chain.slice(0, 2)],
  ['one in another order', (chain) => chain.toReversed()],
  ['one of another entity', (chain) => chain.slice(1)],
  ['one that was changed', (chain) => chain.map((text) => `${text.slice(0, -5)}AAAAA`)],
  ['one that is none', () => ['rubbish', 'and more']],
])('FED-4.3-2 of chains sent along %s is passed over, and the federation is asked', async (_, broken) => {
  const { federation, asked, chain } = founded()
  expect(kindOf(await federation.memberOf(issuer.id, broken(chain())))).toBe('member')
  expect(asked.length).toBe(5)
})

test('FED-4.3-2 who is known to be no member does not become one by an older chain', async () => {
  const { federation, chain, pages } = founded()
  const sent = chain()
  pages.clear()
  expect(kindOf(await federation.memberOf(issuer.id))).toBe('refused')
  expect(kindOf(await federation.memberOf(issuer.id, sent))).toBe('refused')
})

test('FED-10.4-2 a member is known until the end of its chain, and asked about once until then', async () => {
  const { federation, asked, clock } = founded()
  const all = await Promise.all(Array.from({ length: 20 }, () => federation.memberOf(issuer.id)))
  clock.advance(999)
  all.push(await federation.memberOf(issuer.id))
  expect(all.every((answer) => 'member' in answer)).toBe(true)
  expect(asked.length).toBe(5)
  clock.advance(1)
  expect(kindOf(await federation.memberOf(issuer.id))).toBe('refused')
  expect(asked.length).toBeGreaterThan(5)
})

test('FED-10.4-2 what is common to two members is fetched once', async () => {
  const world = founded()
  const second = entity('https://second.example')
  world.publish(second, [ministry.id])
  world.vouch(ministry, second)
  await world.federation.memberOf(issuer.id)
  const before = world.asked.length
  expect(kindOf(await world.federation.memberOf(second.id))).toBe('member')
  expect(world.asked.slice(before)).toEqual([
    world.configurationUrl(second.id),
    world.fetchUrl(ministry, second.id),
  ])
})

test('FED-10.1-2 whom nobody above names, or who names nobody, is no member', async () => {
  const world = founded()
  const stranger = entity('https://stranger.example')
  const claims = { metadata: {} }
  world.publish(stranger, [anchor.id], claims)
  const lonely = entity('https://lonely.example')
  world.publish(lonely, [])
  const vouched = entity('https://vouched.example')
  world.publish(vouched, [issuer.id])
  for (const id of [stranger.id, lonely.id, vouched.id, 'https://nobody.example'])
    expect(kindOf(await world.federation.memberOf(id))).toBe('refused')
})

test('FED-10.1-2 an anchor of that name with other keys is none', async () => {
  const world = founded()
  const impostor = entity(anchor.id)
  world.publish(impostor, [])
  world.vouch(impostor, ministry)
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
})

test('FED-10.1-2 where one way up fails another is tried', async () => {
  const world = founded()
  world.publish(issuer, ['https://gone.example', ministry.id])
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('member')
})

test('FED-8.1-1 a statement has its media type, and is about whom it was asked for', async () => {
  for (const spoil of [
    (body: string) => statementPage(body, 'application/jwt'),
    (body: string) => statementPage(body, 'text/html'),
    (body: string) => ({ ...statementPage(body), status: 302, headers: { location: 'https://x.example' } }),
    (body: string) => ({ ...statementPage(body), status: 404 }),
    () => statementPage(ministry.sign('entity-statement+jwt', { sub: ministry.id, jwks: ministry.jwks })),
    () => statementPage('nonsense'),
  ]) {
    const world = founded()
    const url = world.fetchUrl(ministry, issuer.id)
    const page = world.pages.get(url)
    world.pages.set(url, spoil(typeof page === 'object' ? page.body : ''))
    expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
    expect(world.asked).not.toContain('https://x.example')
  }
})

test('FED-8.1-1 an endpoint that is no https URL is not called', async () => {
  for (const endpoint of ['http://ministry.example/fetch', 'ministry', 'file:///etc/passwd', 7]) {
    const world = founded()
    world.publish(ministry, [anchor.id], {
      metadata: { federation_entity: { federation_fetch_endpoint: endpoint } },
    })
    expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
    expect(world.asked.every((url) => url.startsWith('https:'))).toBe(true)
  }
})

test('FED-18.1-1 attack: entities that name one another make no more than one request each', async () => {
  const world = federationWorld([anchor])
  const [a, b, c] = ['a', 'b', 'c'].map((name) => entity(`https://${name}.example`))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three')
  const ring = [a, b, c]
  for (const of of ring) {
    world.publish(
      of,
      ring.map(({ id }) => id),
    )
    for (const other of ring) world.vouch(other, of)
  }
  expect(kindOf(await world.federation.memberOf(a.id))).toBe('refused')
  expect(new Set(world.asked).size).toBe(world.asked.length)
  expect(world.asked.length).toBeLessThanOrEqual(9)
})

test('FED-18.1-1 attack: a tree without end, broad and deep, is given up at the bound', async () => {
  const world = federationWorld([anchor])
  // Whoever is asked names six more, whom nobody has met.
  let made = 0
  const grow = (id: string, above: number): void => {
    const of = entity(id)
    const hints = Array.from({ length: 6 }, () => `https://n${made++}.example`)
    world.publish(of, hints)
    for (const hint of hints) {
      if (above > 0) grow(hint, above - 1)
      const superior = { ...entity(hint), id: hint }
      world.vouch(superior, of)
    }
  }
  grow('https://bomb.example', 3)
  const answer = await world.federation.memberOf('https://bomb.example')
  expect(answer).toEqual({
    refused: 'More statements of the federation would have to be fetched than is done here.',
  })
  expect(world.asked.length).toBe(24)
  await world.federation.memberOf('https://bomb.example')
  expect(world.asked.length).toBe(24)
})

test('FED-18.1-1 attack: a thousand superiors are six, and an anchor among them is asked first', async () => {
  const world = founded()
  const hints = Array.from({ length: 1000 }, (_, at) => `https://n${at}.example`)
  world.publish(issuer, hints)
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
  expect(world.asked.length).toBe(7)
  const direct = founded()
  direct.publish(issuer, [...hints, anchor.id])
  direct.vouch(anchor, issuer)
  expect(kindOf(await direct.federation.memberOf(issuer.id))).toBe('member')
  expect(direct.asked.length).toBe(3)
})

test('FED-18.1-1 attack: a line of superiors without end is followed so far and no further', async () => {
  const world = federationWorld([anchor], { maxFetches: 100 })
  const line = Array.from({ length: 20 }, (_, at) => entity(`https://n${at}.example`))
  for (const [at, of] of line.entries()) {
    const superior = line[at + 1]
    world.publish(of, superior === undefined ? [anchor.id] : [superior.id])
    if (superior !== undefined) world.vouch(superior, of)
  }
  expect(kindOf(await world.federation.memberOf('https://n0.example'))).toBe('refused')
  expect(world.asked.length).toBe(13)
})

test('FED-10.1-3 a server that is not reached leaves it undetermined, and is asked again soon', async () => {
  const world = founded()
  const url = world.configurationUrl(ministry.id)
  const page = world.pages.get(url) ?? statementPage('')
  for (const code of ['peer_unreachable', 'peer_timed_out']) {
    world.pages.set(url, () => Promise.reject(Object.assign(new Error('SPECIMEN'), { code })))
    const answer = await world.federation.memberOf(issuer.id)
    expect(kindOf(answer)).toBe('undetermined')
    expect(JSON.stringify(answer)).not.toContain('SPECIMEN')
    world.clock.advance(30)
  }
  world.pages.set(url, page)
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('member')
})

test('FED-10.1-3 a broken statement is not kept: once it is mended the member is known', async () => {
  const world = founded()
  const url = world.fetchUrl(ministry, issuer.id)
  const page = world.pages.get(url) ?? statementPage('')
  world.pages.set(
    url,
    statementPage(entity(ministry.id).sign('entity-statement+jwt', { sub: issuer.id, jwks: issuer.jwks })),
  )
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
  world.pages.set(url, page)
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('refused')
  world.clock.advance(300)
  expect(kindOf(await world.federation.memberOf(issuer.id))).toBe('member')
})

test('FED-10.1-1 nobody is asked about a name that is no entity identifier', async () => {
  const { federation, asked } = founded()
  for (const id of [
    'did:jwk:a',
    'http://issuer.example',
    'https://issuer.example?x',
    'https://issuer.example#x',
    '',
  ])
    expect(kindOf(await federation.memberOf(id))).toBe('refused')
  expect(asked).toEqual([])
})

test('FED-7.3-1 a trust mark counts if its issuer is a member too, and the anchor names it for the type', async () => {
  const marked = async (claims: object, markOf = {}) => {
    const world = federationWorld([anchor])
    world.publish(anchor, [], { ...claims })
    world.publish(ministry, [anchor.id])
    world.vouch(anchor, ministry)
    world.vouch(anchor, issuer)
    const token = ministry.sign('trust-mark+jwt', { sub: issuer.id, trust_mark_type: mark, ...markOf })
    world.publish(issuer, [anchor.id], { trust_marks: [{ trust_mark_type: mark, trust_mark: token }] })
    const answer = await world.federation.memberOf(issuer.id)
    return { marks: 'member' in answer ? answer.member.trustMarks : undefined, asked: world.asked.length }
  }
  const metadata = { federation_entity: { federation_fetch_endpoint: `${anchor.id}/fetch` } }
  const issuers = (of: readonly string[]) => ({ metadata, trust_mark_issuers: { [mark]: of } })
  expect(await marked(issuers([ministry.id]))).toMatchObject({ marks: [mark] })
  expect(await marked(issuers(['https://other.example']))).toMatchObject({ marks: [] })
  expect(await marked(issuers([ministry.id]), { sub: ministry.id })).toMatchObject({ marks: [] })
  expect(await marked(issuers([ministry.id]), { exp: start })).toMatchObject({ marks: [] })
  // Nobody is asked about a mark that the anchor does not know.
  expect(await marked({ metadata })).toEqual({ marks: [], asked: 3 })
})

test('FED-18.1-1 attack: many strangers at once are looked up so many at a time, and a known member is known', async () => {
  const world = founded()
  await world.federation.memberOf(issuer.id)
  const before = world.asked.length
  const strangers = Array.from({ length: 100 }, (_, at) => `https://s${at}.example`)
  const answers = await Promise.all([...strangers, issuer.id].map((id) => world.federation.memberOf(id)))
  expect(world.asked.length - before).toBe(16)
  expect(answers.filter((answer) => 'undetermined' in answer).length).toBe(84)
  expect(kindOf(answers.at(-1) ?? {})).toBe('member')
  expect(kindOf(await world.federation.memberOf(strangers[99] ?? ''))).toBe('refused')
})
