/**
 * An authorization server that is nobody's we know: one key, tokens that say themselves what they are good for
 * (RFC 9068), and everybody agrees.
 */
import type { AddressInfo } from 'node:net'
import { utf8 } from '@facet-id/credential/base64url'
import { type PublicJwk, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import express from 'express'
import { onTestFinished } from 'vitest'
import { WALLET } from './our-issuer.ts'

export interface OtherServer {
  /** Its identifier. */
  readonly issuer: string
  readonly publicJwk: PublicJwk
  /** For which issuer its tokens are good, and for what; before anybody asks for one. */
  goodFor(audience: string, scope: string): void
}

/** Ends with the test. */
export async function otherServer(): Promise<OtherServer> {
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  onTestFinished(async () => {
    await new Promise((done) => {
      server.close(done)
      server.closeAllConnections()
    })
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { publicJwk, privateJwk } = generateKey('ES256')
  const signer = signerOf(privateJwk)
  const good = { aud: '', scope: '' }
  /** What came with the requests, by code. */
  const codes = new Map<string, string | undefined>()

  app.get('/.well-known/oauth-authorization-server', (_request, response) => {
    response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
  })
  app.get('/keys', (_request, response) => {
    response.json({ keys: [{ ...publicJwk, kid: 'one', use: 'sig', alg: 'ES256' }] })
  })
  app.get('/authorize', ({ query }, response) => {
    const code = crypto.randomUUID()
    codes.set(code, query.issuer_state === undefined ? undefined : String(query.issuer_state))
    const back = new URL(String(query.redirect_uri))
    back.searchParams.set('code', code)
    if (query.state !== undefined) back.searchParams.set('state', String(query.state))
    back.searchParams.set('iss', issuer)
    response.redirect(back.href)
  })
  app.post('/token', async ({ body }, response) => {
    const issuerState = codes.get(body.code)
    const iat = Math.floor(Date.now() / 1000)
    const input = writeSigningInput(
      { alg: signer.alg, typ: 'at+jwt', kid: 'one' },
      {
        ...good,
        iss: issuer,
        sub: 'erika',
        client_id: WALLET,
        iat,
        exp: iat + 60,
        jti: crypto.randomUUID(),
        ...(issuerState === undefined ? {} : { issuer_state: issuerState }),
      },
    )
    const access_token = writeJws(input, await signer.sign(utf8(input)))
    response.json({ access_token, token_type: 'Bearer', expires_in: 60, scope: good.scope })
  })
  return {
    issuer,
    publicJwk,
    goodFor(aud, scope) {
      good.aud = aud
      good.scope = scope
    },
  }
}
