/** A verifier made of `@openid4vc/openid4vp` 0.4.6, on a port of loopback. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { writeDidJwk } from '@facet-id/credential/did'
import { readPublicJwk } from '@facet-id/credential/jose'
import type { Jwk, JwtSigner } from '@openid4vc/oauth2'
import { Openid4vpVerifier, zWalletMetadata } from '@openid4vc/openid4vp'
import express from 'express'
import { newPeerKey } from '../openid4vc/callbacks.ts'
import { newEncryptionJwk, presentationCallbacks } from '../openid4vc/presentation-callbacks.ts'
import type { TestAuthority } from './certificates.ts'
import type { Prefix } from './our-verifier.ts'
import type { Closing } from './world.ts'

const HOST = 'localhost'

export type PeerPrefix = Prefix | 'pre-registered'

export interface PeerAsking {
  readonly query: object
  readonly responseMode?: 'direct_post' | 'direct_post.jwt'
  /** How the wallet gets it; by `encrypted` it is posted for, and encrypted to the wallet. Absent: it is in the link. */
  readonly fetchedBy?: 'get' | 'post' | 'encrypted'
  readonly transactions?: readonly object[]
}

/** What a wallet brought along when it fetched a request by POST. */
interface Fetching {
  readonly wallet_nonce: string
  readonly metadata: ReturnType<typeof zWalletMetadata.parse>
}

type Answer = Awaited<ReturnType<Openid4vpVerifier['parseOpenid4vpAuthorizationResponse']>>

export async function peerVerifier(authority: TestAuthority, closing: Closing) {
  const app = express().use(express.urlencoded())
  const server = app.listen(0, HOST)
  await new Promise((done) => server.once('listening', done))
  closing(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`
  const key = newPeerKey()
  const publicJwk = readPublicJwk(JSON.parse(JSON.stringify(key.signer.publicJwk)))
  const did = writeDidJwk(publicJwk)
  const { certificate, hash } = await authority.certifyKey(HOST, publicJwk)
  const x5c: JwtSigner = {
    method: 'x5c',
    alg: 'ES256',
    x5c: [Buffer.from(certificate.der).toString('base64')],
  }
  const signers: Readonly<Record<PeerPrefix, JwtSigner | undefined>> = {
    redirect_uri: undefined,
    decentralized_identifier: { method: 'did', alg: 'ES256', didUrl: `${did}#0` },
    x509_san_dns: x5c,
    x509_hash: x5c,
    'pre-registered': { method: 'custom', alg: 'ES256', kid: 'r' },
  }
  const verifier = new Openid4vpVerifier({ callbacks: presentationCallbacks({ key }) })
  const addresses: string[] = []

  return {
    verifier,
    /** As a wallet has it registered. */
    registration: { keys: [{ ...publicJwk, kid: 'r' }], addresses },
    async request(prefix: PeerPrefix, asking: PeerAsking) {
      const id = randomUUID()
      const response_uri = `${origin}/answers/${id}`
      addresses.push(response_uri)
      const clientIds: Readonly<Record<PeerPrefix, string>> = {
        redirect_uri: `redirect_uri:${response_uri}`,
        decentralized_identifier: `decentralized_identifier:${did}`,
        x509_san_dns: `x509_san_dns:${HOST}`,
        x509_hash: `x509_hash:${hash}`,
        'pre-registered': 'platform',
      }
      const payload = {
        response_type: 'vp_token' as const,
        response_mode: asking.responseMode ?? 'direct_post',
        client_id: clientIds[prefix],
        response_uri,
        nonce: randomUUID(),
        state: id,
        dcql_query: { ...asking.query },
        ...(asking.transactions === undefined ? {} : { transaction_data: asking.transactions.map(encoded) }),
        ...(prefix === 'pre-registered' ? {} : { client_metadata: await metadataFor(asking) }),
      }
      const made = (wallet_nonce?: string, encryptedTo?: Jwk) => {
        const jwtSigner = signers[prefix]
        const requestUri = asking.fetchedBy === undefined ? {} : { requestUri: `${origin}/requests/${id}` }
        const jweEncryptor = {
          method: 'jwk',
          publicJwk: encryptedTo,
          alg: 'ECDH-ES',
          enc: 'A256GCM',
        } as never
        const encryption = encryptedTo === undefined ? {} : { jweEncryptor }
        return verifier.createOpenId4vpAuthorizationRequest({
          authorizationRequestPayload: {
            ...payload,
            ...(wallet_nonce === undefined ? {} : { wallet_nonce }),
          },
          ...(wallet_nonce === undefined ? {} : { wallet: { expectedNonce: wallet_nonce } }),
          ...(jwtSigner === undefined
            ? {}
            : { jar: { jwtSigner, expiresInSeconds: 60, ...requestUri, ...encryption } }),
        })
      }
      const fetchings: Fetching[] = []
      const answers: (Answer | Error)[] = []
      app.get(`/requests/${id}`, async (_request, response) => {
        const { jar } = await made()
        response.type('application/oauth-authz-req+jwt').send(jar?.authorizationRequestJwt)
      })
      app.post(`/requests/${id}`, async (request, response) => {
        const { wallet_nonce, wallet_metadata } = request.body
        const read = JSON.parse(wallet_metadata)
        fetchings.push({ wallet_nonce, metadata: zWalletMetadata.parse(read) })
        const encryptedTo = asking.fetchedBy === 'encrypted' ? read.jwks.keys[0] : undefined
        const { jar } = await made(wallet_nonce, encryptedTo)
        response.type('application/oauth-authz-req+jwt').send(jar?.authorizationRequestJwt)
      })
      app.post(`/answers/${id}`, async (request, response) => {
        const answer = await verifier
          .parseOpenid4vpAuthorizationResponse({
            authorizationRequestPayload: payload,
            authorizationResponse: request.body,
            callbacks: presentationCallbacks({ key }),
          })
          .catch((error: Error) => error)
        answers.push(answer)
        response.status(answer instanceof Error ? 400 : 200).json({})
      })
      const { authorizationRequest } = await made()
      const posted = asking.fetchedBy === 'post' || asking.fetchedBy === 'encrypted'
      return {
        link: posted ? `${authorizationRequest}&request_uri_method=post` : authorizationRequest,
        payload,
        fetchings,
        answers,
      }
    },
  }
}

export type PeerVerifier = Awaited<ReturnType<typeof peerVerifier>>

async function metadataFor({ responseMode }: PeerAsking) {
  const algs: [string] = ['ES256']
  return {
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': algs, 'kb-jwt_alg_values': algs } },
    ...(responseMode === 'direct_post.jwt'
      ? {
          jwks: { keys: [await newEncryptionJwk()] },
          encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
        }
      : {}),
  }
}

function encoded(transaction: object): string {
  return Buffer.from(JSON.stringify(transaction)).toString('base64url')
}
