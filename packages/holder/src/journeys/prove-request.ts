/**
 * From a link to a request that is proven to come from the verifier that it names. Until then it is
 * nobody's, and gets no answer, not even an error. OpenID4VP 1.0 §5.9.3, §5.10.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { checkOf } from '@facet-id/credential/jose'
import { ProtocolError } from '@facet-id/protocol/error'
import {
  authorizationResponseRequest,
  type FollowedLink,
  type RequestObject,
  type RequestObjectJwt,
  readRequestLink,
  readRequestObject,
  readRequestObjectResponse,
  requestUriRequest,
} from '@facet-id/protocol/openid4vp'
import { answerPlaceOf, findRefusal } from '@facet-id/protocol/openid4vp/response'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { answered } from '../peer-error.ts'
import { checkRequestTime } from '../presentation/presentation.ts'
import type { ProvenRequest } from '../presentation/proven-request.ts'

/**
 * @throws {HolderError} `refused_by_peer`, `request_not_authentic`, `request_expired`
 * @throws {ProtocolError} {CredentialError} for what cannot be read
 */
export async function provenRequest(link: string, { ports, settings }: Holding): Promise<ProvenRequest> {
  const read = readRequestLink(link, settings.scheme)
  if (!('request_uri' in read) || !read.client_id.startsWith('decentralized_identifier:')) {
    throw new ProtocolError('feature_unsupported', 'Verifiers of this kind are not supported yet')
  }
  const followed: FollowedLink =
    read.request_uri_method === 'post' ? { ...read, wallet_nonce: writeBase64url(ports.random(16)) } : read
  const response = answered(await ports.transport.send(requestUriRequest(followed)))
  const token = readRequestObjectResponse(response, followed, settings.algs)
  await proveSignature(token, { ports, settings })
  const request = await readable(token, { ports, settings })
  checkRequestTime(request, ports.now(), settings.clockSkew)
  const to = answerPlaceOf(request, settings.scheme)
  if (to.by !== 'post' || to.encrypted || request.transaction_data !== undefined) {
    throw new ProtocolError('feature_unsupported', 'The request uses what is not supported yet')
  }
  const client_id = token.clientId.full
  return { ...request, client_id, audience: client_id, to, evidence: {} }
}

async function proveSignature({ clientId, key, jws }: RequestObjectJwt, { ports }: Holding): Promise<void> {
  const kid = key.by === 'did' ? key.kid : ''
  const answer = await ports.resolveKey({ did: clientId.id, kid, relationship: 'authentication' })
  if (!('key' in answer)) {
    throw new HolderError(
      'request_not_authentic',
      'The key that signed the request could not be found at its verifier',
    )
  }
  const [verdict] = await ports.checkSignatures([checkOf(jws, answer.key)])
  if (verdict !== 'valid') {
    throw new HolderError(
      'request_not_authentic',
      'The signature of the request does not hold: it is not from that verifier',
    )
  }
}

/**
 * What the request asks. When it asks in a way that cannot be answered, the verifier hears so in its own
 * words (§8.5): they depend on the request alone, and say nothing of the person.
 */
async function readable(token: RequestObjectJwt, { ports, settings }: Holding): Promise<RequestObject> {
  try {
    return readRequestObject(token, settings.scheme)
  } catch (error) {
    const { decision } = ports.trust.mayAsk({ clientId: token.clientId.full, claims: [] })
    const refusal = decision === 'not_trusted' ? undefined : findRefusal(token, settings.scheme)
    if (refusal?.to.by === 'post') {
      const { to, ...error } = refusal
      try {
        await ports.transport.send(authorizationResponseRequest(to.uri, error))
      } catch {
        // Whether or not the verifier hears of it, the request is refused.
      }
    }
    throw error
  }
}
