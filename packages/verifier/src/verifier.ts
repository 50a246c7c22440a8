/** The verifier: makes requests, answers wallets, and tells who asked what came of it. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { readJson } from '@facet-id/credential/json'
import { type DcqlQuery, readDcqlQuery, writeRequestLink } from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { answerRequestObject } from './endpoints/request-object.ts'
import { answerResponse } from './endpoints/response.ts'
import { VerifierError } from './error.ts'
import type { VerifierPorts } from './ports.ts'
import { askedFor, type PresentationResult } from './presentation.ts'
import { findPresentation, findTransaction, keepPresentation, keepTransaction } from './presentation-store.ts'
import { checkSettings, type VerifierSettings } from './settings.ts'
import { refusal, refusalOfMethod } from './wire-errors.ts'

export interface MadeRequest {
  /** For the wallet, as a QR code or a link: `openid4vp://…`. */
  readonly link: string
  /** For who asked, and for nobody else: it fetches the result. */
  readonly transactionId: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface Verifier {
  /** Answers anything; never rejects. */
  handle(request: WireRequest): Promise<WireResponse>
  /**
   * Asks for what the query says. It is read as a wallet reads it, so that none refuses it.
   *
   * @throws {ProtocolError} those of `readDcqlQuery`
   * @throws {CredentialError} those of `readJson`
   * @throws {VerifierError} `state_contended`
   */
  request(query: DcqlQuery): Promise<MadeRequest>
  /**
   * What came of a request.
   *
   * @throws {VerifierError} `presentation_unknown`: never asked, or over for so long that all is deleted
   */
  result(transactionId: string): Promise<PresentationResult>
}

/** @throws {VerifierError} `settings_invalid` */
export function createVerifier(ports: VerifierPorts, given: VerifierSettings): Verifier {
  const settings = checkSettings(given, ports.signer.kid)
  const verifying = { ports, settings }
  const { store, random, hash } = ports

  async function answer(request: WireRequest): Promise<WireResponse> {
    const { endpoint, requestId } = routeOf(request.url, settings.baseUrl)
    switch (endpoint) {
      case 'requests':
        if (request.method !== 'GET' && request.method !== 'POST') return refusalOfMethod('GET, POST')
        return answerRequestObject(request, requestId, verifying)
      case 'responses':
        if (request.method !== 'POST') return refusalOfMethod('POST')
        return answerResponse(request, requestId, verifying)
    }
  }

  return {
    handle: (request) =>
      answer(request).catch((error: unknown) => {
        const response = refusal(error)
        if (response.status >= 500) report(error, ports)
        return response
      }),

    async request(query) {
      // Callers write queries by hand: what was left out of the reading would be asked for unseen.
      const dcql_query = readDcqlQuery(readJson(JSON.stringify(query)))
      const record = askedFor(dcql_query, settings, ports)
      const { requestId, expiresAt } = record
      const transactionId = writeBase64url(random(32))
      const until = expiresAt + settings.resultLifetime
      const kept = await store.commit([
        keepPresentation(record),
        keepTransaction(transactionId, requestId, { hash, until }),
      ])
      if (!kept.ok) throw new VerifierError('state_contended', 'The request could not be kept; make another')
      const request_uri = `${settings.baseUrl}/requests/${requestId}`
      const link = writeRequestLink({
        client_id: settings.client_id,
        request_uri,
        request_uri_method: 'post',
      })
      return { link, transactionId, expiresAt }
    },

    async result(transactionId) {
      const requestId = await findTransaction(store, transactionId, hash)
      if (requestId === undefined) {
        throw new VerifierError(
          'presentation_unknown',
          'No request has that transaction id, or its result was deleted',
        )
      }
      const standing = await findPresentation(store, requestId)
      if (standing === undefined) return { outcome: 'expired' }
      return standing.record.settled ?? { outcome: 'pending' }
    },
  }
}

/** Who is told may fail: the peer is answered all the same. */
function report(error: unknown, { onUnforeseen }: VerifierPorts): void {
  try {
    onUnforeseen?.(error)
  } catch {
    // There is nobody left to tell.
  }
}

type Endpoint = 'requests' | 'responses'

const ROUTE = /^\/(requests|responses)\/([A-Za-z0-9_-]{1,64})$/

function routeOf(url: string, baseUrl: string): { readonly endpoint: Endpoint; readonly requestId: string } {
  const [path = ''] = url.split('?', 1)
  const [, endpoint, requestId = ''] = path.startsWith(baseUrl)
    ? (ROUTE.exec(path.slice(baseUrl.length)) ?? [])
    : []
  if (endpoint === 'requests' || endpoint === 'responses') return { endpoint, requestId }
  throw new VerifierError('endpoint_unknown', 'Nothing answers at this path')
}
