import { readJsonObject } from '@facet-id/credential/json'
import { REFRESH_TOKEN_GRANT, readTokenResponse, tokenRequest } from '@facet-id/protocol/oauth'
import type { WireResponse } from '@facet-id/protocol/wire'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { collecting, deferredIn, issuerKey, requestWith, tokenOf, walletKey } from '../access.test-support.ts'
import type { SubjectAnswer, SubjectAsked } from '../issuance/subject-claims.ts'
import type { Deferred } from '../journeys/deferred.ts'
import { defaultSettings } from '../settings.ts'
import { askToken, credentialsIn, refusalIn, TOKEN, tokenFor, verified } from '../wallet.test-support.ts'
import { type Changes, ISSUER, person, specimen, type World, world } from '../world.test-support.ts'

/** An issuer that asks about subjects, and a test that answers. */
function asking(changes: Changes = {}): World & {
  readonly asked: SubjectAsked[]
  say(answer: SubjectAnswer | Error): void
} {
  const asked: SubjectAsked[] = []
  let says: SubjectAnswer | Error = { answer: 'later', interval: 30 }
  const here = world({
    ...changes,
    ports: {
      subjectClaims: (about) => {
        asked.push(about)
        if (says instanceof Error) throw says
        return says
      },
      ...changes.ports,
    },
  })
  const say = (answer: SubjectAnswer | Error): void => {
    says = answer
  }
  return Object.assign(here, { asked, say })
}

const approving = { configurations: { person: { ...person, approval: 'required' } } } as const
const claims: SubjectAnswer = { answer: 'claims', claims: specimen }

/** Another token, with the refresh token that came with the first. */
async function refreshed(here: World, refresh_token = ''): Promise<string> {
  const request = tokenRequest(TOKEN, { grant_type: REFRESH_TOKEN_GRANT, refresh_token })
  return readTokenResponse(await here.send(request)).access_token
}

/** Asked for, and told to wait. */
async function waiting(here: World, token: string) {
  const { request, keys } = await requestWith(here, token, { copies: 2 })
  const response = await here.send(request)
  expect(response.status).toBe(202)
  return { keys, ...deferredIn(response) }
}

function confirmed(response: WireResponse): readonly unknown[] {
  return credentialsIn(response).map(
    (compact) => readJsonObject(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString()).cnf,
  )
}

async function listed(here: World): Promise<readonly Deferred[]> {
  const all: Deferred[] = []
  for await (const each of here.issuer.deferred()) all.push(each)
  return all
}

test('VCI-8.3-2, VCI-9.2-1, VCI-CLAIMS-1 what is not known yet is promised, asked for again under the same name, and issued to the keys that were proven', async () => {
  const here = asking()
  const token = await tokenOf(here)
  const { transaction_id, interval, keys } = await waiting(here, token)
  expect(interval).toBe(30)
  const again = await here.send(collecting(token, transaction_id))
  expect(again.status).toBe(202)
  expect(deferredIn(again)).toEqual({ transaction_id, interval: 30 })
  expect(here.state.allotted()).toBe(0)
  here.say(claims)
  const response = await here.send(collecting(token, transaction_id))
  expect(response.status).toBe(200)
  expect(confirmed(response)).toEqual(
    expect.arrayContaining(keys.map(({ publicJwk }) => ({ jwk: publicJwk }))),
  )
  const [compact = ''] = credentialsIn(response)
  expect((await verified(here, compact)).claims).toMatchObject(specimen)
  expect(new Set(here.asked.map((asked) => JSON.stringify(asked))).size).toBe(1)
  expect(here.asked[0]).toMatchObject({ subject: 'subject-1', configurationId: 'person' })
  expect(here.state.allotted()).toBe(2)
})

test('VCI-8.3-2 whoever says nothing of the time is waited for as long as the operator says', async () => {
  const here = asking()
  here.say({ answer: 'later' })
  expect((await waiting(here, await tokenOf(here))).interval).toBe(60)
})

