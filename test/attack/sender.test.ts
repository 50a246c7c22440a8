/**
 * Somebody who saw requests of a wallet, or who leads it astray: what proves a sender serves one request, at one
 * place, and a code never goes to another server than was asked for it.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { generateKey, random, signerOf } from '@facet-id/crypto/node'
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import {
  attestationHeaders,
  findAttestationChallenge,
  findClientAttestation,
  writeAttestationProofInput,
  writeClientAttestationInput,
} from '@facet-id/protocol/oauth/client-attestation'
import { accessTokenHash, findDpopNonce, findDpopProof, writeDpopInput } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type BoundStage, boundStage, CLIENT, REDIRECT, visit, walletProvider } from '../flow/bound.ts'
import { ISSUER, memoryStage } from '../flow/memory.ts'
import { specimen } from '../flow/specimen.ts'

/** A stage that keeps what the wallet would send to one place, and lets it through to nobody. */
async function catching(at: string): Promise<{ readonly stage: BoundStage; readonly caught: WireRequest }> {
  const caught: WireRequest[] = []
  const stage = boundStage({
    around: (transport) => ({
      async send(request) {
        // The first try has no nonce yet, and is refused for that.
        if (!request.url.endsWith(at) || findDpopProof(request)?.nonce === undefined)
          return transport.send(request)
        caught.push(request)
        return { status: 503, headers: {}, body: '' }
      },
    }),
  })
  const { link, txCode } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  await stage.holder.accept(link).catch(() => {})
  const [request] = caught
  if (request === undefined) throw new Error('the wallet sent nothing there')
  return { stage, caught: request }
}

const outcomeOf = ({ status, body }: WireResponse): string =>
  status < 300 ? String(status) : `${status} ${body === '' ? '' : JSON.parse(body).error}`

async function fifty(send: () => Promise<WireResponse>): Promise<readonly string[]> {
  return (await Promise.all(Array.from({ length: 50 }, send))).map(outcomeOf)
}

test('ATK-32 of fifty token requests at once with one proof, each with a code that is good, exactly one is granted', async () => {
  const { stage, caught } = await catching('/token')
  const proofs = { ...caught.headers }
  const outcomes: string[] = []
  const codes = await Promise.all(
    Array.from({ length: 50 }, () => stage.issuer.offer({ configurationId: 'person', claims: specimen })),
  )
  await Promise.all(
    codes.map(async ({ offer, txCode }) => {
      const grant = offer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']
      const form = new URLSearchParams(caught.body)
      form.set('pre-authorized_code', grant?.['pre-authorized_code'] ?? '')
      if (txCode !== undefined) form.set('tx_code', txCode)
      const request = { ...caught, headers: proofs, body: form.toString() }
      outcomes.push(outcomeOf(await stage.issuer.handle(request)))
    }),
  )
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1)
  expect(new Set(outcomes)).toEqual(new Set(['200', '400 invalid_dpop_proof']))
})

test('ATK-32 a credential request that was seen is worth nothing a second time, nor fifty times', async () => {
  const { stage, caught } = await catching('/credential')
  const outcomes = await fifty(() => stage.issuer.handle(caught))
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1)
  expect(await stage.issuer.handle(caught).then(outcomeOf)).toBe('401 invalid_dpop_proof')
})

