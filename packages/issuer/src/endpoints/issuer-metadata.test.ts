import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import {
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  readCredentialIssuerId,
  readCredentialIssuerMetadataResponse,
} from '@facet-id/protocol/openid4vci'
import {
  findSignedMetadata,
  readSignedMetadata,
  readSignedMetadataJwt,
  type SignedMetadataJwt,
  signedMetadataRequest,
} from '@facet-id/protocol/openid4vci/metadata'
import { checkSignatures, keyPair, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { ISSUER, signingKey, type World, world } from '../world.test-support.ts'

const id = readCredentialIssuerId(ISSUER)

async function plain(here: World): Promise<CredentialIssuerMetadata> {
  return readCredentialIssuerMetadataResponse(await here.send(credentialIssuerMetadataRequest(id)), id)
}

async function signed(here: World): Promise<SignedMetadataJwt> {
  const response = await here.send(signedMetadataRequest(id))
  expect(response).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/jwt', vary: 'accept' },
  })
  return readSignedMetadataJwt(findSignedMetadata(response) ?? '')
}

function holdsUnder(jwt: SignedMetadataJwt, key: PublicJwk): boolean {
  return checkSignatures([jwt.check(key)])[0] === 'valid'
}

test('VCI-12.2.2-6, VCI-12.2.3-1, VCI-12.2.3-2, VCI-12.2.3-3, VCI-12.2.3-4 who asks for it gets the same metadata signed, by the key of its DID', async () => {
  const here = world()
  const jwt = await signed(here)
  const { did } = here.settings
  expect(jwt.key).toEqual({ by: 'kid', kid: `${did}#0` })
  const method = findVerificationMethod(resolveDidJwk(did), `${did}#0`, 'assertionMethod')
  expect(holdsUnder(jwt, readPublicJwk(method?.publicKeyJwk))).toBe(true)
  const now = here.time.now()
  const { metadata, leftOut } = readSignedMetadata(jwt, id, { now, skewSeconds: 0 })
  expect(metadata).toEqual(await plain(here))
  expect(leftOut).toEqual([])
  expect(jwt.jws.payload).toMatchObject({ sub: ISSUER, iat: now, exp: now + 86_400 })
})

test('VCI-12.2.3-5 an issuer that is known by a certificate signs with it, and brings the chain along', async () => {
  const other = keyPair()
  const chain = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)]
  const here = world({
    settings: { knownBy: { by: 'x5c', chain } },
    ports: { signers: { x5c: { ...signerOf(other.privateJwk, 'x'), kid: 'x' } } },
  })
  const jwt = await signed(here)
  expect(jwt.key).toEqual({ by: 'x5c', chain })
  expect([holdsUnder(jwt, other.publicJwk), holdsUnder(jwt, signingKey)]).toEqual([true, false])
})

test('VCI-12.2.3-5 an issuer that is known by its address names the key that it publishes', async () => {
  const here = world({ settings: { knownBy: { by: 'jwt_vc_issuer', kid: 'a', publicJwk: signingKey } } })
  const jwt = await signed(here)
  expect(jwt.key).toEqual({ by: 'kid', kid: 'a' })
  expect(holdsUnder(jwt, signingKey)).toBe(true)
})

test('VCI-12.2.2-4 whoever keeps an answer is told that it depends on what was asked for', async () => {
  expect((await world().send(credentialIssuerMetadataRequest(id))).headers).toMatchObject({
    'content-type': 'application/json',
    vary: 'accept',
  })
})

test('a thousand who ask at once cost one signature, and a key that fails is asked again', async () => {
  let signatures = 0
  let fails = true
  const { signer } = world().ports
  const here = world({
    ports: {
      signer: {
        ...signer,
        async sign(data) {
          signatures++
          if (fails) throw new Error('the token is out')
          return signer.sign(data)
        },
      },
    },
  })
  expect((await here.send(signedMetadataRequest(id))).status).toBe(500)
  fails = false
  const answers = await Promise.all(Array.from({ length: 1000 }, () => here.send(signedMetadataRequest(id))))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(signatures).toBe(2)
  here.time.advance(300)
  await signed(here)
  expect(signatures).toBe(3)
})
