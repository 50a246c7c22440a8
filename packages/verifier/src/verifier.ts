/** The verifier: makes requests, answers wallets, and tells who asked what came of it. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { type DcqlQuery, writeRequestLink } from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { answerRequestObject } from './endpoints/request-object.ts'
import { answerResponse } from './endpoints/response.ts'
import { VerifierError } from './error.ts'
import type { VerifierPorts } from './ports.ts'
import type { PresentationRecord, PresentationResult } from './presentation.ts'
import { findPresentation, findTransaction, keepPresentation, keepTransaction } from './presentation-store.ts'
import { checkSettings, type VerifierSettings } from './settings.ts'
import { refusal } from './wire-errors.ts'

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
  /** Asks for what the query says. @param query read by `readDcqlQuery`, so that no wallet refuses it */
  request(query: DcqlQuery): Promise<MadeRequest>
  /** What came of a request. @throws {VerifierError} `presentation_unknown` */
  result(transactionId: string): Promise<PresentationResult>
}

/** @throws {VerifierError} `settings_invalid` */
export function createVerifier(ports: VerifierPorts, given: VerifierSettings): Verifier {
  const settings = checkSettings(given, ports.signer.kid)
  const verifying = { ports, settings }
  const { store, random, hash, now } = ports

  async function answer(request: WireRequest): Promise<WireResponse> {
    const { endpoint, requestId } = routeOf(request.url, settings.baseUrl)
    switch (endpoint) {
      case 'requests':
        if (request.method === 'OPTIONS') throw wrongMethod('GET or POST')
        return answerRequestObject(request, requestId, verifying)
      case 'responses':
        if (request.method !== 'POST') throw wrongMethod('POST')
        return answerResponse(request, requestId, verifying)
    }
  }

  return {
    handle: (request) => answer(request).catch(refusal),

    async request(query) {
      const requestId = writeBase64url(random(16))
      const transactionId = writeBase64url(random(32))
      const requestedAt = now()
      const expiresAt = requestedAt + settings.requestLifetime
      const record: PresentationRecord = {
        requestId,
        nonce: writeBase64url(random(16)),
        dcql_query: query,
        requestedAt,
        expiresAt,
      }
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

function wrongMethod(right: string): VerifierError {
  return new VerifierError('method_not_allowed', `Use ${right} here`)
}
