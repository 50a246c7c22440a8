/**
 * A request that is proven to be of the verifier that it names, read. OpenID4VP 1.0 §5, §8.2.
 *
 * What is read here is held against what is known of the client: whether its metadata counts, whether the address of
 * the answer is its own, and whether each transaction is of a kind that the person can be shown.
 */
import type { JsonObject } from '@facet-id/credential/json'
import { ProtocolError } from '@facet-id/protocol/error'
import { type RequestObject, type RequestPayload, readRequestObject } from '@facet-id/protocol/openid4vp'
import {
  type ClientId,
  isAddressOf,
  prefixRules,
  type ResponseEncryption,
} from '@facet-id/protocol/openid4vp/client'
import { type AnswerPlace, answerPlaceOf } from '@facet-id/protocol/openid4vp/response'
import type { Evidence } from '@facet-id/trust'
import { HolderError } from '../error.ts'
import type { HolderSettings } from '../settings.ts'
import type { KnownClient } from './client.ts'
import type { ClientPorts } from './client-ports.ts'
import { type Transaction, transactionsIn } from './transactions.ts'

export interface ProvenRequest extends RequestObject {
  /** Who asks: the full client id, or `origin:` and the origin of a page that names nobody. */
  readonly client_id: string
  /** Whom the presentation is for: the client id, or `origin:` and the origin where a platform asks. */
  readonly audience: string
  /** Where the answer goes; an address is tied to the client by the rules of its prefix. */
  readonly to: AnswerPlace
  /** What was proven of the client besides its name. */
  readonly evidence: Evidence
  /** Whether a key of the client signed the request; absent: nobody did. */
  readonly isSigned?: true
  /** What the person would authorize, with what they see of it; empty where nothing. */
  readonly transactions: readonly Transaction[]
  /** How the answer is encrypted; absent: it is not. */
  readonly encryption?: ResponseEncryption
}

/** Of a request that was proven, and before it is read. */
export interface ProvenPayload extends RequestPayload {
  readonly clientId: ClientId
}

/** The payload with the metadata that count: those of the request, or those that are known (§5.9.3). */
export function withCountingMetadata(
  { clientId, payload }: ProvenPayload,
  { metadata }: KnownClient,
): ProvenPayload {
  if (prefixRules[clientId.prefix].metadata === 'taken') return { clientId, payload }
  const { client_metadata, ...rest } = payload
  return { clientId, payload: metadata === undefined ? rest : { ...rest, client_metadata: metadata } }
}

/**
 * Reads what is asked.
 *
 * @param payload with the metadata that count
 * @throws {ProtocolError} those of `readRequestObject`, and `transaction_data_invalid`
 */
export function readProven(
  { clientId, payload }: RequestPayload,
  { scheme, transactionTypes }: Pick<HolderSettings, 'scheme' | 'transactionTypes'>,
): Pick<ProvenRequest, 'to' | 'transactions'> & RequestObject {
  const request = readRequestObject(clientId === undefined ? { payload } : { clientId, payload }, scheme)
  return {
    ...request,
    to: answerPlaceOf(request, scheme),
    transactions: transactionsIn(request, transactionTypes),
  }
}

/** §8.5: who is known beforehand sends no metadata. @throws {ProtocolError} `message_malformed` */
export function refuseMetadataOfKnown({ clientId, payload }: ProvenPayload): void {
  if (prefixRules[clientId.prefix].metadata === 'refused' && hasMetadata(payload)) {
    throw new ProtocolError(
      'message_malformed',
      'The request is refused: its client is known, and sends no metadata',
    )
  }
}

/**
 * Whether anything may be sent there: an answer, or an error. Where the platform takes it, nothing is sent.
 *
 * @throws {HolderError} `answer_address_refused`
 */
export function ensureAnswerable(
  to: AnswerPlace,
  clientId: ClientId,
  { known, clients }: { readonly known: KnownClient; readonly clients: ClientPorts | undefined },
): void {
  if (to.by === 'platform') return
  const isOwn = isAddressOf(clientId, to.uri, known)
  const may = clients?.mayAnswerAt?.({ clientId: clientId.full, address: to.uri }) ?? true
  if (isOwn && may) return
  throw new HolderError(
    'answer_address_refused',
    'The request wants its answer at an address that is not known to be that of its verifier',
  )
}

function hasMetadata(payload: JsonObject): boolean {
  return Object.hasOwn(payload, 'client_metadata')
}
