import {
  REFRESH_TOKEN_GRANT,
  readTokenResponse,
  type TokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { sendBound } from '../../bound.test-support.ts'
import { askingWorld, grantedBy, WALLET } from '../../browser.test-support.ts'
import type { SubjectClaims } from '../../issuance/subject-claims.ts'
import {
  askCredential,
  askToken,
  credentialsIn,
  judge,
  nonceFrom,
  proofOf,
  TOKEN,
} from '../../wallet.test-support.ts'
import { specimen, type World, world } from '../../world.test-support.ts'

const hour = { refreshLifetime: 3600 }

async function refreshed(here: World, refresh_token = '', client_id?: string): Promise<TokenResponse> {
  const client = client_id === undefined ? {} : { client_id }
  const asked = tokenRequest(TOKEN, { grant_type: REFRESH_TOKEN_GRANT, refresh_token, ...client })
  return readTokenResponse(await here.send(asked))
}

async function issuedWith(here: World, { access_token }: TokenResponse): Promise<string> {
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const [credential = ''] = credentialsIn(await here.send(askCredential(access_token, [proof])))
  return credential
}

async function issuances(here: World) {
  const all = []
  for await (const issuance of here.issuer.issuances()) all.push(issuance)
  return all
}

/** What was kept of grants. */
async function grantsIn(here: World): Promise<string> {
  const grants = (await here.state.rests()).filter(({ ns }) => ns === 'issuer/grant')
  expect(grants).toHaveLength(1)
  return grants.map(({ text }) => text).join()
}

function lasting(): World {
  return world({ settings: { authorization: { ...world().settings.authorization, ...hour } } })
}

test('OAS-5-4 an issuance says which grant it was made under', async () => {
  const here = askingWorld(hour)
  await issuedWith(here, await grantedBy(here))
  const grants: string[] = []
  for await (const { grantId } of here.issuer.grants()) grants.push(grantId)
  expect((await issuances(here)).map(({ grantId }) => grantId)).toEqual(grants)
})

test('OAS-5-4 revoking what was offered revokes what a refresh issued later, and ends the grant', async () => {
  const here = lasting()
  const made = await here.offer()
  const first = readTokenResponse(await here.send(askToken(made)))
  const credentials = [await issuedWith(here, first)]
  const second = await refreshed(here, first.refresh_token)
  credentials.push(await issuedWith(here, second))
  expect((await issuances(here)).map(({ grantId }) => grantId)).toEqual([made.issuanceId, made.issuanceId])
  for (const credential of credentials) expect((await judge(here, credential)).verified).toBe(true)

  expect(await here.issuer.revoke(made.issuanceId)).toMatchObject({ copies: 2 })
  here.time.advance(here.settings.statusList.ttl + 1)
  for (const credential of credentials) expect((await judge(here, credential)).verified).toBe(false)
  expect(await outcomeOf(() => refreshed(here, second.refresh_token))).toBe('message_malformed')
  expect((await issuances(here)).every(({ revokedAt }) => revokedAt !== undefined)).toBe(true)
})

test('OAS-5-4 revoking what a refresh issued revokes what came before it, and again without effect', async () => {
  const here = lasting()
  const made = await here.offer()
  const first = readTokenResponse(await here.send(askToken(made)))
  await issuedWith(here, first)
  await issuedWith(here, await refreshed(here, first.refresh_token))
  const later = (await issuances(here)).find(({ issuanceId }) => issuanceId !== made.issuanceId)
  const revoked = await here.issuer.revoke(later?.issuanceId ?? '')
  expect(revoked).toMatchObject({ copies: 2 })
  here.time.advance(10)
  expect(await here.issuer.revoke(later?.issuanceId ?? '')).toEqual(revoked)
})

test('OAS-5-5 a grant keeps claims where nobody could be asked for them, and they are issued again', async () => {
  const here = lasting()
  const first = readTokenResponse(await here.send(askToken(await here.offer())))
  await issuedWith(here, first)
  expect(await grantsIn(here)).toContain('Eriksson')
  const again = await issuedWith(here, await refreshed(here, first.refresh_token))
  expect((await judge(here, again)).verified).toBe(true)
})

test('OAS-5-5 a grant keeps no claims where whoever knows the subject is asked', async () => {
  const asked: unknown[] = []
  const subjectClaims: SubjectClaims = ({ subject }) => {
    asked.push(subject)
    return { answer: 'claims', claims: specimen }
  }
  const here = askingWorld(hour, { ports: { subjectClaims } })
  const first = await grantedBy(here)
  expect(await grantsIn(here)).not.toContain('Eriksson')
  await issuedWith(here, first)
  expect(asked).toEqual([])
  await issuedWith(here, await refreshed(here, first.refresh_token, WALLET))
  expect(asked).toEqual(['anna'])
})

test('OAS-5-5 a grant keeps no claims where nothing is issued on it again', async () => {
  const here = askingWorld()
  await issuedWith(here, await grantedBy(here))
  expect(await grantsIn(here)).not.toContain('Eriksson')
})

test('VCI-13.10-3, VCI-13.10-1 a token that is bound to a key lives as long as the operator says, and another five minutes', async () => {
  const authorization = { ...world().settings.authorization, boundTokenLifetime: 3600 }
  const here = world({ settings: { authorization } })
  const key = keyPair()
  const bound = readTokenResponse(await sendBound(here, askToken(await here.offer()), key))
  expect(bound).toMatchObject({ token_type: 'DPoP', expires_in: 3600 })
  const bearer = readTokenResponse(await here.send(askToken(await here.offer())))
  expect(bearer).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
  here.time.advance(3599)
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const request = askCredential(bound.access_token, [proof])
  expect((await sendBound(here, request, key, bound.access_token)).status).toBe(200)
  for (const boundTokenLifetime of [0, 86_401, 1.5]) {
    const wrong = { ...authorization, boundTokenLifetime }
    expect(await outcomeOf(() => world({ settings: { authorization: wrong } }))).toBe('settings_invalid')
  }
})
