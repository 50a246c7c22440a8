/** Tokens of another authorization server, as they come in real life: signed with RS256, its keys published. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { foreignServers } from '@facet-id/facet'
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { credentialRequest, nonceRequest, readNonceResponse } from '@facet-id/protocol/openid4vci'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireResponse } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { ISSUER, type MemoryStage, memoryStage } from './memory.ts'
import { specimen } from './specimen.ts'

const SERVER = 'https://login.example'
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const others = generateKeyPairSync('rsa', { modulusLength: 2048 })
const published = [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig', alg: 'RS256' }]

/** What the server publishes. */
function serverAnswer(url: string): WireResponse {
  const documents: Readonly<Record<string, object>> = {
    [`${SERVER}/.well-known/oauth-authorization-server`]: {
      issuer: SERVER,
      token_endpoint: `${SERVER}/token`,
      jwks_uri: `${SERVER}/keys`,
    },
    [`${SERVER}/keys`]: { keys: published },
  }
  const headers = { 'content-type': 'application/json' }
  return { status: url in documents ? 200 : 404, headers, body: JSON.stringify(documents[url] ?? {}) }
}

function trusting(): MemoryStage {
  const stage: MemoryStage = memoryStage({
    issuer: {
      settings: {
        authorization: { ...issuerDefaults.authorization, servers: [{ issuer: SERVER, tokens: 'jwt' }] },
      },
      ports: {
        ...foreignServers({
          transport: { send: async ({ url }) => serverAnswer(url) },
          now: () => stage.time.now(),
        }),
        subjectClaims: () => ({ answer: 'claims', claims: specimen }),
      },
    },
  })
  return stage
}

async function askedWith({ issuer, time }: MemoryStage, by: typeof keys, aud: string): Promise<number> {
  const now = time.now()
  const claims = {
    iss: SERVER,
    sub: 'anna',
    aud,
    client_id: 'wallet',
    scope: 'person',
    iat: now,
    exp: now + 300,
  }
  const input = writeSigningInput({ alg: 'RS256', typ: 'at+jwt', kid: 'rsa' }, claims)
  const token = writeJws(input, sign('sha256', Buffer.from(input), by.privateKey))
  const { c_nonce: nonce } = readNonceResponse(await issuer.handle(nonceRequest(`${ISSUER}/nonce`)))
  const { publicJwk: jwk, privateJwk } = generateKey('ES256')
  const proof = writeProofInput({ audience: ISSUER, issuedAt: now, jwk, alg: 'ES256', nonce })
  const jwt = [writeJws(proof, await signerOf(privateJwk).sign(utf8(proof)))]
  const asked = { credential_configuration_id: 'person', proofs: { jwt } }
  return (await issuer.handle(credentialRequest(`${ISSUER}/credential`, token, asked))).status
}

test('OAS-7-5, OAS-7-1, OAS-7-2 a token that another server signed with RS256 brings a credential, and one that it did not, or not for us, brings none', async () => {
  const stage = trusting()
  expect(await askedWith(stage, keys, ISSUER)).toBe(200)
  expect(await askedWith(stage, others, ISSUER)).toBe(401)
  expect(await askedWith(stage, keys, 'https://other.example')).toBe(401)
  const issued: string[] = []
  for await (const { configurationId } of stage.issuer.issuances()) issued.push(configurationId)
  expect(issued).toEqual(['person'])
})
