import {
  PRE_AUTHORIZED_CODE_GRANT,
  REFRESH_TOKEN_GRANT,
  type RefreshTokenRequest,
  readTokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import { revocationRequest } from '@facet-id/protocol/oauth/authorization'
import type { WireRequest } from '@facet-id/protocol/wire'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { askingWorld, grantedBy, WALLET } from '../../browser.test-support.ts'
import { askCredential, askToken, nonceFrom, proofOf, refusalIn, TOKEN } from '../../wallet.test-support.ts'
import { ISSUER, person, type World, world } from '../../world.test-support.ts'

const REVOKE = `${ISSUER}/revoke`

function refreshing(refresh_token: string, changes: Partial<RefreshTokenRequest> = {}): WireRequest {
  return tokenRequest(TOKEN, {
    grant_type: REFRESH_TOKEN_GRANT,
    refresh_token,
    client_id: WALLET,
    ...changes,
  })
}

async function credentialWith(here: World, token: string): Promise<number> {
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  return (await here.send(askCredential(token, [proof]))).status
}

const hour = { refreshLifetime: 3600 }

test('OAS-5-1 with a refresh token another access token comes without the person, which issues once more', async () => {
  const here = askingWorld(hour)
  const first = await grantedBy(here)
  expect(await credentialWith(here, first.access_token)).toBe(200)
  expect(await credentialWith(here, first.access_token)).toBe(401)
  const second = readTokenResponse(await here.send(refreshing(first.refresh_token ?? '')))
  expect(second.access_token).not.toBe(first.access_token)
  expect(await credentialWith(here, second.access_token)).toBe(200)
})

test('BCP-2.2-2 a refresh token of a client that proves nothing is replaced at each use, and an old one ends the grant', async () => {
  const here = askingWorld(hour)
  const { refresh_token: first = '' } = await grantedBy(here)
  const { refresh_token: second = '', access_token } = readTokenResponse(await here.send(refreshing(first)))
  expect(second).not.toBe(first)
  expect(refusalIn(await here.send(refreshing(first)))).toBe('400 invalid_grant')
  expect(refusalIn(await here.send(refreshing(second)))).toBe('400 invalid_grant')
  expect(await credentialWith(here, access_token)).toBe(401)
})

test('BCP-2.2-2 of fifty requests at once with one refresh token, one at the most is answered', async () => {
  const here = askingWorld(hour)
  const { refresh_token = '' } = await grantedBy(here)
  const answers = await Promise.all(Array.from({ length: 50 }, () => here.send(refreshing(refresh_token))))
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
  const refused = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refused)).toEqual(new Set(['400 invalid_grant']))
})

