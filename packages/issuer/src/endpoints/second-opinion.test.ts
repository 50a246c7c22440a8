import type { JsonObject } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import type { WireResponse } from '@facet-id/protocol/wire'
import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { IssuerError } from '../error.ts'
import type { SecondOpinion } from '../ports.ts'
import { askToken, credentialsIn, ready, refusalIn } from '../wallet.test-support.ts'
import { person, type World, world } from '../world.test-support.ts'

/** Stands for an engine of another make. */
function read(compact: string): JsonObject {
  return openStoredSdJwt(compact, hash).opened.claims
}

interface Engine {
  readonly opinion: SecondOpinion
  /** What it was given, in order. */
  readonly seen: string[]
  /** What it answers from now on; `undefined`: the truth. */
  answer?: SecondOpinion | undefined
}

function engine(answer?: SecondOpinion): Engine {
  const made: Engine = {
    seen: [],
    answer,
    opinion(compact) {
      made.seen.push(compact)
      return (made.answer ?? read)(compact)
    },
  }
  return made
}

/** As good as never: what else is read, is read whatever chance says. */
const rarely = { secondOpinionEvery: 1_000_000 }

/** A sample of one copy in so many: none at all, unless told. */
function worldWith({ opinion }: Engine, every = 1_000_000, told: unknown[] = []): World {
  return world({
    settings: { secondOpinionEvery: every },
    ports: { secondOpinion: opinion, onUnforeseen: (error) => told.push(error) },
  })
}

async function issued(here: World, copies = 2): Promise<readonly string[]> {
  const { request } = await ready(here, { copies })
  return credentialsIn(await here.send(request))
}

/** What rests, but for the record that says that the configuration is stopped. */
async function rests({ state }: World): Promise<unknown> {
  return (await state.rests()).filter(({ ns }) => ns !== 'issuer/stopped')
}

test('FCT-11 where all are asked for, every copy is read before any is handed out', async () => {
  const second = engine()
  const credentials = await issued(worldWith(second, 1), 4)
  expect([...second.seen].sort()).toEqual([...credentials].sort())
})

test('FCT-11 after a start the first copy of each configuration is read, and no other that chance leaves out', async () => {
  const second = engine()
  const here = worldWith(second)
  const first = await issued(here, 4)
  expect(second.seen).toHaveLength(1)
  expect(first).toContain(second.seen[0])
  await issued(here)
  expect(second.seen).toHaveLength(1)
  const again = world({ beside: here, settings: rarely, ports: { secondOpinion: second.opinion } })
  const afterRestart = await issued(again, 1)
  expect(second.seen.slice(1)).toEqual(afterRestart)
})

test('FCT-11 of two configurations each has a first copy of its own', async () => {
  const second = engine()
  const configurations = { person, other: { ...person, vct: 'urn:facet:test:other' } }
  const here = world({
    settings: { secondOpinionEvery: 1_000_000, configurations },
    ports: { secondOpinion: second.opinion },
  })
  await issued(here)
  const made = await here.offer({ configurationId: 'other' })
  const { request } = await ready(here, { made })
  const body = JSON.parse(request.body ?? '')
  const answer = await here.send({
    ...request,
    body: JSON.stringify({ ...body, credential_configuration_id: 'other' }),
  })
  expect(credentialsIn(answer)).toContain(second.seen[1])
  expect(second.seen).toHaveLength(2)
})

test('FCT-11 the sample is drawn for each copy by chance: one in so many, and another choice each time', async () => {
  const counts: number[] = []
  const draws: number[] = []
  for (let start = 0; start < 2; start++) {
    const second = engine()
    const here = world({
      settings: { secondOpinionEvery: 4, batchSize: 100 },
      ports: {
        secondOpinion: second.opinion,
        random(bytes) {
          draws.push(bytes)
          return random(bytes)
        },
      },
    })
    await issued(here, 1)
    const credentials = await issued(here, 100)
    counts.push(second.seen.length - 1)
    expect(credentials).toEqual(expect.arrayContaining(second.seen.slice(1)))
  }
  // Of 200 with a chance of a quarter each: eight standard deviations on either side of 50.
  const total = counts.reduce((sum, count) => sum + count, 0)
  expect(total).toBeGreaterThan(1)
  expect(total).toBeLessThan(99)
  expect(draws.filter((bytes) => bytes === 4)).toHaveLength(200)
})

