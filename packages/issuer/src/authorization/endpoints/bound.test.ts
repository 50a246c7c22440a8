import { jwkThumbprint } from '@facet-id/credential/jose'
import {
  REFRESH_TOKEN_GRANT,
  readTokenResponse,
  type TokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  pushedAuthorizationRequest,
  readPushedAuthorizationResponse,
} from '@facet-id/protocol/oauth/authorization'
import { findDpopNonce } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest } from '@facet-id/protocol/wire'
import { hash, keyPair, macOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { believing, sendBound, withAttestation, withProof } from '../../bound.test-support.ts'
import {
  ANSWER,
  arrived,
  asking,
  askingWorld,
  authorizing,
  browserOf,
  codeFrom,
  flowIn,
  PAR,
  redeeming,
  WALLET,
} from '../../browser.test-support.ts'
import { askCredential, askToken, nonceFrom, proofOf, refusalIn, TOKEN } from '../../wallet.test-support.ts'
import { type World, world } from '../../world.test-support.ts'

const key = keyPair()
const instance = keyPair()
const strict = {
  dpop: 'required',
  pushedRequests: 'required',
  clientAttestation: 'required',
  refreshLifetime: 3600,
} as const
/** A wallet that the operator never heard of: its provider speaks for it. */
const CLIENT = 'https://wallet.example/app'

async function asksCredential(here: World, token: string): Promise<WireRequest> {
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  return askCredential(token, [proof])
}

test('DPOP-5-2, DPOP-6-1, DPOP-7.1-1, DPOP-7.2-1 a token is bound to the key that was proven, and good with its proofs alone', async () => {
  const here = askingWorld()
  const granted = readTokenResponse(await sendBound(here, redeeming(await codeFrom(here)), key))
  expect(granted.token_type).toBe('DPoP')
  const request = await asksCredential(here, granted.access_token)
  // As a bearer token it is worth nothing.
  expect(refusalIn(await here.send(request))).toBe('401 invalid_token')
  const authorization = `DPoP ${granted.access_token}`
  const unproven = await here.send({ ...request, headers: { ...request.headers, authorization } })
  expect(refusalIn(unproven)).toBe('401 invalid_dpop_proof')
  expect(unproven.headers['www-authenticate']).toMatch(/^DPoP error="invalid_dpop_proof", algs="/)
  expect(refusalIn(await sendBound(here, request, keyPair(), granted.access_token))).toBe(
    '401 invalid_dpop_proof',
  )
  expect((await sendBound(here, request, key, granted.access_token)).status).toBe(200)
})

test('DPOP-8-1, DPOP-9-1 each endpoint that takes proofs demands a nonce, and gives the next one with every answer', async () => {
  const here = askingWorld()
  const code = await codeFrom(here)
  const asked = await here.send(withProof(here, redeeming(code), { key }))
  expect(refusalIn(asked)).toBe('400 use_dpop_nonce')
  const nonce = findDpopNonce(asked) ?? ''
  const granted = await here.send(withProof(here, redeeming(code), { key, nonce }))
  expect(granted.status).toBe(200)
  expect(findDpopNonce(granted)).not.toBe(nonce)
  const { access_token: accessToken } = readTokenResponse(granted)
  const request = await asksCredential(here, accessToken)
  const challenged = await here.send(withProof(here, request, { key, accessToken }))
  expect(challenged.status).toBe(401)
  expect(challenged.headers['www-authenticate']).toContain('error="use_dpop_nonce"')
  expect(findDpopNonce(challenged)).toBeDefined()
})

test('DPOP-8-2 a nonce that is another issuer’s, of another use or too old is answered with one of ours, and the code stays good', async () => {
  const here = askingWorld()
  const code = await codeFrom(here)
  const asked = await here.send(withProof(here, redeeming(code), { key }))
  const old = findDpopNonce(asked) ?? ''
  const ofProofs = await nonceFrom(here)
  const elsewhere = world({ ports: { mac: macOf(random(32)) } })
  const theirs = findDpopNonce(await elsewhere.send(withProof(elsewhere, redeeming(code), { key }))) ?? ''
  for (const nonce of ['x', `${old}x`, ofProofs, theirs]) {
    const refused = await here.send(withProof(here, redeeming(code), { key, nonce }))
    expect([refusalIn(refused), findDpopNonce(refused) === nonce]).toEqual(['400 use_dpop_nonce', false])
  }
  here.time.advance(here.settings.nonceLifetime + 61)
  const late = await codeFrom(here)
  expect(refusalIn(await here.send(withProof(here, redeeming(late), { key, nonce: old })))).toBe(
    '400 use_dpop_nonce',
  )
  expect((await sendBound(here, redeeming(late), key)).status).toBe(200)
})

test('DPOP-10.1-1 a proof that is pushed binds the code, and one that contradicts dpop_jkt is refused', async () => {
  const here = askingWorld()
  const jkt = jwkThumbprint(key.publicJwk, hash)
  const wrong = await sendBound(
    here,
    pushedAuthorizationRequest(PAR, { ...asking, dpop_jkt: jkt }),
    keyPair(),
  )
  expect(refusalIn(wrong)).toBe('400 invalid_dpop_proof')
  const pushed = await sendBound(here, pushedAuthorizationRequest(PAR, asking), key)
  const browser = browserOf(here)
  const shown = await browser.open(authorizing(readPushedAuthorizationResponse(pushed).request_uri))
  const response = arrived(await browser.post(ANSWER, { flow: flowIn(shown) }))
  if (!('code' in response)) throw new Error('the person agreed')
  expect(refusalIn(await sendBound(here, redeeming(response.code), keyPair()))).toBe('400 invalid_grant')
  expect(refusalIn(await here.send(redeeming(response.code)))).toBe('400 invalid_grant')
  expect((await sendBound(here, redeeming(response.code), key)).status).toBe(200)
})

test('DPOP-5-3 a refresh token that is bound to a key stays the same, and is of no use without the key', async () => {
  const here = askingWorld({ refreshLifetime: 3600 })
  const { refresh_token = '' } = readTokenResponse(
    await sendBound(here, redeeming(await codeFrom(here)), key),
  )
  const refresh = tokenRequest(TOKEN, { grant_type: REFRESH_TOKEN_GRANT, refresh_token, client_id: WALLET })
  expect(refusalIn(await here.send(refresh))).toBe('400 invalid_grant')
  expect(refusalIn(await sendBound(here, refresh, keyPair()))).toBe('400 invalid_grant')
  for (let times = 0; times < 2; times++) {
    const again = readTokenResponse(await sendBound(here, refresh, key))
    expect(again).not.toHaveProperty('refresh_token')
    expect(again.token_type).toBe('DPoP')
  }
})

test('DPOP-11.1-1, ATK-32 of fifty requests at once with one proof, at two nodes, one buys something', async () => {
  const here = askingWorld()
  const nodes = [here, askingWorld({}, { beside: here })]
  const codes = await Promise.all(Array.from({ length: 50 }, () => codeFrom(here)))
  const asked = await here.send(withProof(here, redeeming(codes[0] ?? ''), { key }))
  const { headers } = withProof(here, redeeming(''), { key, nonce: findDpopNonce(asked) ?? '' })
  const answers = await Promise.all(
    codes.map((code, i) => nodes[i % 2]?.send({ ...redeeming(code), headers })),
  )
  expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(1)
  // The codes of the others are as good as before.
  const other = codes[answers.findIndex((answer) => answer?.status !== 200)] ?? ''
  expect((await sendBound(here, redeeming(other), key)).status).toBe(200)
})

/** A credential asked for with a bound token, and a proof that it may be asked for with. */
async function boundRequest(here: World): Promise<{ request: WireRequest; nonce: string; token: string }> {
  const granted = await sendBound(here, redeeming(await codeFrom(here)), key)
  const { access_token: token } = readTokenResponse(granted)
  const request = await asksCredential(here, token)
  const asked = await here.send(withProof(here, request, { key, accessToken: token }))
  return { request, nonce: findDpopNonce(asked) ?? '', token }
}

test('DPOP-11.1-1 a proof whose request is refused is used up all the same', async () => {
  const here = askingWorld()
  const { request, nonce, token } = await boundRequest(here)
  const proven = withProof(here, request, { key, accessToken: token, nonce })
  expect(refusalIn(await here.send({ ...proven, body: '{}' }))).toBe('400 invalid_credential_request')
  expect(refusalIn(await here.send(proven))).toBe('401 invalid_dpop_proof')
  expect((await sendBound(here, request, key, token)).status).toBe(200)
})

test('DPOP-11.1-1 the proof is taken in the one commit of what it buys', async () => {
  const here = askingWorld()
  const { request, nonce, token } = await boundRequest(here)
  const { store } = here.ports
  const written: string[][] = []
  const counting: typeof store.commit = (ops) => {
    written.push(ops.map((op) => ('ns' in op ? op.ns : op.op)))
    return store.commit(ops)
  }
  const node = askingWorld({}, { beside: here, ports: { store: { ...store, commit: counting } } })
  expect((await node.send(withProof(here, request, { key, accessToken: token, nonce }))).status).toBe(200)
  const [allotted, ...issued] = written
  expect([allotted, issued.length]).toEqual([['alloc'], 1])
  expect(issued[0]).toContain('issuer/proof-used')
  expect(issued[0]).toContain('issuer/issuance')
})

async function grantedStrictly(here: World): Promise<TokenResponse> {
  const wallet = { clientId: CLIENT, instance }
  const asked = { ...asking, client_id: CLIENT, redirect_uri: 'https://wallet.example/cb' }
  const pushed = await here.send(await withAttestation(here, pushedAuthorizationRequest(PAR, asked), wallet))
  const browser = browserOf(here)
  const shown = await browser.open(authorizing(readPushedAuthorizationResponse(pushed).request_uri, CLIENT))
  const response = arrived(await browser.post(ANSWER, { flow: flowIn(shown) }))
  if (!('code' in response)) throw new Error('the person agreed')
  const redeem = await withAttestation(here, redeeming(response.code, { client_id: CLIENT }), wallet)
  return readTokenResponse(await sendTwice(here, redeem))
}

/** A proof of an attestation is good once, so the second try has one of its own. */
async function sendTwice(here: World, request: WireRequest, by = { clientId: CLIENT, instance }) {
  const asked = await here.send(withProof(here, request, { key }))
  const again = await withAttestation(here, request, by)
  return here.send(withProof(here, again, { key, nonce: findDpopNonce(asked) ?? '' }))
}

test('OAS-6-4, ABCA-7.1-1, PAR-2.4-1 under the strictest settings an attested wallet that nobody registered gets what a person agrees to', async () => {
  const here = askingWorld(strict, { ports: believing })
  const { token_type, access_token } = await grantedStrictly(here)
  expect(token_type).toBe('DPoP')
  expect((await sendBound(here, await asksCredential(here, access_token), key, access_token)).status).toBe(
    200,
  )
})

test('OAS-6-4, HAIP-4.3-1, VCI-E-1 under the strictest settings a wallet that is not attested, or proves no key, gets nothing', async () => {
  const here = askingWorld(strict, { ports: believing })
  expect(refusalIn(await here.send(pushedAuthorizationRequest(PAR, asking)))).toBe('401 invalid_client')
  const made = await here.offer()
  expect(refusalIn(await here.send(askToken(made)))).toBe('401 invalid_client')
  const attested = await withAttestation(here, askToken(made), { clientId: CLIENT, instance })
  expect(refusalIn(await here.send(attested))).toBe('400 invalid_dpop_proof')
  const strangers = { clientId: CLIENT, instance, by: keyPair() }
  const strange = await withAttestation(here, pushedAuthorizationRequest(PAR, asking), strangers)
  expect(refusalIn(await here.send(strange))).toBe('401 invalid_client')
  const bound = await sendTwice(
    here,
    await withAttestation(here, askToken(made), { clientId: CLIENT, instance }),
  )
  expect(readTokenResponse(bound).token_type).toBe('DPoP')
})

test('ABCA-9.3-1 a refresh token is bound to the very instance of the wallet', async () => {
  const here = askingWorld(strict, { ports: believing })
  const { refresh_token = '' } = await grantedStrictly(here)
  const refresh = tokenRequest(TOKEN, { grant_type: REFRESH_TOKEN_GRANT, refresh_token, client_id: CLIENT })
  const other = { clientId: CLIENT, instance: keyPair() }
  expect(refusalIn(await sendTwice(here, await withAttestation(here, refresh, other), other))).toBe(
    '400 invalid_grant',
  )
  const mine = await sendTwice(here, await withAttestation(here, refresh, { clientId: CLIENT, instance }))
  expect(mine.status).toBe(200)
})

test('ABCA-8-1 metadata says how wallets are attested, where a provider is believed', async () => {
  const url = 'https://issuer.example/.well-known/oauth-authorization-server/utopia'
  const read = async (here: World) => JSON.parse((await here.send({ method: 'GET', url, headers: {} })).body)
  expect(await read(askingWorld(strict, { ports: believing }))).toMatchObject({
    token_endpoint_auth_methods_supported: ['attest_jwt_client_auth', 'attest_jwt_client_auth_dpop'],
    'pre-authorized_grant_anonymous_access_supported': false,
    challenge_endpoint: 'https://issuer.example/utopia/challenge',
    client_attestation_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA'],
    client_attestation_pop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA'],
  })
  expect(await read(world())).not.toHaveProperty('challenge_endpoint')
})