test.each<[string, (token: string) => string]>([
  ['a part of one', (token) => token.slice(0, -1)],
  ['another generation', (token) => token.replace('.1.', '.2.')],
  ['another grant', (token) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`],
  ['something else', () => 'x'],
])('OAS-5-2 %s is no refresh token, and does no harm', async (_, changed) => {
  const here = askingWorld(hour)
  const { refresh_token = '' } = await grantedBy(here)
  expect(refusalIn(await here.send(refreshing(changed(refresh_token))))).toBe('400 invalid_grant')
  expect((await here.send(refreshing(refresh_token))).status).toBe(200)
})

test('OAS-5-2 a refresh token is of no use to another client, to nobody in particular, or when it is over', async () => {
  const clients = {
    [WALLET]: { name: 'Wallet', redirectUris: ['https://wallet.example/cb'] },
    other: { name: 'Other', redirectUris: ['https://other.example/cb'] },
  }
  const here = askingWorld({ ...hour, clients })
  const { refresh_token = '' } = await grantedBy(here)
  expect(refusalIn(await here.send(refreshing(refresh_token, { client_id: 'other' })))).toBe(
    '400 invalid_grant',
  )
  expect(refusalIn(await here.send(refreshing(refresh_token, { client_id: 'nobody' })))).toBe(
    '401 invalid_client',
  )
  here.time.advance(3600)
  expect(refusalIn(await here.send(refreshing(refresh_token)))).toBe('400 invalid_grant')
})

test('OAS-5-3 no refresh token is given out unless the operator says so, and none is taken', async () => {
  const here = askingWorld()
  expect(await grantedBy(here)).not.toHaveProperty('refresh_token')
  expect(refusalIn(await here.send(refreshing('x')))).toBe('400 unsupported_grant_type')
})

test('OAS-5-1 what is refreshed is what was granted, or less', async () => {
  const here = askingWorld(hour)
  const { refresh_token = '' } = await grantedBy(here)
  expect(refusalIn(await here.send(refreshing(refresh_token, { scope: 'other' })))).toBe('400 invalid_scope')
  expect((await here.send(refreshing(refresh_token, { scope: 'person' }))).status).toBe(200)
})

test('OAS-5-1 a pre-authorized code brings a refresh token too where the operator says so', async () => {
  const authorization = { ...world().settings.authorization, ...hour }
  const here = world({ settings: { authorization } })
  const made = await here.offer()
  const { refresh_token = '' } = readTokenResponse(await here.send(askToken(made)))
  const asked = tokenRequest(TOKEN, { grant_type: REFRESH_TOKEN_GRANT, refresh_token })
  // The first token was lost: what was promised is issued on the second.
  const second = readTokenResponse(await here.send(asked))
  expect(await credentialWith(here, second.access_token)).toBe(200)
  const again = tokenRequest(TOKEN, {
    grant_type: REFRESH_TOKEN_GRANT,
    refresh_token: second.refresh_token ?? '',
  })
  const third = readTokenResponse(await here.send(again))
  expect(await credentialWith(here, third.access_token)).toBe(200)
  const issued: string[] = []
  for await (const { issuanceId } of here.issuer.issuances()) issued.push(issuanceId)
  expect(new Set(issued).size).toBe(2)
  expect(issued).toContain(made.issuanceId)
  // The operator knows the grant by the name of the offer.
  await here.issuer.revoke(made.issuanceId)
  const last = tokenRequest(TOKEN, {
    grant_type: REFRESH_TOKEN_GRANT,
    refresh_token: third.refresh_token ?? '',
  })
  expect(refusalIn(await here.send(last))).toBe('400 invalid_grant')
  expect(made.offer.grants[PRE_AUTHORIZED_CODE_GRANT]).toBeDefined()
})

test('REV-2.1-2 a wallet that gives up either token has neither any more', async () => {
  const here = askingWorld(hour)
  for (const which of ['access_token', 'refresh_token'] as const) {
    const granted = await grantedBy(here)
    const revoked = await here.send(
      revocationRequest(REVOKE, { token: granted[which] ?? '', client_id: WALLET }),
    )
    expect(revoked.status).toBe(200)
    expect(await credentialWith(here, granted.access_token)).toBe(401)
    expect(refusalIn(await here.send(refreshing(granted.refresh_token ?? '')))).toBe('400 invalid_grant')
  }
})

test('REV-2.2-1 a token that means nothing is answered like any other', async () => {
  const here = askingWorld(hour)
  expect((await here.send(revocationRequest(REVOKE, { token: 'unknown', client_id: WALLET }))).status).toBe(
    200,
  )
})

test('REV-2.1-3 nobody revokes the token of another client', async () => {
  const clients = {
    [WALLET]: { name: 'Wallet', redirectUris: ['https://wallet.example/cb'] },
    other: { name: 'Other', redirectUris: ['https://other.example/cb'] },
  }
  const here = askingWorld({ ...hour, clients })
  const { access_token } = await grantedBy(here)
  for (const client of [{ client_id: 'other' }, {}]) {
    const response = await here.send(revocationRequest(REVOKE, { token: access_token, ...client }))
    expect(refusalIn(response)).toBe('400 invalid_grant')
  }
  expect(await credentialWith(here, access_token)).toBe(200)
})

test('OAS-5-6 the scope of what is not issued any more is no scope that was granted', async () => {
  const other = { ...person, vct: 'urn:facet:test:other', scope: 'other' }
  const here = askingWorld({ refreshLifetime: 3600 }, { settings: { configurations: { person, other } } })
  const { refresh_token = '' } = await grantedBy(here, { scope: 'other' })
  const later = askingWorld({ refreshLifetime: 3600 }, { beside: here })
  const asked = { grant_type: REFRESH_TOKEN_GRANT, refresh_token, client_id: WALLET } as const
  expect(refusalIn(await later.send(tokenRequest(TOKEN, { ...asked, scope: 'other' })))).toBe(
    '400 invalid_scope',
  )
})

test('RES-2-1 a token is for this issuer and nobody else, and nothing is used up by who asks for another', async () => {
  const here = askingWorld()
  const made = await here.offer()
  const resource = 'https://evil.example'
  expect(refusalIn(await here.send(askToken(made, { resource })))).toBe('400 invalid_target')
  expect((await here.send(askToken(made, { resource: ISSUER }))).status).toBe(200)
})
