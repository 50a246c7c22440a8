/**
 * A wallet that has nothing of ours: `@openid4vc/openid4vp` 0.4.6 for the messages, `@sd-jwt/core` for the credential and
 * what is shown of it.
 */
import { createHash } from 'node:crypto'
import { writeDidJwk } from '@facet-id/credential/did'
import { bareJwk } from '@facet-id/credential/jose'
import { PERSON_VCT } from '@facet-id/facet'
import { Openid4vpClient } from '@openid4vc/openid4vp'
import { type PeerWorld, presentationCallbacks } from '../openid4vc/presentation-callbacks.ts'
import { holderKeys, issuerKeys, secondEngine } from '../second-engine.ts'
import { now } from './world.ts'

export const peerIssuer = writeDidJwk(bareJwk(issuerKeys.publicJwk))

export type Resolved = Awaited<ReturnType<Openid4vpClient['resolveOpenId4vpAuthorizationRequest']>>

/** The algorithms that it encrypts answers with, the one that it likes best first. */
const ENCRYPTIONS = ['A256GCM', 'A128GCM']

export function peerWallet(world: PeerWorld = {}) {
  const client = new Openid4vpClient({ callbacks: presentationCallbacks(world) })
  return {
    /** Reads a link, fetches what it names, and verifies that it is of its client. */
    async resolve(link: string, wallet?: object): Promise<Resolved> {
      const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link })
      return client.resolveOpenId4vpAuthorizationRequest({
        authorizationRequestPayload: params,
        ...(wallet === undefined ? {} : { wallet: wallet as never }),
      })
    },
    /** Posts an answer of these members, encrypted where the request wants it. */
    async answer(
      { authorizationRequestPayload }: Resolved,
      members: object,
      encryptions: readonly string[] = ENCRYPTIONS,
    ): Promise<Response> {
      const request = authorizationRequestPayload as Extract<
        Resolved['authorizationRequestPayload'],
        { client_id: string }
      > & { response_uri: string }
      const { jarm, authorizationResponsePayload } = await client.createOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: request as never,
        authorizationResponsePayload: members as never,
        ...(request.response_mode === 'direct_post.jwt'
          ? {
              jarm: {
                encryption: { nonce: 'of the wallet' },
                serverMetadata: {
                  authorization_signing_alg_values_supported: [],
                  authorization_encryption_alg_values_supported: ['ECDH-ES'],
                  authorization_encryption_enc_values_supported: [...encryptions],
                },
              },
            }
          : {}),
      })
      const { response } = await client.submitOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: request as never,
        authorizationResponsePayload,
        ...(jarm === undefined ? {} : { jarm }),
      })
      return response
    },
    /** A presentation of its credential for that request: the given name, and nothing else that can be withheld. */
    async presentation({ authorizationRequestPayload, transactionData }: Resolved): Promise<string> {
      const { nonce, client_id } = authorizationRequestPayload
      const hashes = transactionData?.map(({ encoded }) =>
        createHash('sha256').update(encoded).digest('base64url'),
      )
      const authorized = hashes === undefined ? {} : { transaction_data_hashes: hashes }
      const payload = { iat: now(), nonce, aud: client_id ?? '', ...authorized }
      return secondEngine.present(await credential(), { given_name: true } as never, { kb: { payload } })
    },
  }
}

function credential(): Promise<string> {
  return secondEngine.issue(
    {
      iss: peerIssuer,
      vct: PERSON_VCT,
      iat: now() - 60,
      exp: now() + 3600,
      cnf: { jwk: bareJwk(holderKeys.publicJwk) },
      given_name: 'Erika',
    },
    { _sd: ['given_name'] } as never,
    { header: { typ: 'dc+sd-jwt', kid: `${peerIssuer}#0` } },
  )
}