test.each([0, -1, 1.5, Number.NaN, 1_000_001])('FCT-11 a sample of one in %d is refused', (every) => {
  expect(outcomeOf(() => worldWith(engine(), every))).toBe('settings_invalid')
})

const without = (claims: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([member]) => member !== name))

test.each<[string, SecondOpinion]>([
  ['sees another name', (compact) => ({ ...read(compact), family_name: 'Other' })],
  ['misses a claim', (compact) => without(read(compact), 'given_name')],
  ['sees a claim more', (compact) => ({ ...read(compact), admin: true })],
  ['sees nationalities in another order', (compact) => ({ ...read(compact), nationalities: ['ZZZ', 'UTO'] })],
  ['sees another kind', (compact) => ({ ...read(compact), age_equal_or_over: { '18': 'true' } })],
  ['sees another type', (compact) => ({ ...read(compact), vct: 'urn:facet:test:member' })],
  ['sees another issuer', (compact) => ({ ...read(compact), iss: 'did:example:other' })],
  ['sees another end', (compact) => ({ ...read(compact), exp: 1 })],
  ['sees no key', (compact) => without(read(compact), 'cnf')],
  [
    'sees another status',
    (compact) => ({ ...read(compact), status: { status_list: { idx: 0, uri: 'x:y' } } }),
  ],
  ['sees nothing', () => ({})],
  [
    'cannot read it',
    () => {
      throw new Error('Invalid digest of Anna Maria Eriksson')
    },
  ],
  ['cannot read it, and says so later', () => Promise.reject(new Error('Eriksson'))],
  [
    'cannot read it, in words that a wallet would be told',
    () => {
      throw new IssuerError('proof_invalid', 'Eriksson')
    },
  ],
])(
  'FCT-11, FCT-STOP when the second engine %s, nothing is issued, recorded or used up, and the configuration is stopped',
  async (_, answer) => {
    const second = engine(answer)
    const told: unknown[] = []
    const here = worldWith(second, 1, told)
    const { request } = await ready(here)
    const before = await rests(here)
    const response = await here.send(request)
    expect(response.status).toBe(500)
    expect(response.body).toBe('{"error":"server_error"}')
    expect(await rests(here)).toEqual(before)
    expect(told).toMatchObject([{ code: 'second_opinion_differs' }])
    expect(String(told[0])).toContain('"person"')
    expect(String(told[0])).not.toMatch(/Eriksson|Anna/)
    expect(await here.issuer.stopped()).toEqual([{ configurationId: 'person', stoppedAt: here.time.now() }])

    second.answer = undefined
    await here.issuer.resume('person')
    expect(credentialsIn(await here.send(request))).toHaveLength(2)
  },
)

test('FCT-11 one copy of many that is read differently is enough', async () => {
  let copies = 0
  const second = engine((compact) => (++copies === 7 ? {} : read(compact)))
  const here = worldWith(second, 1)
  const { request } = await ready(here, { copies: 10 })
  const before = await rests(here)
  expect((await here.send(request)).status).toBe(500)
  expect(await rests(here)).toEqual(before)
})

test('FCT-STOP while it is stopped, offers, codes and tokens are refused with a code of its own, and stay good', async () => {
  const second = engine(() => ({}))
  const told: unknown[] = []
  const here = worldWith(second, 100, told)
  const waiting = await here.offer()
  const early = await ready(here)
  await here.send((await ready(here)).request)
  const before = await here.state.rests()
  const refusals = [
    await here.send(early.request),
    await here.send(askToken(waiting)),
    await here.send(askToken(waiting, { tx_code: '000000' })),
  ]
  expect(refusals.map(refusalIn)).toEqual(Array(3).fill('503 temporarily_unavailable'))
  expect(await outcomeOf(() => here.offer())).toBe('configuration_stopped')
  expect(await here.state.rests()).toEqual(before)
  // The operator hears of the disagreement, and not of everybody who is refused for it.
  expect(told).toHaveLength(1)
  // Nor is the other engine bothered with what is not issued.
  expect(second.seen).toHaveLength(1)

  second.answer = undefined
  await here.issuer.resume('person')
  expect(await here.issuer.stopped()).toEqual([])
  expect(credentialsIn(await here.send(early.request))).toHaveLength(2)
  expect((await here.send(askToken(waiting))).status).toBe(200)
})

