/**
 * Somebody starts a request and has somebody else finish it: on the same device whoever started never sees what the
 * other showed, and across devices the result says that it may be so.
 */
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type MemoryStage, memoryStage, VERIFIER } from '../flow/memory.ts'
import { personQuery, specimen } from '../flow/specimen.ts'

const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
const returnTo = 'https://platform.example/back'
const attacker = 'the session of the attacker'
const victim = 'the session of the victim, who never asked'

async function withCredential(): Promise<MemoryStage> {
  const stage = memoryStage()
  const { txCode, link } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  return stage
}

function codeIn(redirectUri = ''): string {
  return new URL(redirectUri).searchParams.get('response_code') ?? ''
}

/** Everything that whoever started can try. */
async function everythingTheAttackerSees(stage: MemoryStage, transactionId: string): Promise<string> {
  const authorization = `Bearer ${transactionId}`
  const told = [
    await stage.verifier.result(transactionId),
    (await stage.verifier.handle({ method: 'GET', url: `${VERIFIER}/results`, headers: { authorization } }))
      .body,
  ]
  for await (const result of stage.verifier.watch(transactionId)) {
    told.push(result)
    break
  }
  return JSON.stringify(told)
}

test('ATK-20 whoever starts a request on one device, and has another finish it, never receives the result', async () => {
  const stage = await withCredential()
  const { link, transactionId } = await stage.verifier.request(query, {
    sameDevice: { session: attacker, returnTo },
  })
  // The victim follows the attacker's link, and consents.
  const { accepted, redirectUri } = await stage.holder.present(link)
  expect(accepted).toBe(true)
  expect(await everythingTheAttackerSees(stage, transactionId)).not.toMatch(/verified|UTO|18/)
  // The attacker has the session, and no code; guesses are none.
  for (const responseCode of ['', transactionId, link]) {
    expect(await outcomeOf(() => stage.verifier.returned({ responseCode, session: attacker }))).toBe(
      'response_code_unknown',
    )
  }
  // The victim's browser follows the wallet home, in a session of its own: that ends it for everybody.
  const responseCode = codeIn(redirectUri)
  expect(await outcomeOf(() => stage.verifier.returned({ responseCode, session: victim }))).toBe(
    'session_mismatch',
  )
  // Even with the code of the victim, afterwards.
  expect(await outcomeOf(() => stage.verifier.returned({ responseCode, session: attacker }))).toBe(
    'response_code_unknown',
  )
  expect(await stage.verifier.result(transactionId)).toMatchObject({
    outcome: 'refused',
    reason: 'other_session',
  })
  expect(await everythingTheAttackerSees(stage, transactionId)).not.toMatch(/"shown"|UTO/)
})

test('ATK-20 across devices nobody can tell who finished it, and the result says so', async () => {
  const stage = await withCredential()
  const { link, transactionId } = await stage.verifier.request(query)
  expect(await stage.holder.present(link)).toEqual({ accepted: true })
  expect(await stage.verifier.result(transactionId)).toMatchObject({
    outcome: 'verified',
    flow: 'cross_device',
  })
})

test('ATK-20 an honest person on one device has the result at once, and once', async () => {
  const stage = await withCredential()
  const session = 'the session of the person'
  const { link, transactionId } = await stage.verifier.request(query, { sameDevice: { session, returnTo } })
  const responseCode = codeIn((await stage.holder.present(link)).redirectUri)
  expect(await stage.verifier.returned({ responseCode, session })).toMatchObject({
    outcome: 'verified',
    flow: 'same_device',
  })
  expect(await outcomeOf(() => stage.verifier.returned({ responseCode, session }))).toBe(
    'response_code_unknown',
  )
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})

test('ATK-21 a request that is fetched twice is one request: one nonce, one answer, one result', async () => {
  const stage = await withCredential()
  const { link, transactionId } = await stage.verifier.request(query)
  const [, id = ''] = /requests%2F([A-Za-z0-9_-]+)/.exec(link) ?? []
  const get = () => stage.verifier.handle({ method: 'GET', url: `${VERIFIER}/requests/${id}`, headers: {} })
  const nonces = [await get(), await get()].map(
    ({ status, body }) =>
      [status, JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString()).nonce] as const,
  )
  expect(nonces[0]?.[0]).toBe(200)
  expect(nonces[1]).toEqual(nonces[0])
  expect((await stage.holder.present(link)).accepted).toBe(true)
  expect((await get()).status).toBe(400)
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})
