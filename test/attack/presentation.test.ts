/**
 * A wallet, or somebody on the wire, that does not play by the rules: each trick is refused by its own
 * check, and the presentation does not count.
 */
import { writeBase64urlText } from '@facet-id/credential/base64url'
import {
  authorizationResponseRequest,
  readAuthorizationResponse,
  readDcqlQuery,
} from '@facet-id/protocol/openid4vp'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'
import type { PresentationResult } from '@facet-id/verifier'
import { expect, test } from 'vitest'
import { type MemoryStage, memoryStage, saidOf, VERIFIER } from '../flow/memory.ts'
import { personQuery, specimen } from '../flow/specimen.ts'

type Change = (presentation: string) => string

/** Changes the presentation on its way to the verifier. */
function tampering(change: Change): (transport: Transport) => Transport {
  return (transport) => ({
    send: (request) => transport.send(isAnswer(request) ? changed(request, change) : request),
  })
}

function isAnswer({ url }: WireRequest): boolean {
  return url.startsWith(`${VERIFIER}/responses/`)
}

function changed(request: WireRequest, change: Change): WireRequest {
  const answer = readAuthorizationResponse(request)
  if (!('vp_token' in answer)) return request
  const vp_token = Object.fromEntries(
    Object.entries(answer.vp_token).map(([id, all]) => [id, all.map(change)]),
  )
  return authorizationResponseRequest(request.url, { ...answer, vp_token })
}

async function withCredential(stage: MemoryStage): Promise<string> {
  const { txCode, link, issuanceId } = await stage.issuer.offer({
    configurationId: 'person',
    claims: specimen,
  })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link)
  return issuanceId
}

async function ask(stage: MemoryStage) {
  return stage.verifier.request(readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' })))
}

async function presented(stage: MemoryStage): Promise<PresentationResult> {
  const { link, transactionId } = await ask(stage)
  await stage.holder.present(link)
  return saidOf(stage, transactionId)
}

/** The checks that did not pass, and why. */
function failures(result: PresentationResult): readonly unknown[] {
  if (!('reports' in result)) return []
  return Object.values(result.reports)
    .flatMap((report) => report.checks)
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
    .map(({ code, reason }) => [code, reason])
}

/** The first of them. */
function failure(result: PresentationResult): unknown {
  return failures(result)[0]
}

/** A stage whose wallet's answer is kept back, to be delivered later, or often. */
function catching(): { readonly stage: MemoryStage; caught(): WireRequest } {
  let answer: WireRequest | undefined
  const stage = memoryStage({
    around: (transport) => ({
      async send(request) {
        if (!isAnswer(request)) return transport.send(request)
        answer = request
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
      },
    }),
  })
  return {
    stage,
    caught() {
      if (answer === undefined) throw new Error('the wallet answers')
      return answer
    },
  }
}

function parts(presentation: string): {
  readonly jwt: string
  readonly disclosures: readonly string[]
  readonly kb: string
} {
  const all = presentation.split('~')
  return { jwt: all[0] ?? '', disclosures: all.slice(1, -1), kb: all.at(-1) ?? '' }
}

function joined({ jwt, disclosures, kb }: ReturnType<typeof parts>): string {
  return [jwt, ...disclosures, kb].join('~')
}

const stranger = writeBase64urlText(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'is_admin', true]))

const tricks: readonly {
  readonly title: string
  readonly change: Change
  readonly failure: readonly [string, string]
}[] = [
  {
    title: 'ATK-24 an unreferenced disclosure',
    change: (text) => joined({ ...parts(text), disclosures: [...parts(text).disclosures, stranger] }),
    failure: ['disclosures', 'disclosure_unreferenced'],
  },
  {
    title: 'ATK-24 a repeated disclosure',
    change: (text) => {
      const { disclosures, ...rest } = parts(text)
      return joined({ ...rest, disclosures: [...disclosures, ...disclosures.slice(0, 1)] })
    },
    failure: ['disclosures', 'disclosure_repeated'],
  },
  {
    title: 'ATK-23 a presentation without its key binding',
    change: (text) => joined({ ...parts(text), kb: '' }),
    failure: ['holder_signature', 'key_binding_missing'],
  },
  {
    title: 'ATK-22 a disclosure taken away after the holder signed',
    change: (text) => joined({ ...parts(text), disclosures: parts(text).disclosures.slice(1) }),
    failure: ['presentation_hash', 'presentation_hash_mismatch'],
  },
  {
    title: 'ATK-37 a signature of zeros',
    change: (text) => {
      const { jwt, ...rest } = parts(text)
      return joined({ ...rest, jwt: jwt.replace(/[^.]+$/, 'A'.repeat(86)) })
    },
    failure: ['issuer_signature', 'signature_invalid'],
  },
  {
    title: 'ATK-1 a header that says alg none',
    change: (text) => {
      const { jwt, ...rest } = parts(text)
      const [, payload] = jwt.split('.')
      return joined({ ...rest, jwt: `${writeBase64urlText('{"alg":"none","typ":"dc+sd-jwt"}')}.${payload}.` })
    },
    failure: ['format', 'jws_alg_not_allowed'],
  },
]

test.each(tricks)('$title is refused and shows nothing', async ({ change, failure: expected }) => {
  const stage = memoryStage({ around: tampering(change) })
  await withCredential(stage)
  const result = await presented(stage)
  expect(result).toMatchObject({ outcome: 'refused' })
  expect(failure(result)).toEqual(expected)
  expect(JSON.stringify(result)).not.toContain('UTO')
})