test('FCT-STOP the stop outlives a restart, and other nodes of the issuer heed it', async () => {
  const here = worldWith(engine(() => ({})))
  const { request } = await ready(here)
  await here.send(request)
  const honest = engine()
  const beside = world({ beside: here, settings: rarely, ports: { secondOpinion: honest.opinion } })
  expect(refusalIn(await beside.send(request))).toBe('503 temporarily_unavailable')
  expect(honest.seen).toEqual([])
  expect(await beside.issuer.stopped()).toMatchObject([{ configurationId: 'person' }])
  await beside.issuer.resume('person')
  expect(credentialsIn(await beside.send(request))).toHaveLength(2)
  expect(honest.seen).toHaveLength(1)
})

test('FCT-STOP after it is resumed the next copy is the first again', async () => {
  const second = engine()
  const here = worldWith(second)
  await issued(here)
  expect(second.seen).toHaveLength(1)
  await here.issuer.resume('person')
  await issued(here)
  expect(second.seen).toHaveLength(2)
  expect(await outcomeOf(() => here.issuer.resume('no such thing'))).toBe('configuration_unknown')
})

/** Many requests at once, of which the first copy waits for the other engine to answer. */
async function manyAtOnce(answer: 'the truth' | 'something else') {
  let decide = (): void => {}
  const decided = new Promise<void>((resolve) => {
    decide = resolve
  })
  const second = engine(async (compact) => {
    await decided
    return answer === 'the truth' ? read(compact) : {}
  })
  const here = worldWith(second)
  const requests = []
  for (let wallet = 0; wallet < 20; wallet++) requests.push((await ready(here)).request)
  let answered = 0
  const answers: Promise<WireResponse>[] = requests.map((request) =>
    here.send(request).finally(() => {
      answered++
    }),
  )
  // Everything that can be done without the other engine's answer is done.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  const before = answered
  decide()
  return { here, second, before, responses: await Promise.all(answers) }
}

test('FCT-11 of many requests at once none is answered before the first copy was read, and then all are', async () => {
  const { second, before, responses } = await manyAtOnce('the truth')
  expect(before).toBe(0)
  expect(second.seen).toHaveLength(1)
  expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
})

test('FCT-11, FCT-STOP of many requests at once none is answered with a credential when the first is read differently', async () => {
  const { here, second, before, responses } = await manyAtOnce('something else')
  expect(before).toBe(0)
  expect(second.seen).toHaveLength(1)
  expect(responses.map(refusalIn).sort()).toEqual([
    '500 server_error',
    ...Array(19).fill('503 temporarily_unavailable'),
  ])
  for await (const { issuanceId } of here.issuer.issuances()) throw new Error(`${issuanceId} was issued`)
})

test('FCT-STOP what was signed before the stop and would be recorded after it is not handed out', async () => {
  let others = 0
  const second = engine()
  const here = worldWith(second, 1)
  await issued(here)
  const [slow, bad] = [await ready(here, { copies: 1 }), await ready(here, { copies: 1 })]
  let goOn = (): void => {}
  const waits = new Promise<void>((resolve) => {
    goOn = resolve
  })
  second.answer = async (compact) => {
    if (++others > 1) return {}
    await waits
    return read(compact)
  }
  const late = here.send(slow.request)
  while (others === 0) await new Promise((resolve) => setImmediate(resolve))
  expect((await here.send(bad.request)).status).toBe(500)
  goOn()
  expect(refusalIn(await late)).toBe('503 temporarily_unavailable')
})

test('FCT-STOP where the stop cannot be kept, nothing is issued all the same, and the operator hears of both', async () => {
  const second = engine(() => ({}))
  const told: unknown[] = []
  const kept = world()
  const here = world({
    beside: kept,
    ports: {
      secondOpinion: second.opinion,
      onUnforeseen: (error) => told.push(error),
      store: {
        ...kept.state.store,
        commit: (ops) =>
          ops.some((op) => op.op === 'put' && op.ns === 'issuer/stopped')
            ? Promise.reject(new Error('the disk is full'))
            : kept.state.store.commit(ops),
      },
    },
  })
  const { request } = await ready(here)
  expect((await here.send(request)).status).toBe(500)
  expect((await here.send(request)).status).toBe(500)
  expect(second.seen).toHaveLength(2)
  expect(told).toMatchObject([
    { code: 'second_opinion_differs', cause: { errors: [{}, { message: 'the disk is full' }] } },
    {},
  ])
})

test('FCT-11 an issuer without a second engine hands out on its own word', async () => {
  expect(await issued(world())).toHaveLength(2)
})
