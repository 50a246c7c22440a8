/** A wallet made of `@openid4vc/openid4vci` 0.4.6 at our issuer. */
import { expect, test } from 'vitest'
import { newPeerKey } from '../openid4vc/callbacks.ts'
import {
  accessOf,
  ask,
  asWallet,
  authorize,
  errorSeen,
  learn,
  peerWallet,
  proofs,
  redeem,
  textsIn,
} from '../openid4vc/wallet.ts'
import { specimen } from '../ours.ts'
import { otherServer } from './other-server.ts'
import { offer, REDIRECT, servedIssuer } from './our-issuer.ts'

test.each(['value', 'reference'] as const)(
  'takes a batch by a pre-authorized code and a transaction code, from an offer by %s',
  async (by) => {
    const { link, txCode } = await offer(await servedIssuer(), { by })
    const wallet = peerWallet({ copies: 3 })
    const learned = await learn(wallet, link)
    const access = accessOf(await redeem(wallet, learned, { txCode }))
    const answer = await ask(wallet, learned, access, await proofs(wallet, learned))
    expect(new Set(keysIn(textsIn(answer)))).toEqual(
      new Set(wallet.keys.map((key) => key.signer.publicJwk.x)),
    )
  },
)

test('takes a credential by a pre-authorized code without a transaction code', async () => {
  const { link } = await offer(await servedIssuer(), { txCodeLength: 0 })
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  const access = accessOf(await redeem(wallet, learned))
  expect(textsIn(await ask(wallet, learned, access, await proofs(wallet, learned)))).toHaveLength(1)
})

test('takes a credential by an authorization code: pushed, with PKCE, with iss in the answer', async () => {
  const { issuer, url } = await servedIssuer({ authorization: { pushedRequests: 'required' } })
  const { link } = await issuer.invite({ configurationIds: ['person'] })
  const wallet = peerWallet({ clientAuthentication: asWallet })
  const learned = await learn(wallet, link)
  const token = await authorize(wallet, learned)
  expect(new URL(token.request).searchParams.get('request_uri')).toMatch(
    /^urn:ietf:params:oauth:request_uri:/,
  )
  expect(token.back.startsWith(REDIRECT)).toBe(true)
  expect(new URL(token.back).searchParams.get('iss')).toBe(url)
  const answer = await ask(wallet, learned, accessOf(token), await proofs(wallet, learned))
  expect(textsIn(answer)).toHaveLength(1)
})

test('binds its tokens by DPoP at every endpoint, with the nonces that it is given, and refreshes them', async () => {
  const { issuer } = await servedIssuer({
    authorization: { dpop: 'required', pushedRequests: 'required', refreshLifetime: 3600 },
    settings: { notifications: true },
  })
  const { link } = await issuer.invite({ configurationIds: ['person'] })
  const key = newPeerKey()
  const wallet = peerWallet({ more: [key], clientAuthentication: asWallet })
  const learned = await learn(wallet, link)
  const dpop = { signer: key.signer }
  const token = await authorize(wallet, learned, dpop)
  expect(token.accessTokenResponse.token_type).toBe('DPoP')
  const first = await ask(wallet, learned, accessOf(token, dpop), await proofs(wallet, learned))
  await wallet.client.sendNotification({
    issuerMetadata: learned.issuerMetadata,
    notification: { notificationId: first.notification_id ?? '', event: 'credential_accepted' },
    ...accessOf(token, dpop),
  })
  const [server] = learned.issuerMetadata.authorizationServers
  const again = await wallet.oauth.retrieveRefreshTokenAccessToken({
    authorizationServerMetadata: server as never,
    refreshToken: token.accessTokenResponse.refresh_token ?? '',
    dpop,
  })
  const second = await ask(wallet, learned, accessOf(again, dpop), await proofs(wallet, learned))
  expect(textsIn(second)).toHaveLength(1)
})