test('VCI-8.3-8, VCI-9.2-3, VCI-9.3-1 an answer may be lost: it is given again as it was for a while, and then it is over', async () => {
  const here = asking()
  const token = await tokenOf(here, { expiresAt: here.time.now() + 3600 })
  const { transaction_id } = await waiting(here, token)
  here.say(claims)
  const first = await here.send(collecting(token, transaction_id))
  const asked = here.asked.length
  here.time.advance(299)
  const second = await here.send(collecting(token, transaction_id))
  expect(second.body).toBe(first.body)
  expect(here.asked).toHaveLength(asked)
  expect(here.state.allotted()).toBe(2)
  here.time.advance(1)
  expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe('400 invalid_transaction_id')
  expect(JSON.stringify(await here.state.rests())).not.toContain(transaction_id)
})

test('VCI-8.3-8 an operator who does not want that has transactions that are over with their first answer', async () => {
  const here = asking({ settings: { handOver: 0 } })
  const token = await tokenOf(here)
  const { transaction_id } = await waiting(here, token)
  here.say(claims)
  expect((await here.send(collecting(token, transaction_id))).status).toBe(200)
  expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe('400 invalid_transaction_id')
})

test('VCI-9.2-4 what is approved when the first token is long over is collected with another', async () => {
  const here = world({ settings: approving })
  const made = await here.offer()
  const given = readTokenResponse(await here.send(askToken(made)))
  const { transaction_id, keys } = await waiting(here, given.access_token)
  here.time.advance(600)
  await here.issuer.approve(made.issuanceId)
  expect(refusalIn(await here.send(collecting(given.access_token, transaction_id)))).toBe('401 invalid_token')
  const token = await refreshed(here, given.refresh_token)
  const response = await here.send(collecting(token, transaction_id))
  expect(confirmed(response)).toEqual(
    expect.arrayContaining(keys.map(({ publicJwk }) => ({ jwk: publicJwk }))),
  )
})

test('VCI-9.2-4 a token that is only there to collect with issues nothing, neither again nor for the first time', async () => {
  for (const asks of [true, false]) {
    const here = asking()
    const given = readTokenResponse(await here.send(askToken(await here.offer())))
    const first = await requestWith(here, given.access_token)
    if (asks) expect((await here.send(first.request)).status).toBe(200)
    here.time.advance(600)
    const { request } = await requestWith(here, await refreshed(here, given.refresh_token))
    expect(refusalIn(await here.send(request))).toBe('401 invalid_token')
  }
})

test('VCI-9.2-4 a grant that is kept for collecting alone has no claims', async () => {
  const here = world({ settings: approving })
  await here.send(askToken(await here.offer()))
  const grants = (await here.state.rests()).filter(({ ns }) => ns === 'issuer/grant')
  expect(grants).toHaveLength(1)
  expect(JSON.stringify(grants)).not.toContain('Eriksson')
})

test.each<[string, Changes, boolean]>([
  ['nothing is promised', {}, false],
  [
    'approval is wanted',
    { settings: { configurations: { person: { ...person, approval: 'required' } } } },
    true,
  ],
  ['somebody is asked', { ports: { subjectClaims: () => ({ answer: 'later' }) } }, true],
  [
    'bound tokens live as long',
    {
      ports: { subjectClaims: () => ({ answer: 'later' }) },
      settings: {
        deferral: { interval: 60, lifetime: 3600 },
        authorization: { ...defaultSettings.authorization, dpop: 'required', boundTokenLifetime: 3600 },
      },
    },
    false,
  ],
])('VCI-9.2-4 where %s, the metadata says whether there are refresh tokens', async (_, changes, expected) => {
  const url = 'https://issuer.example/.well-known/oauth-authorization-server/utopia'
  const { body } = await world(changes).send({ method: 'GET', url, headers: {} })
  const { grant_types_supported } = readJsonObject(body)
  expect(JSON.stringify(grant_types_supported).includes(REFRESH_TOKEN_GRANT)).toBe(expected)
})

test('VCI-9.3-1 a transaction that never was, or is over, is refused, and so is its promise once its time is up', async () => {
  const here = asking()
  const token = await tokenOf(here, { expiresAt: here.time.now() + 100 * 24 * 3600 })
  const { transaction_id } = await waiting(here, token)
  for (const wrong of ['x', 'A'.repeat(43), '__proto__', `${transaction_id}A`]) {
    expect(refusalIn(await here.send(collecting(token, wrong)))).toBe('400 invalid_transaction_id')
  }
  here.time.advance(30 * 24 * 3600)
  here.say(claims)
  expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe('400 invalid_transaction_id')
})

