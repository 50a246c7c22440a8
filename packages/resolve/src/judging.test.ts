import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import {
  type Answer,
  beginJudgement,
  type Expectations,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, hash, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createKeyResolver } from './key-resolver.ts'
import { listIssuer, startOfTime, uri, type World, worldOf } from './lists.test-support.ts'

const issuer = listIssuer()
const { resolveKey } = createKeyResolver()

const expected: Expectations = {
  now: startOfTime,
  skewSeconds: 60,
  algs: ['ES256'],
  keyBinding: { binding: 'forbidden' },
  vcts: ['urn:facet:person:1'],
  status: 'required',
}

const status = (idx: JsonValue): JsonObject => ({ status_list: { uri, idx } })

function credential(claims: JsonObject, by = issuer): string {
  const payload = { iss: issuer.did, vct: 'urn:facet:person:1', status: status(0), ...claims }
  return writeSdJwt(by.sign({ alg: 'ES256', typ: 'dc+sd-jwt', kid: issuer.kid }, payload), [])
}

async function answerTo(question: Question, { lists }: World): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key': {
      if (question.by !== 'did') throw new Error('the issuer of the test is a DID')
      const { issuer: did, kid } = question
      const answer = await resolveKey({ did, kid, relationship: 'assertionMethod' })
      return { to: 'issuer_key', ...('key' in answer ? { ...answer, issuer: did } : answer) }
    }
    case 'verdicts':
      return { to: 'verdicts', verdicts: checkSignatures(question.checks) }
    case 'trust':
      return {
        to: 'trust',
        decision: question.vct.endsWith(':1') ? 'trusted' : 'not_trusted',
        why: 'As listed.',
      }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'The test has no documents about types.' }
    case 'status':
      return { to: 'status', ...(await lists.statusOf(question)) }
  }
}

async function judge(compact: string, world: World, expectations = expected): Promise<Report> {
  let judgement = beginJudgement(compact, expectations, hash)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, await answerTo(ask, world))
  }
  return reportOf(judgement)
}

const reasonOf = ({ checks }: Report): string | undefined =>
  checks.find(({ reason }) => reason !== undefined)?.reason

const stranger = listIssuer()

/** What a vector changes in a credential and a list that are whole, and whether the list is fetched then. */
interface Scenario {
  readonly credential: JsonObject
  readonly list: JsonObject
  /** Headers of the answer. */
  readonly answer: Readonly<Record<string, string>>
  readonly status: number
  readonly signer: 'issuer' | 'stranger'
  readonly fetched: boolean
}

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../vectors/status-lists/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, async () => {
    const given = input as Partial<Scenario>
    const signer = given.signer === 'stranger' ? stranger : issuer
    const { headers, body } = signer.list(given.list)
    const answer = { status: given.status ?? 200, headers: { ...headers, ...given.answer }, body }
    const world = worldOf(() => answer)
    const report = await judge(credential(given.credential ?? {}), world)
    expect(report.verified ? 'verified' : reasonOf(report)).toBe(outcome)
    expect(world.asked.length > 0).toBe(given.fetched)
  })
}

test('TSL-8.3-8 a credential is believed when its list says so, and not when it is revoked', async () => {
  const world = worldOf(() => issuer.list())
  expect(await judge(credential({}), world)).toMatchObject({ verified: true })
  expect(reasonOf(await judge(credential({ status: status(1) }), world))).toBe('revoked')
})

test('TSL-7.1-3, TSL-8.3-1 a credential that is not valid is refused whatever its list says, which is not fetched', async () => {
  const world = worldOf(() => issuer.list())
  const elsewhere = { ...expected, vcts: ['urn:facet:person:2'] }
  expect(reasonOf(await judge(credential({}, listIssuer()), world))).toBe('signature_invalid')
  expect(reasonOf(await judge(credential({ exp: startOfTime - 3600 }), world))).toBe('expired')
  expect(reasonOf(await judge(credential({ nbf: startOfTime + 3600 }), world))).toBe('not_yet_valid')
  expect(reasonOf(await judge(credential({}), world, elsewhere))).toBe('type_not_expected')
  expect(reasonOf(await judge(credential({ vct: 'urn:facet:person:2' }), world, elsewhere))).toBe(
    'not_trusted',
  )
  expect(world.asked).toEqual([])
})

test('TSL-8.3-2 no list is fetched for a reference that cannot be read', async () => {
  const world = worldOf(() => issuer.list())
  const references: JsonValue[] = [
    'x',
    { status_list: [] },
    { status_list: { uri } },
    { status_list: { idx: 0 } },
    status(-1),
    status(0.5),
    status('0'),
  ]
  for (const reference of references) {
    expect(await judge(credential({ status: reference }), world)).toMatchObject({ verified: false })
  }
  expect(world.asked).toEqual([])
})

test('TSL-8.3-9 attack 10: a credential is not believed when its list cannot be, and the report says why', async () => {
  const failing: [() => ReturnType<typeof issuer.list>, string][] = [
    [() => ({ status: 404, headers: {}, body: '' }), 'status_undetermined'],
    [() => issuer.list({ exp: startOfTime }), 'status_refused'],
    [() => issuer.list({ sub: `${uri}/` }), 'status_refused'],
    [() => listIssuer().list(), 'status_refused'],
  ]
  for (const [answer, reason] of failing) {
    const report = await judge(credential({}), worldOf(answer))
    expect(report.verified).toBe(false)
    expect(reasonOf(report)).toBe(reason)
  }
  expect(
    reasonOf(
      await judge(
        credential({ status: status(16) }),
        worldOf(() => issuer.list()),
      ),
    ),
  ).toBe('status_refused')
})
