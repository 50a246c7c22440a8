import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { findMember, isJsonObject } from '@facet-id/credential/json'
import { checkSignatures, generateKey, signerOf } from '@facet-id/crypto/node'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import {
  beginFederation,
  checksOfFederation,
  judgeFederation,
  readEntityStatement,
  readFederationKeys,
} from '@facet-id/trust/federation'
import { afterAll, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { startIssuanceNode } from './issuance-node.ts'
import type { NodeOptions } from './node.ts'
import { startVerifierService } from './verifier-service.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())

const anchor = 'https://anchor.example'
const options = (url: string, more: Partial<NodeOptions> = {}): NodeOptions => ({
  dataDirectory: directory.in('node'),
  environment: {},
  development: false,
  publicUrl: url,
  federationAuthorities: [anchor],
  ...more,
})

/** What the anchor makes of an entity by its configuration, having vouched for the key in it. */
async function judgedBy(text: string, subject: string) {
  const { publicJwk, privateJwk } = generateKey()
  const jwks = { keys: [{ ...publicJwk, kid: 'a' }] }
  const now = Date.now() / 1000
  const { claims } = readEntityStatement(text)
  const header = { alg: 'ES256', typ: 'entity-statement+jwt', kid: 'a' } as const
  const about = {
    iss: anchor,
    sub: subject,
    iat: now - 1,
    exp: now + 60,
    jwks: findMember(claims, 'jwks') ?? {},
  }
  const input = writeSigningInput(header, about)
  const statement = writeJws(input, signerOf(privateJwk).sign(utf8(input)))
  const anchors = [{ entityId: anchor, keys: readFederationKeys(jwks, 'jwks') }]
  const chain = beginFederation([text, statement], { anchors, subject, now, skewSeconds: 60 })
  return judgeFederation(chain, checkSignatures(checksOfFederation(chain)))
}

test('FED-9-2 an issuer says of itself who it is, where its superiors look for it, and they can vouch for it', async () => {
  const url = 'https://issuer.example/tenant'
  const node = await startIssuanceNode(options(url))
  try {
    const at = `http://127.0.0.1:${node.port}/tenant/.well-known/openid-federation`
    const answer = await transport.send({ method: 'GET', url: at, headers: {} })
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/entity-statement+jwt' },
    })
    const judged = await judgedBy(answer.body, url)
    expect(judged).toMatchObject({
      outcome: 'proven',
      entityId: url,
      metadata: { openid_credential_issuer: { credential_issuer: url } },
    })
    const { headers } = await transport.send({ method: 'GET', url: at, headers: {} })
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
    expect((await transport.send({ method: 'GET', url: at, headers: {} })).body).toBe(answer.body)
  } finally {
    await node.close()
  }
})

test('FED-9-2 a verifier does likewise, and one that names no superior publishes nothing', async () => {
  const url = 'https://platform.example'
  const statusAt = async (more: Partial<NodeOptions>) => {
    const service = await startVerifierService({ ...options(url, more), issuers: [] })
    const at = `http://127.0.0.1:${service.port}/.well-known/openid-federation`
    const { status, body } = await transport.send({ method: 'GET', url: at, headers: {} })
    await service.close()
    return { status, body }
  }
  const { status, body } = await statusAt({})
  expect(status).toBe(200)
  const judged = await judgedBy(body, url)
  expect(judged.outcome === 'proven' && isJsonObject(judged.metadata.openid_credential_verifier)).toBe(true)
  const { federationAuthorities: _, ...alone } = options(url)
  const service = await startVerifierService({ ...alone, issuers: [] })
  const at = `http://127.0.0.1:${service.port}/.well-known/openid-federation`
  expect((await transport.send({ method: 'GET', url: at, headers: {} })).status).toBe(404)
  await service.close()
})

test('FED-9-2 a service on this machine is no entity, nor is a superior without https', async () => {
  const { publicUrl: _, ...local } = options('', { development: true })
  expect(await outcomeOf(() => startVerifierService({ ...local, issuers: [] }))).toBe('usage')
  expect(await outcomeOf(() => startIssuanceNode(local))).toBe('usage')
  const plain = options('https://platform.example', { federationAuthorities: ['http://anchor.example'] })
  expect(await outcomeOf(() => startVerifierService({ ...plain, issuers: [] }))).toBe('usage')
})