test('VCI-9.3-2 what is denied is denied each time, and nothing of it is kept but that', async () => {
  const here = asking()
  const token = await tokenOf(here)
  const { transaction_id } = await waiting(here, token)
  here.say({ answer: 'denied' })
  for (const _ of [1, 2]) {
    expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe(
      '400 credential_request_denied',
    )
  }
  // Not even when whoever knows would say something else now.
  here.say(claims)
  expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe('400 credential_request_denied')
  expect(here.state.allotted()).toBe(0)
})

test('VCI-8.3.1-9 what is denied at once is never promised, and the token is good for something else', async () => {
  const here = asking()
  here.say({ answer: 'denied' })
  const token = await tokenOf(here)
  const before = await here.state.rests()
  const { request } = await requestWith(here, token)
  expect(refusalIn(await here.send(request))).toBe('400 credential_request_denied')
  expect(await here.state.rests()).toEqual(before)
})

test('VCI-9-1, VCI-9.2-2 without a token, with one of another grant, or one that is bound to another key, nothing is collected', async () => {
  const here = asking()
  const token = await tokenOf(here)
  const { transaction_id } = await waiting(here, token)
  here.say(claims)
  const { authorization: _, ...headers } = collecting(token, transaction_id).headers
  expect((await here.send({ ...collecting(token, transaction_id), headers })).status).toBe(401)
  expect(refusalIn(await here.send(collecting('other', transaction_id)))).toBe('401 invalid_token')
  const stranger = await tokenOf(here, { subject: 'subject-2' })
  expect(refusalIn(await here.send(collecting(stranger, transaction_id)))).toBe('400 invalid_transaction_id')
  expect(here.state.allotted()).toBe(0)
  // Another token of the same grant does: the first may have expired.
  const rests = await here.state.rests()
  const [, grantId] =
    /"grantId":"(grant-\d+)"/.exec(rests.find(({ ns }) => ns === 'issuer/deferred')?.text ?? '') ?? []
  const later = await tokenOf(here, grantId === undefined ? {} : { grantId })
  expect((await here.send(collecting(later, transaction_id))).status).toBe(200)
})

test('VCI-9.1-3, VCI-9.2-2 keys and configurations that come with the request for what was promised change nothing', async () => {
  const here = asking()
  const token = await tokenOf(here)
  const { transaction_id, keys } = await waiting(here, token)
  here.say(claims)
  const request = collecting(token, transaction_id)
  const { request: other } = await requestWith(here, token, { copies: 3 })
  const body = JSON.stringify({ ...JSON.parse(other.body ?? ''), transaction_id, jwk: keyPair().publicJwk })
  expect(confirmed(await here.send({ ...request, body }))).toEqual(
    expect.arrayContaining(keys.map(({ publicJwk }) => ({ jwk: publicJwk }))),
  )
})

test('VCI-9.1-2, VCI-9.2-1 each answer is encrypted as its own request asks, and as no other did', async () => {
  const key = issuerKey()
  const here = asking({ ports: { encryption: key.encryption } })
  const token = await tokenOf(here)
  const [early, late] = [walletKey('A128GCM'), walletKey('A256GCM')]
  const { request } = await requestWith(here, token, { credential_response_encryption: early.asked })
  const first = await here.send(key.sealed(request))
  expect(first).toMatchObject({ status: 202, headers: { 'content-type': 'application/jwt' } })
  const { transaction_id } = deferredIn(early.opened(first))
  const plain = await here.send(collecting(token, transaction_id))
  expect(plain).toMatchObject({ status: 202, headers: { 'content-type': 'application/json' } })
  here.say(claims)
  const collected = await here.send(
    key.sealed(collecting(token, transaction_id, { credential_response_encryption: late.asked })),
  )
  expect(collected).toMatchObject({ status: 200, headers: { 'content-type': 'application/jwt' } })
  expect(credentialsIn(late.opened(collected))).toHaveLength(1)
  expect(() => early.opened(collected)).toThrow()
})