test('ATK-22 an answer that is sent a second time is refused, and the first one stands', async () => {
  const stage = memoryStage()
  await withCredential(stage)
  const { link, transactionId } = await ask(stage)
  await stage.holder.present(link)
  const answer = stage.sent.find(isAnswer)
  if (answer === undefined) throw new Error('the wallet answers')
  const replayed = await stage.verifier.handle(answer)
  expect(replayed.status).toBe(400)
  expect(JSON.parse(replayed.body)).toMatchObject({ error: 'invalid_request' })
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})

test('ATK-22 of fifty answers that come at once, one counts', async () => {
  const { stage, caught } = catching()
  await withCredential(stage)
  const { link, transactionId } = await ask(stage)
  await stage.holder.present(link)
  const answers = await Promise.all(Array.from({ length: 50 }, () => stage.verifier.handle(caught())))
  const [won, lost] = [200, 400].map((wanted) => answers.filter(({ status }) => status === wanted))
  expect([won?.length, lost?.length]).toEqual([1, 49])
  for (const { body } of lost ?? []) {
    expect(JSON.parse(body)).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('answered before'),
    })
  }
  expect(await stage.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})

test('ATK-22 an answer to one request does not answer another', async () => {
  const stage = memoryStage()
  await withCredential(stage)
  const [first, second] = [await ask(stage), await ask(stage)]
  await stage.holder.present(first.link)
  const answer = stage.sent.find(isAnswer)
  if (answer === undefined) throw new Error('the wallet answers')
  const read = readAuthorizationResponse(answer)
  const [, other = ''] = /requests%2F([A-Za-z0-9_-]+)/.exec(second.link) ?? []
  const moved = authorizationResponseRequest(`${VERIFIER}/responses/${other}`, { ...read, state: other })
  expect((await stage.verifier.handle(moved)).status).toBe(400)
  const result = await saidOf(stage, second.transactionId)
  expect(failure(result)).toEqual(['nonce', 'nonce_mismatch'])
})

test('ATK-22 an answer made for one verifier is not taken by another', async () => {
  const [mine, theirs] = [memoryStage(), memoryStage()]
  await withCredential(mine)
  const request = await ask(mine)
  await mine.holder.present(request.link)
  expect(failure(await mine.verifier.result(request.transactionId))).toBeUndefined()
  // The same wallet shows itself to a verifier that forwards what it gets, as if it were its own.
  const forwarded = await ask(theirs)
  const answer = mine.sent.find(isAnswer)
  if (answer === undefined) throw new Error('the wallet answers')
  const [, id = ''] = /requests%2F([A-Za-z0-9_-]+)/.exec(forwarded.link) ?? []
  const moved = authorizationResponseRequest(`${VERIFIER}/responses/${id}`, {
    ...readAuthorizationResponse(answer),
    state: id,
  })
  expect((await theirs.verifier.handle(moved)).status).toBe(400)
  const result = await saidOf(theirs, forwarded.transactionId)
  expect(result).toMatchObject({ outcome: 'refused' })
  expect(failures(result)).toContainEqual(['audience', 'audience_mismatch'])
})

test('ATK-36 a credential of an issuer that nobody trusts is refused in words', async () => {
  const stage = memoryStage({ trusted: [] })
  await withCredential(stage)
  const result = await presented(stage)
  expect(failure(result)).toEqual(['trust', 'not_trusted'])
})

test('SDJ-7.1-15 a credential that expired is not shown', async () => {
  const stage = memoryStage()
  await withCredential(stage)
  stage.time.advance(366 * 24 * 3600)
  const { link, transactionId } = await ask(stage)
  await expect(stage.holder.present(link)).rejects.toMatchObject({ code: 'nothing_matches' })
  expect(await stage.verifier.result(transactionId)).toMatchObject({
    outcome: 'declined',
    error: 'access_denied',
  })
})

test('SDJ-7.1-15 a credential that expires on the way is refused', async () => {
  const { stage, caught } = catching()
  await withCredential(stage)
  const [held] = await stage.holder.credentials()
  stage.time.advance((held?.expiresAt ?? 0) - stage.time.now() - 10)
  const { link, transactionId } = await ask(stage)
  await stage.holder.present(link)
  stage.time.advance(60)
  expect((await stage.verifier.handle(caught())).status).toBe(400)
  expect(failures(await stage.verifier.result(transactionId))).toEqual([['validity', 'expired']])
})

test('ATK-42 no two copies have anything in common by which platforms could recognise them', async () => {
  const stage = memoryStage({ copies: 10 })
  await withCredential(stage)
  for (let visit = 0; visit < 10; visit++) await presented(stage)
  const shown = stage.sent.filter(isAnswer).map((request) => {
    const answer = readAuthorizationResponse(request)
    const [presentation = ''] = 'vp_token' in answer ? Object.values(answer.vp_token).flat() : []
    return parts(presentation)
  })
  expect(shown).toHaveLength(10)
  const unique = (values: readonly string[]): boolean => new Set(values).size === values.length
  const payloads = shown.map(({ jwt }) =>
    JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()),
  )
  expect(unique(shown.flatMap(({ disclosures }) => disclosures))).toBe(true)
  expect(unique(payloads.flatMap(({ _sd }) => _sd))).toBe(true)
  expect(unique(payloads.map(({ cnf }) => cnf.jwk.x))).toBe(true)
  expect(unique(payloads.map(({ status }) => String(status.status_list.idx)))).toBe(true)
  expect(new Set(payloads.map(({ iat, exp }) => `${iat}-${exp}`)).size).toBe(1)
  expect(payloads.every(({ iat }) => iat % 86_400 === 0)).toBe(true)
})
