import { type AuthorizationCodeTokenRequest, readTokenResponse } from '@facet-id/protocol/oauth'
import { hash, keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  askingWorld,
  codeFrom,
  grantedBy,
  REDIRECT,
  redeeming,
  VERIFIER,
  WALLET,
} from '../../browser.test-support.ts'
import { askCredential, nonceFrom, proofOf, refusalIn } from '../../wallet.test-support.ts'
import type { World } from '../../world.test-support.ts'
import { checkVerifier } from '../code-challenge.ts'

async function credentialWith(here: World, token: string): Promise<number> {
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  return (await here.send(askCredential(token, [proof]))).status
}

test('FAPI-5.3.2.1-1 a code is good for a minute', async () => {
  const here = askingWorld()
  const code = await codeFrom(here)
  here.time.advance(59)
  expect((await here.send(redeeming(code))).status).toBe(200)
  const late = await codeFrom(here)
  here.time.advance(60)
  expect(refusalIn(await here.send(redeeming(late)))).toBe('400 invalid_grant')
  expect(await outcomeOf(() => askingWorld({ codeLifetime: 61 }))).toBe('settings_invalid')
})

test('OAS-4-1 of fifty requests at once with one code, one is answered, and what it was given is worth nothing', async () => {
  const here = askingWorld()
  const code = await codeFrom(here)
  const answers = await Promise.all(Array.from({ length: 50 }, () => here.send(redeeming(code))))
  const [granted, ...others] = answers.filter(({ status }) => status === 200)
  expect(others).toEqual([])
  if (granted === undefined) throw new Error('one is answered')
  const refusals = answers.filter(({ status }) => status !== 200).map(refusalIn)
  expect(new Set(refusals)).toEqual(new Set(['400 invalid_grant']))
  expect(await credentialWith(here, readTokenResponse(granted).access_token)).toBe(401)
})

test('OAS-4-1 a code that comes again ends the grant, refresh token and all', async () => {
  const here = askingWorld({ refreshLifetime: 3600 })
  const code = await codeFrom(here)
  const { access_token } = readTokenResponse(await here.send(redeeming(code)))
  expect(refusalIn(await here.send(redeeming(code)))).toBe('400 invalid_grant')
  expect(await credentialWith(here, access_token)).toBe(401)
  const standing: string[] = []
  for await (const { grantId } of here.issuer.grants()) standing.push(grantId)
  expect(standing).toEqual([])
})

const other = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

test.each<[string, Parameters<typeof redeeming>[1]]>([
  ['another verifier', { code_verifier: other }],
  ['another address', { redirect_uri: `${REDIRECT}/` }],
  ['another client', { client_id: 'other' }],
])(
  'PKCE-4.6-1, OAS-4-2 %s is refused, and the code stays good for whom it was given to',
  async (_, changes) => {
    const here = askingWorld({
      clients: {
        [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT] },
        other: { name: 'Other', redirectUris: [REDIRECT] },
      },
    })
    const code = await codeFrom(here)
    expect(refusalIn(await here.send(redeeming(code, changes)))).toBe('400 invalid_grant')
    expect((await here.send(redeeming(code))).status).toBe(200)
  },
)

test.each<[string, Partial<AuthorizationCodeTokenRequest>]>([
  ['with another verifier', { code_verifier: 'A'.repeat(43) }],
  ['by another client', { client_id: 'other' }],
])('OAS-4-4 a code that comes again %s is refused, and ends nothing', async (_, changes) => {
  const here = askingWorld({
    clients: {
      [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT] },
      other: { name: 'Other', redirectUris: [REDIRECT] },
    },
  })
  const code = await codeFrom(here)
  const { access_token } = readTokenResponse(await here.send(redeeming(code)))
  expect(refusalIn(await here.send(redeeming(code, changes)))).toBe('400 invalid_grant')
  expect(await credentialWith(here, access_token)).toBe(200)
})

test('PKCE-4.6-1, OAS-4-2 a verifier that is missing, and an address that is, are refused', async () => {
  const here = askingWorld()
  const code = await codeFrom(here)
  const { body = '', ...rest } = redeeming(code)
  for (const name of ['code_verifier', 'redirect_uri']) {
    const form = new URLSearchParams(body)
    form.delete(name)
    expect(refusalIn(await here.send({ ...rest, body: form.toString() }))).toBe('400 invalid_grant')
  }
  const form = new URLSearchParams(body)
  form.delete('client_id')
  expect(refusalIn(await here.send({ ...rest, body: form.toString() }))).toBe('401 invalid_client')
  expect((await here.send(redeeming(code))).status).toBe(200)
})

test('PKCE-BCP-1 a verifier for a code that was asked for without challenge is refused, and the other way', () => {
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  expect(outcomeOf(() => checkVerifier(challenge, VERIFIER, hash))).toBe('accepted')
  expect(outcomeOf(() => checkVerifier(undefined, undefined, hash))).toBe('accepted')
  expect(outcomeOf(() => checkVerifier(undefined, VERIFIER, hash))).toBe('code_verifier_wrong')
  expect(outcomeOf(() => checkVerifier(challenge, undefined, hash))).toBe('code_verifier_wrong')
})

test('VCI-6.1.1-1 details at the token endpoint narrow what was granted, and never widen it', async () => {
  const here = askingWorld()
  const entry = { type: 'openid_credential', credential_configuration_id: 'person' } as const
  const code = await codeFrom(here, { authorization_details: [entry] })
  const more = [entry, { ...entry, credential_configuration_id: 'other' }]
  expect(refusalIn(await here.send(redeeming(code, { authorization_details: more })))).toBe(
    '400 invalid_authorization_details',
  )
  const granted = readTokenResponse(await here.send(redeeming(code, { authorization_details: [entry] })))
  expect(granted.authorization_details).toHaveLength(1)
})

test('DPOP-10-1 a code that was asked for with a key is of no use without it', async () => {
  const here = askingWorld()
  const code = await codeFrom(here, { dpop_jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' })
  expect(refusalIn(await here.send(redeeming(code)))).toBe('400 invalid_grant')
})

test('OAS-4-3 an operator ends a grant, and its token is refused from then on', async () => {
  const here = askingWorld()
  const { access_token } = await grantedBy(here)
  const grants = []
  for await (const grant of here.issuer.grants()) grants.push(grant)
  expect(grants).toMatchObject([{ clientId: WALLET, configurationIds: ['person'] }])
  expect(JSON.stringify(grants)).not.toContain('anna')
  await here.issuer.revokeGrant(grants[0]?.grantId ?? '')
  expect(await credentialWith(here, access_token)).toBe(401)
  const other = askingWorld({}, { beside: here })
  expect(await credentialWith(other, access_token)).toBe(401)
})

test('OAS-4-3 a grant that is ended while its credential is signed issues nothing', async () => {
  const here = askingWorld()
  const { access_token } = await grantedBy(here)
  const { signer } = here.ports
  const racing = askingWorld(
    {},
    {
      beside: here,
      ports: {
        signer: {
          ...signer,
          async sign(data) {
            for await (const { grantId } of here.issuer.grants()) await here.issuer.revokeGrant(grantId)
            return signer.sign(data)
          },
        },
      },
    },
  )
  expect(await credentialWith(racing, access_token)).toBe(401)
  expect((await here.state.rests()).filter(({ ns }) => ns === 'issuer/issuance')).toEqual([])
})