test('VCI-9.2-1, VCI-9.3-2 what the operator must say yes to waits for it, and is issued or denied as it says', async () => {
  for (const decision of ['approve', 'deny'] as const) {
    const here = world({ settings: approving })
    const made = await here.offer()
    const token = await tokenFor(here, made)
    const { transaction_id } = await waiting(here, token)
    expect(await listed(here)).toMatchObject([
      { issuanceId: made.issuanceId, configurationId: 'person', state: 'waiting', copies: 2 },
    ])
    expect(JSON.stringify(await listed(here))).not.toContain('Eriksson')
    expect((await here.send(collecting(token, transaction_id))).status).toBe(202)
    const decided = decision === 'deny' ? 'denied' : 'approved'
    expect(await here.issuer[decision](made.issuanceId)).toBe(decided)
    expect(await here.issuer[decision](made.issuanceId)).toBe(decided)
    const answer = await here.send(collecting(token, transaction_id))
    if (decision === 'deny') {
      expect(refusalIn(answer)).toBe('400 credential_request_denied')
      expect(JSON.stringify(await here.state.rests())).not.toContain('Eriksson')
      expect(await here.issuer.approve(made.issuanceId)).toBe('denied')
      expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe(
        '400 credential_request_denied',
      )
    } else {
      expect(credentialsIn(answer)).toHaveLength(2)
      expect(await listed(here)).toEqual([])
      expect(await here.issuer.deny(made.issuanceId)).toBe('collected')
      // With it the token of the offer ends.
      expect(await here.issuer.revoke(made.issuanceId)).toMatchObject({ copies: 2 })
    }
  }
})

test('nothing of an unknown id is decided about', async () => {
  const here = world({ settings: approving })
  await expect(here.issuer.approve('x')).rejects.toMatchObject({ code: 'issuance_unknown' })
  await expect(here.issuer.deny('')).rejects.toMatchObject({ code: 'issuance_unknown' })
})

test('what was promised can be taken back, and is gone then, with its claims', async () => {
  const here = world({ settings: approving })
  const made = await here.offer()
  const token = await tokenFor(here, made)
  const { transaction_id } = await waiting(here, token)
  expect(await here.issuer.revoke(made.issuanceId)).toMatchObject({ copies: 0 })
  expect(refusalIn(await here.send(collecting(token, transaction_id)))).toBe('401 invalid_token')
  expect(JSON.stringify(await here.state.rests())).not.toContain('Eriksson')
})

test('VCI-9.2-3 of fifty who collect at once on as many nodes all get the same, and it was signed and recorded once', async () => {
  const here = asking()
  const token = await tokenOf(here)
  const { transaction_id } = await waiting(here, token)
  here.say(claims)
  const nodes = Array.from({ length: 50 }, () => asking({ beside: here }))
  for (const node of nodes) node.say(claims)
  const answers = await Promise.all(nodes.map((node) => node.send(collecting(token, transaction_id))))
  const given = answers.filter(({ status }) => status === 200)
  expect(given.length).toBeGreaterThan(0)
  expect(new Set(given.map(({ body }) => body)).size).toBe(1)
  const rests = await here.state.rests()
  expect(rests.filter(({ ns }) => ns === 'issuer/issuance')).toHaveLength(1)
})

test('VCI-12.2.4-4 the endpoint is in the metadata, and there, where something can be deferred', async () => {
  const get = {
    method: 'GET',
    url: 'https://issuer.example/.well-known/openid-credential-issuer/utopia',
    headers: {},
  } as const
  const saying = async (here: World): Promise<unknown> =>
    JSON.parse((await here.send(get)).body).deferred_credential_endpoint
  const endpoint = `${ISSUER}/deferred-credential`
  expect(await saying(asking())).toBe(endpoint)
  expect(await saying(world({ settings: approving }))).toBe(endpoint)
  const here = world()
  expect(await saying(here)).toBeUndefined()
  expect((await here.send(collecting('token', 'x'))).status).toBe(404)
})

