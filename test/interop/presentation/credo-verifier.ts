/** A verifier made of Credo, on a port of loopback, that is known by a DID, a certificate, or its address. */
import type { AddressInfo } from 'node:net'
import { type Kms, X509Certificate, X509Module } from '@credo-ts/core'
import { OpenId4VcModule, type OpenId4VpCreateAuthorizationRequestOptions } from '@credo-ts/openid4vc'
import express from 'express'
import { credoAgent } from '../credo/agent.ts'
import type { TestAuthority } from './certificates.ts'
import type { Prefix } from './our-verifier.ts'
import type { Closing } from './world.ts'

type Asking = Partial<Omit<OpenId4VpCreateAuthorizationRequestOptions, 'dcql'>>

const HOST = 'localhost'

export async function credoVerifier(authority: TestAuthority, closing: Closing) {
  const app = express()
  const server = app.listen(0, HOST)
  await new Promise((done) => server.once('listening', done))
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`
  const agent = await credoAgent({
    openid4vc: new OpenId4VcModule({ app, verifier: { baseUrl: `${origin}/oid4vp` } }),
    x509: new X509Module({ trustedCertificates: [authority.trusted] }),
  })
  closing(async () => {
    await agent.shutdown()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  const api = agent.openid4vc.verifier
  const { verifierId } = await api.createVerifier({
    clientMetadata: { client_name: 'Platform', logo_uri: `${origin}/logo.svg` },
  })

  const didKey = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const { didState } = await agent.dids.create({ method: 'jwk', options: { keyId: didKey.keyId } })
  const { certificate, privateJwk } = await authority.certify(HOST)
  const imported = await agent.kms.importKey({ privateJwk: privateJwk as Kms.KmsJwkPrivate })
  const leaf = X509Certificate.fromRawCertificate(new Uint8Array(certificate.der))
  leaf.keyId = imported.keyId

  const signers: Record<Prefix, OpenId4VpCreateAuthorizationRequestOptions['requestSigner']> = {
    redirect_uri: { method: 'none' },
    decentralized_identifier: { method: 'did', didUrl: `${didState.did}#0` },
    x509_san_dns: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_san_dns' },
    x509_hash: { method: 'x5c', x5c: [leaf], clientIdPrefix: 'x509_hash' },
  }
  return {
    api,
    origin,
    /** @param query DCQL as it stands in the request */
    async request(prefix: Prefix, query: object, options: Asking = {}) {
      const { authorizationRequest, authorizationRequestObject, verificationSession } =
        await api.createAuthorizationRequest({
          verifierId,
          version: 'v1',
          responseMode: 'direct_post',
          dcql: { query: query as never },
          ...options,
          requestSigner: signers[prefix],
        })
      return {
        link: authorizationRequest,
        object: authorizationRequestObject,
        sessionId: verificationSession.id,
      }
    },
    /** What it saw, by the id of the query; members that say what a credential is are left out. */
    async seen(sessionId: string): Promise<Readonly<Record<string, readonly object[]>>> {
      const { dcql } = await api.getVerifiedAuthorizationResponse(sessionId)
      return seenIn(dcql?.presentations)
    },
    async session(sessionId: string) {
      const { state, errorMessage } = await api.getVerificationSessionById(sessionId)
      return { state, errorMessage }
    },
  }
}

export type CredoVerifier = Awaited<ReturnType<typeof credoVerifier>>

export function seenIn(presentations: object | undefined): Readonly<Record<string, readonly object[]>> {
  return Object.fromEntries(
    Object.entries(presentations ?? {}).map(([id, shown]) => [
      id,
      (shown as { prettyClaims: object }[]).map(({ prettyClaims }) => personalIn(prettyClaims)),
    ]),
  )
}

const NOT_PERSONAL = ['iss', 'vct', 'vct#integrity', 'cnf', 'status', 'iat', 'nbf', 'exp']

export function personalIn(claims: object): object {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !NOT_PERSONAL.includes(name)))
}