test('ATK-32 a stolen access token is worth nothing without its key, at another place, or as a bearer token', async () => {
  const { stage, caught } = await catching('/credential')
  const token = (caught.headers.authorization ?? '').slice('DPoP '.length)
  const own = findDpopProof(caught)
  const thief = generateKey('ES256')
  const signer = signerOf(thief.privateJwk)
  const prove = async (changes: object): Promise<WireRequest> => {
    const input = writeDpopInput({
      request: caught,
      jti: hash('sha-256', random(16)),
      issuedAt: stage.time.now(),
      ...(own?.nonce === undefined ? {} : { nonce: own.nonce }),
      ath: accessTokenHash(token, hash),
      jwk: thief.publicJwk,
      alg: 'ES256',
      ...changes,
    })
    const dpop = writeJws(input, await signer.sign(utf8(input)))
    return { ...caught, headers: { ...caught.headers, dpop } }
  }
  const { dpop: _, ...unproven } = caught.headers
  const other = memoryStage()
  const elsewhere = findDpopNonce(await other.issuer.handle({ ...caught, url: `${ISSUER}/token` }))
  const refused = [
    await prove({}),
    // With the owner's key in its header, and the thief's signature below.
    await prove({ jwk: own?.jwk }),
    await prove({ request: { method: 'GET', url: caught.url } }),
    await prove({ request: { method: 'POST', url: `${ISSUER}/token` } }),
    await prove({ ath: accessTokenHash('another', hash) }),
    await prove({ issuedAt: stage.time.now() - 301 }),
    await prove({ issuedAt: stage.time.now() + 11 }),
    { ...caught, headers: unproven },
    { ...caught, headers: { ...caught.headers, dpop: `${caught.headers.dpop}, ${caught.headers.dpop}` } },
  ]
  for (const request of refused) {
    expect(outcomeOf(await stage.issuer.handle(request))).toBe('401 invalid_dpop_proof')
  }
  // The nonce of another server is none of ours.
  expect(elsewhere).toBeDefined()
  expect(outcomeOf(await stage.issuer.handle(await prove({ nonce: elsewhere })))).toBe('401 use_dpop_nonce')
  const bearer = { ...unproven, authorization: `Bearer ${token}` }
  expect(outcomeOf(await stage.issuer.handle({ ...caught, headers: bearer }))).toBe('401 invalid_token')
  // Nothing of it used the token up.
  expect(outcomeOf(await stage.issuer.handle(caught))).toBe('200')
})

test('ATK-33 an attestation that is over, of nobody believed or without a client, and a proof that is not for us now, authenticate nobody', async () => {
  const provider = generateKey('ES256')
  const attest = walletProvider(signerOf(provider.privateJwk), () => 0)
  const stranger = signerOf(provider.privateJwk)
  const { stage, caught } = await catching('/token')
  const now = stage.time.now()
  const challenge = findAttestationChallenge(await stage.issuer.handle({ ...caught, body: '' })) ?? ''
  const { attestation: known, proof } = findClientAttestation(caught) ?? {}
  expect([known?.sub, proof?.aud]).toEqual([CLIENT, ISSUER])
  const instance = generateKey('ES256')
  const sign = async (input: string, by = signerOf(instance.privateJwk)): Promise<string> =>
    writeJws(input, await by.sign(utf8(input)))
  const proving = (changes: object): Promise<string> =>
    sign(writeAttestationProofInput({ aud: ISSUER, jti: 'j', iat: now, challenge, alg: 'ES256', ...changes }))
  const [theirs = ''] = (caught.headers['oauth-client-attestation'] ?? '').split(',')
  const own = await attest({ issuer: ISSUER, fresh: false })
  const forged = await sign(
    writeClientAttestationInput({ sub: CLIENT, exp: now + 60, jwk: instance.publicJwk, alg: 'ES256' }),
    stranger,
  )
  const over = await sign(
    writeClientAttestationInput({ sub: CLIENT, exp: now, jwk: instance.publicJwk, alg: 'ES256' }),
    stranger,
  )
  const cases: readonly (readonly [attestation: string, proof: string | undefined, outcome: string])[] = [
    [theirs, await proving({}), '401 invalid_client'],
    [theirs, undefined, '401 invalid_client'],
    [forged, await proving({}), '401 invalid_client'],
    [own?.attestation ?? '', await proving({}), '400 use_fresh_attestation'],
    [over, await proving({}), '400 use_fresh_attestation'],
    [forged, await proving({ aud: `${ISSUER}/token` }), '401 invalid_client'],
    [forged, await proving({ aud: 'https://other.example' }), '401 invalid_client'],
    [forged, await proving({ challenge: 'not-ours' }), '400 use_attestation_challenge'],
    [forged, await proving({ iat: now - 301 }), '401 invalid_client'],
    ['', await proving({}), '401 invalid_client'],
  ]
  for (const [attestation, pop, outcome] of cases) {
    const { 'oauth-client-attestation-pop': _, ...headers } = caught.headers
    const request = { ...caught, headers: { ...headers, ...attestationHeaders(attestation, pop) } }
    expect([outcome, outcomeOf(await stage.issuer.handle(request))]).toEqual([outcome, outcome])
  }
  // Nothing of it used up the code, nor the proofs of the owner.
  expect(outcomeOf(await stage.issuer.handle(caught))).toBe('200')
  expect(outcomeOf(await stage.issuer.handle(caught))).toMatch(/^40[01] invalid_/)
})