test('VCI-CLAIMS-3 while nobody can tell, nothing is lost: the same request is good later, and the operator hears of it', async () => {
  const heard: unknown[] = []
  const here = asking({ ports: { onUnforeseen: (error) => void heard.push(error) } })
  const token = await tokenOf(here)
  const { request } = await requestWith(here, token)
  const before = await here.state.rests()
  for (const trouble of [
    new Error('the register is away'),
    { answer: 'maybe' },
    { answer: 'claims', claims: ['x'] },
    { answer: 'later', interval: 0 },
    null,
  ]) {
    here.say(trouble as SubjectAnswer | Error)
    const response = await here.send(request)
    expect([response.status, response.body]).toEqual([503, '{"error":"temporarily_unavailable"}'])
    expect(await here.state.rests()).toEqual(before)
  }
  expect(heard).toHaveLength(5)
  here.say(claims)
  expect((await here.send(request)).status).toBe(200)
})

test('VCI-CLAIMS-3 an issuer that knows nobody to ask says so, and loses nothing', async () => {
  const here = world()
  const { request } = await requestWith(here, await tokenOf(here))
  expect(refusalIn(await here.send(request))).toBe('503 temporarily_unavailable')
  expect(here.state.allotted()).toBe(0)
})

test.each([
  ['lack what is mandatory', { given_name: 'Anna' }],
  ['say what is not described', { ...specimen, shoe_size: 38 }],
  ['say what the issuer keeps to itself', { ...specimen, exp: 1 }],
  ['are no JSON', { ...specimen, family_name: new Date(0) as never }],
])('VCI-CLAIMS-2 claims that %s are told to the operator alone, and nothing is signed', async (_, wrong) => {
  const heard: unknown[] = []
  const here = asking({ ports: { onUnforeseen: (error) => void heard.push(error) } })
  here.say({ answer: 'claims', claims: wrong })
  const { request } = await requestWith(here, await tokenOf(here))
  const before = await here.state.rests()
  const response = await here.send(request)
  expect([response.status, response.body]).toEqual([500, '{"error":"server_error"}'])
  expect(heard).toMatchObject([{ code: 'claims_do_not_fit' }])
  expect(await here.state.rests()).toEqual(before)
  expect(here.state.allotted()).toBe(0)
})

test('VCI-8.2-2, VCI-8.2-5 sets of data are asked for by their identifiers, each with its own claims and each once', async () => {
  const here = asking()
  here.say(claims)
  const token = await tokenOf(here, {
    allowed: ['a', 'b'].map((credentialIdentifier) => ({ configurationId: 'person', credentialIdentifier })),
  })
  const ask = async (credential_identifier: string) => {
    const { request } = await requestWith(here, token)
    const { credential_configuration_id: _, ...body } = JSON.parse(request.body ?? '')
    return here.send({ ...request, body: JSON.stringify({ ...body, credential_identifier }) })
  }
  expect((await ask('a')).status).toBe(200)
  expect((await ask('b')).status).toBe(200)
  expect(here.asked.map(({ credentialIdentifier }) => credentialIdentifier)).toEqual(['a', 'b'])
  expect(new Set(here.asked.map(({ issuanceId }) => issuanceId)).size).toBe(2)
  expect(refusalIn(await ask('c'))).toBe('400 unknown_credential_identifier')
  expect((await ask('a')).status).toBe(401)
  expect(refusalIn(await here.send((await requestWith(here, token)).request))).toBe('403 insufficient_scope')
})

test('VCI-14.3-1 a later token of the same grant gets the credential anew, with what is said then', async () => {
  const here = asking()
  here.say(claims)
  const first = await here.send((await requestWith(here, await tokenOf(here, { grantId: 'grant' }))).request)
  here.say({ answer: 'claims', claims: { ...specimen, family_name: 'Berg' } })
  const second = await here.send((await requestWith(here, await tokenOf(here, { grantId: 'grant' }))).request)
  const said = await Promise.all(
    [first, second].map(async (answer) => (await verified(here, credentialsIn(answer)[0] ?? '')).claims),
  )
  expect(said.map(({ family_name }) => family_name)).toEqual(['Eriksson', 'Berg'])
})
