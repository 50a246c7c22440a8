/**
 * How an answer leaves: by POST, encrypted or not, or handed over to the user agent or the platform. OpenID4VP 1.0 §8.
 * Only to where the request was found to be answerable (`proven-request.ts`).
 */
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import { ProtocolError } from '@facet-id/protocol/error'
import {
  type AuthorizationErrorCode,
  type AuthorizationResponse,
  authorizationResponseRequest,
  type RequestObject,
} from '@facet-id/protocol/openid4vp'
import { findResponseEncryption, type ResponseEncryption } from '@facet-id/protocol/openid4vp/client'
import { writeEncryptedPlatformResponse, writePlatformResponse } from '@facet-id/protocol/openid4vp/platform'
import {
  encryptedResponseRequest,
  type Refusal,
  redirectLocation,
  writeResponsePayload,
} from '@facet-id/protocol/openid4vp/response'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { AskQuestion } from '@facet-id/trust'
import { type HandOver, HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import type { HolderPorts } from '../ports.ts'
import { type Outcome, readOutcome } from '../presentation/presented.ts'
import type { ProvenRequest } from '../presentation/proven-request.ts'

type Answerable = Pick<ProvenRequest, 'to' | 'encryption' | 'state'>

/**
 * Sends what is presented, or makes ready what the application hands over.
 *
 * @throws {ProtocolError} `peer_unreachable` and its like
 */
export async function sendAnswer(
  request: Answerable,
  response: AuthorizationResponse,
  holding: Holding,
): Promise<Outcome> {
  const leaving = await leavingBy(request, response, holding.ports)
  if ('by' in leaving) return { presented: { accepted: false, handOver: leaving } }
  return readOutcome(await holding.ports.transport.send(leaving), holding.settings.scheme)
}

/** Sends an error, or gives what the application may hand over. Never rejects: nothing is shown, whoever hears of it. */
export async function sendError(
  request: Answerable,
  error: AuthorizationErrorCode,
  { ports }: Holding,
): Promise<HandOver | undefined> {
  const response = { error, ...(request.state === undefined ? {} : { state: request.state }) }
  try {
    const leaving = await leavingBy(request, response, ports)
    if ('by' in leaving) return leaving
    await ports.transport.send(leaving)
  } catch {
    // Whether or not the verifier hears of it, nothing is shown.
  }
  return undefined
}

/**
 * Tells a verifier that its request cannot be taken, unless a list says that it must not ask at all.
 *
 * @returns what is thrown then
 */
export async function refuse(
  { to, error, ...state }: Refusal,
  asker: Omit<AskQuestion, 'claims'>,
  { error: cause, holding }: { readonly error: unknown; readonly holding: Holding },
): Promise<unknown> {
  if (holding.ports.trust.mayAsk({ ...asker, claims: [] }).decision === 'not_trusted') return cause
  const handOver = await sendError({ to: inTheClear(to), ...state }, error, holding)
  return handOver === undefined ? cause : withHandOver(cause, handOver)
}

/**
 * How the answer is encrypted: with the first key of the verifier that can be encrypted to.
 *
 * @throws {ProtocolError} `feature_unsupported` where this wallet does not encrypt; `message_malformed` where none can
 */
export async function sealing(
  { client_metadata }: Pick<RequestObject, 'client_metadata'>,
  { encryption }: Pick<HolderPorts, 'encryption'>,
): Promise<ResponseEncryption> {
  if (encryption === undefined) {
    throw new ProtocolError(
      'feature_unsupported',
      'The verifier wants its answer encrypted, and nothing here encrypts',
    )
  }
  const chosen = findResponseEncryption(client_metadata)
  for (const key of chosen === undefined ? [] : (client_metadata?.jwks?.keys ?? [])) {
    if (chosen !== undefined && (await isUsable(key, chosen, encryption))) return { ...chosen, key }
  }
  throw new ProtocolError('message_malformed', 'The verifier names no key that can be encrypted to')
}

/** Found out before the person is asked: a key that is no point of its curve would cost a copy for nothing. */
async function isUsable(
  key: EncryptionJwk,
  { enc }: ResponseEncryption,
  { seal }: NonNullable<HolderPorts['encryption']>,
): Promise<boolean> {
  try {
    await seal(new Uint8Array(0), { key, enc })
    return true
  } catch {
    return false
  }
}

async function leavingBy(
  { to, encryption }: Answerable,
  response: AuthorizationResponse,
  ports: HolderPorts,
): Promise<WireRequest | HandOver> {
  if (to.by === 'user_agent') return { by: 'user_agent', url: redirectLocation(to.uri, to.part, response) }
  if (encryption === undefined || ports.encryption === undefined) {
    return to.by === 'post'
      ? authorizationResponseRequest(to.uri, response)
      : { by: 'platform', data: writePlatformResponse(response) }
  }
  const { state, ...stateless } = response
  const jwe = await ports.encryption.seal(
    writeResponsePayload(to.by === 'post' ? response : stateless),
    encryption,
  )
  return to.by === 'post'
    ? encryptedResponseRequest(to.uri, jwe)
    : { by: 'platform', data: writeEncryptedPlatformResponse(jwe) }
}

/** §8.3.1: "the Wallet MAY send an error without encrypting it" where it does not know how to. */
function inTheClear(to: Refusal['to']): Refusal['to'] {
  return to.by === 'user_agent' ? to : { ...to, encrypted: false }
}

function withHandOver(cause: unknown, handOver: HandOver): unknown {
  return cause instanceof HolderError
    ? new HolderError(cause.code, cause.message, { cause, handOver })
    : new HolderError('request_unusable', 'The request asks in a way that cannot be answered', {
        cause,
        handOver,
      })
}
