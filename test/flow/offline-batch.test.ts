/** A platform keeps what was presented, and judges all of it later: with nobody to ask, the signatures by two workers. */
import { checkSignatures, createCheckPool, hash, inflate } from '@facet-id/crypto/node'
import {
  readDcqlQuery,
  readRequestLink,
  readRequestObject,
  readRequestObjectJwt,
  readRequestToken,
  requestUriRequest,
  type VpToken,
} from '@facet-id/protocol/openid4vp'
import { readPostedResponse } from '@facet-id/protocol/openid4vp/response'
import {
  readStatusListResponse,
  readStatusListToken,
  statusListRequest,
} from '@facet-id/protocol/token-status-list'
import { createKeyResolver } from '@facet-id/resolve'
import { createAllowList } from '@facet-id/trust'
import { defaultSettings } from '@facet-id/verifier'
import {
  beginAnswer,
  checksOfAnswer,
  judgeAnswer,
  type KnownStatusList,
  type MaterialAtHand,
  type OfflineReport,
  type Requested,
} from '@facet-id/verifier/offline'
import { expect, test } from 'vitest'
import { type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { PERSON_VCT, personQuery } from './specimen.ts'
import { issuedOn } from './steps.ts'

const dcql_query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))
const HELD = 100

interface HeldAnswer {
  readonly token: VpToken
  readonly requested: Requested
}

/** What a wallet posted to one request after another, as it was kept. */
async function heldOn(stage: MemoryStage): Promise<readonly HeldAnswer[]> {
  const held: HeldAnswer[] = []
  for (let count = 0; count < HELD; count++) {
    const { link } = await stage.verifier.request(dcql_query)
    const requested = await requestOf(stage, link)
    await stage.holder.present(link)
    const sent = stage.sent.findLast(({ url }) => url.startsWith(`${VERIFIER}/responses`))
    const posted = sent && readPostedResponse(sent)
    if (posted?.by !== 'clear' || !('vp_token' in posted.response)) throw new Error('the wallet answers')
    held.push({ token: posted.response.vp_token, requested })
  }
  return held
}

/** The request as the verifier made it: what an answer is held against is never taken from the answer. */
async function requestOf({ verifier, time }: MemoryStage, link: string): Promise<Requested> {
  const followed = readRequestLink(link)
  if (!('request_uri' in followed)) throw new Error('the request is at an address')
  const get = { ...followed, request_uri_method: 'get' } as const
  const token = readRequestToken(await verifier.handle(requestUriRequest(get)))
  const { nonce, client_id = '' } = readRequestObject(readRequestObjectJwt(token, get))
  return { dcql_query, nonce, audience: client_id, now: time.now(), settings: defaultSettings }
}

/** The list as it is now, its signature verified. */
async function listOn({ issuer, issuerDid, time }: MemoryStage, uri: string): Promise<KnownStatusList> {
  const token = readStatusListToken(readStatusListResponse(await issuer.handle(statusListRequest(uri))), {
    uri,
  })
  const { resolveKey } = createKeyResolver()
  const answer = await resolveKey({ did: issuerDid, kid: token.kid ?? '', relationship: 'assertionMethod' })
  if (!('key' in answer)) throw new Error('the issuer has the key')
  expect(await checkSignatures([token.check(answer.key)])).toEqual(['valid'])
  const bytes = await inflate(token.lst, 1_048_576)
  return { uri, issuer: issuerDid, bits: token.bits, bytes, asOf: time.now() }
}

async function judgeAll(
  held: readonly HeldAnswer[],
  material: MaterialAtHand,
): Promise<readonly OfflineReport[]> {
  const pool = createCheckPool({ workers: 2 })
  try {
    const judgements = held.map(({ token, requested }) => beginAnswer(token, requested, material))
    const checks = judgements.map(checksOfAnswer)
    const verdicts = [...(await pool.checkSignatures(checks.flat()))]
    return judgements.map((judgement, at) => judgeAnswer(judgement, verdicts.splice(0, checks[at]?.length)))
  } finally {
    await pool.close()
  }
}

test('VRF-12 a hundred held presentations are judged by two workers, with trust and status as they were given', async () => {
  const stage = memoryStage({ copies: HELD, issuer: { settings: { batchSize: HELD } } })
  const issuanceId = await issuedOn(stage)
  const held = await heldOn(stage)
  const uri = statusUriIn(held)
  const before = await listOn(stage, uri)
  const asOf = stage.time.now() - 60
  const issuers = [{ id: stage.issuerDid, vcts: [PERSON_VCT] }]
  const { mayIssue } = createAllowList({ issuers, verifiers: [] })
  const material: MaterialAtHand = { hash, keys: [], trust: { mayIssue, asOf }, statusLists: [before] }
  const good = await judgeAll(held, material)
  expect(good).toHaveLength(HELD)
  expect(new Set(good.map(({ outcome, staleness }) => `${outcome} ${staleness}`))).toEqual(
    new Set(['verified 60']),
  )
  expect(good[0]?.reports.person?.shown).toEqual({
    age_equal_or_over: { '18': true },
    nationalities: ['UTO'],
  })

  // The same with a list of later, and with each tenth changed on the way.
  await stage.issuer.revoke(issuanceId)
  await stage.letTimePass()
  const after = await listOn(stage, uri)
  const revoked = await judgeAll(held, { ...material, statusLists: [after] })
  expect(new Set(revoked.map(({ outcome }) => outcome))).toEqual(new Set(['refused']))
  const changed = held.map((one, at) => (at % 10 === 0 ? forged(one) : one))
  const outcomes = (await judgeAll(changed, material)).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(held.map((_, at) => (at % 10 === 0 ? 'refused' : 'verified')))
})

function forged({ token, requested }: HeldAnswer): HeldAnswer {
  const [presentation = ''] = token.person ?? []
  return { token: { person: [presentation.replace(/.{8}$/, 'AAAAAAAA')] }, requested }
}

function statusUriIn([first]: readonly HeldAnswer[]): string {
  const [jwt = ''] = first?.token.person?.[0]?.split('~') ?? []
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).status.status_list.uri
}