test('ATK-29 a server whose browser comes back from another one gets no code, and the issuance is over', async () => {
  // The honest server lets its wallets send their requests by the browser; the person agrees there.
  const clients = { [CLIENT]: { name: 'Wallet', redirectUris: [REDIRECT] } }
  const authorization = { ...issuerDefaults.authorization, clients }
  const honest = boundStage({ issuer: { settings: { authorization } } })
  const attacker = 'https://attacker.example'
  const pushed: WireRequest[] = []
  const tokens: WireRequest[] = []
  let back = ''
  // The attacker is an authorization server of its own issuer, and sends the browser on to the honest one.
  const stage = boundStage({
    around: () => ({
      async send(request) {
        const { url } = request
        const json = (body: object, status = 200): WireResponse => ({
          status,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        if (url.includes('openid-credential-issuer')) return json(metadataOfAttacker)
        if (url.includes('oauth-authorization-server')) return json(serverOfAttacker)
        if (url === `${attacker}/par`) {
          pushed.push(request)
          return json({ request_uri: 'urn:ietf:params:oauth:request_uri:stolen', expires_in: 60 }, 201)
        }
        if (url === `${attacker}/token`) tokens.push(request)
        return json({ error: 'invalid_request' }, 400)
      },
    }),
    holder: {
      async authorize() {
        // What the wallet asked of the attacker, the browser is made to ask of the honest server.
        back = await visit(`${ISSUER}/authorize?${pushed[0]?.body}`, honest.issuer.handle)
        return back
      },
    },
  })
  const metadataOfAttacker = {
    credential_issuer: attacker,
    credential_endpoint: `${attacker}/credential`,
    credential_configurations_supported: {
      person: {
        format: 'dc+sd-jwt',
        vct: 'urn:facet:test:person',
        scope: 'person',
        cryptographic_binding_methods_supported: ['jwk'],
        proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      },
    },
  }
  const serverOfAttacker = {
    issuer: attacker,
    token_endpoint: `${attacker}/token`,
    authorization_endpoint: `${attacker}/authorize`,
    pushed_authorization_request_endpoint: `${attacker}/par`,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'],
  }
  const offer = {
    credential_issuer: attacker,
    credential_configuration_ids: ['person'],
    grants: { authorization_code: {} },
  }
  const link = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
  await expect(stage.holder.accept(link)).rejects.toMatchObject({ code: 'issuer_mismatch' })
  // The answer was real, and the wallet's own: its code went nowhere.
  expect(Object.fromEntries(new URL(back).searchParams)).toMatchObject({
    code: expect.any(String),
    state: new URLSearchParams(pushed[0]?.body).get('state'),
    iss: ISSUER,
  })
  expect(tokens).toEqual([])
  expect(await stage.holder.pending()).toEqual([])
  expect(stage.attestedFor.every((issuer) => issuer === attacker)).toBe(true)
})