test('brings the token of another server that our issuer names', async () => {
  const server = await otherServer()
  const { issuer } = server
  const served = await servedIssuer({
    authorization: { servers: [{ issuer, tokens: 'jwt' }] },
    ports: { serverKey: ({ kid }) => (kid === 'one' ? server.publicJwk : undefined), subjectClaims },
  })
  server.goodFor(served.url, 'person')
  const wallet = peerWallet({ clientAuthentication: asWallet })
  const offered = {
    credential_issuer: served.url,
    credential_configuration_ids: ['person'],
    grants: { authorization_code: { authorization_server: issuer } },
  }
  const link = `openid-credential-offer://?${new URLSearchParams({ credential_offer: JSON.stringify(offered) })}`
  const learned = await learn(wallet, link)
  const token = await authorize(wallet, learned)
  const answer = await ask(wallet, learned, accessOf(token), await proofs(wallet, learned))
  expect(textsIn(answer)).toHaveLength(1)
})

const subjectClaims = () => ({ answer: 'claims', claims: specimen }) as const

test('sees the codes of our refusals', async () => {
  const served = await servedIssuer({ authorization: { clients: {} } })
  const { link, txCode } = await offer(served)
  const wallet = peerWallet()
  const learned = await learn(wallet, link)
  expect(await errorSeen(redeem(wallet, learned, { txCode: wrong(txCode) }))).toBe('invalid_grant')
  const access = accessOf(await redeem(wallet, learned, { txCode }))
  const given = await proofs(wallet, learned)
  expect(await errorSeen(ask(wallet, learned, { accessToken: 'none' }, given))).toBe('invalid_token')
  expect(await errorSeen(ask(wallet, learned, access, await proofs(wallet, learned, { nonce: 'old' })))).toBe(
    'invalid_nonce',
  )
  const unsigned = given.jwt.map((jwt) => jwt.replace(/\.[^.]*$/, `.${'A'.repeat(86)}`)) as [string]
  expect(await errorSeen(ask(wallet, learned, access, { jwt: unsigned }))).toBe('invalid_proof')
  expect(textsIn(await ask(wallet, learned, access, given))).toHaveLength(1)
  expect(await errorSeen(redeem(wallet, learned, { txCode }))).toBe('invalid_grant')
})

test('sees the codes of our refusals on the way to a code, and to what is bound', async () => {
  const { issuer } = await servedIssuer({ authorization: { pushedRequests: 'required', dpop: 'required' } })
  const { link } = await issuer.invite({ configurationIds: ['person'] })
  const key = newPeerKey()
  const dpop = { signer: key.signer }
  const stranger = peerWallet({ more: [key] })
  const learned = await learn(stranger, link)
  expect(await errorSeen(authorize(stranger, learned, dpop, 'stranger'))).toBe('invalid_client')
  const wallet = peerWallet({ more: [key], clientAuthentication: asWallet })
  expect(await errorSeen(authorize(wallet, learned))).toBe('invalid_dpop_proof')
  const access = accessOf(await authorize(wallet, learned, dpop), dpop)
  const given = await proofs(wallet, learned)
  const bare = { accessToken: access.accessToken }
  expect(await errorSeen(ask(wallet, learned, bare, given))).toBe('invalid_token')
  const other = { ...access, dpop: { signer: (wallet.keys[0] ?? key).signer } }
  expect(await errorSeen(ask(wallet, learned, other, given))).toBe('invalid_dpop_proof')
  expect(textsIn(await ask(wallet, learned, access, given))).toHaveLength(1)
  // The same credential could be had again, by a wallet that never got it; not by its proofs again.
  expect(await errorSeen(ask(wallet, learned, access, given))).toBe('invalid_nonce')
})

test('hears that its person does not agree', async () => {
  const { issuer } = await servedIssuer({
    ports: { userAuthentication: { begin: () => ({ next: 'refuse' }), answer: () => ({ next: 'refuse' }) } },
  })
  const { link } = await issuer.invite({ configurationIds: ['person'] })
  const wallet = peerWallet({ clientAuthentication: asWallet })
  await expect(authorize(wallet, await learn(wallet, link))).rejects.toThrow('access_denied')
})

function wrong(txCode = ''): string {
  return [...txCode].map((digit) => String((Number(digit) + 1) % 10)).join('')
}

function keysIn(credentials: readonly string[]): readonly string[] {
  return credentials.map((compact) => {
    const [, payload = ''] = compact.split('.')
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).cnf.jwk.x
  })
}
