/** The verifier: makes requests, answers wallets, and tells who asked what came of it. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { readJson } from '@facet-id/credential/json'
import { type DcqlQuery, readDcqlQuery, writeRequestLink } from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { createAnnouncements } from './announcements.ts'
import { type Description, queryFor } from './description/description.ts'
import { answerRequestObject } from './endpoints/request-object.ts'
import { answerResponse } from './endpoints/response.ts'
import { answerResult } from './endpoints/result.ts'
import { VerifierError } from './error.ts'
import { type Delivered, deliverDue } from './journeys/deliver.ts'
import { comeBack, type Return } from './journeys/return.ts'
import { watchResult } from './journeys/watch.ts'
import type { VerifierPorts } from './ports.ts'
import { askedFor, type PresentationResult, resultOf } from './presentation.ts'
import { findPresentation, findTransaction, keepPresentation, keepTransaction } from './presentation-store.ts'
import { type RequestOptions, readOptions } from './request-options.ts'
import { type Endpoint, routeOf } from './routes.ts'
import { checkSettings, type VerifierSettings } from './settings.ts'
import type { Verifying } from './verifying.ts'
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
   * Asks for what the query says, or what a few words say (`'over 18'`, `{ over: 18 }`). It is read as a wallet
   * reads it, so that none refuses it.
   *
   * @throws {ProtocolError} those of `readDcqlQuery`
   * @throws {CredentialError} those of `readJson`
   * @throws {VerifierError} `description_unreadable`, `request_unfit`, `state_contended`
   */
  request(what: DcqlQuery | Description | string, options?: RequestOptions): Promise<MadeRequest>
  /**
   * What came of a request.
   *
   * @throws {VerifierError} `presentation_unknown`: never asked, or over for so long that all is deleted
   */
  result(transactionId: string): Promise<PresentationResult>
  /**
   * The same now, and each time that another outcome came; ends with the last one.
   *
   * @throws {VerifierError} `presentation_unknown`; `port_missing`: there is no `pause`
   */
  watch(transactionId: string): AsyncIterable<PresentationResult>
  /**
   * Takes in the browser that comes back from a wallet on the same device; until then nothing of the answer is told.
   *
   * @throws {VerifierError} `response_code_unknown`; `session_mismatch`: the answer is refused for good
   */
  returned(back: Return): Promise<PresentationResult>
  /**
   * Sends results that are due to their webhooks; call it every few seconds.
   *
   * @throws {VerifierError} `port_missing`: there is no `webhooks`
   */
  deliver(): Promise<Delivered>
}

/** @throws {VerifierError} `settings_invalid` */
export function createVerifier(ports: VerifierPorts, given: VerifierSettings): Verifier {
  const settings = checkSettings(given, ports.signer.kid)
  const verifying: Verifying = { ports, settings, announcements: createAnnouncements() }
  const { store, hash } = ports
  const results = {
    result: async (transactionId: string) => resultNow(await requestOf(transactionId, verifying), verifying),
    watch: (transactionId: string) => watch(transactionId, verifying),
  }

  async function answer(request: WireRequest): Promise<WireResponse> {
    const { endpoint, requestId } = routeOf(request.url, settings.baseUrl)
    if (!methods[endpoint].includes(request.method)) return refusalOfMethod(methods[endpoint].join(', '))
    switch (endpoint) {
      case 'requests':
        return answerRequestObject(request, requestId, verifying)
      case 'responses':
        return answerResponse(request, requestId, verifying)
      case 'results':
        return answerResult(request, results)
    }
  }

  return {
    ...results,
    handle: (request) =>
      answer(request).catch((error: unknown) => {
        const response = refusal(error)
        if (response.status >= 500) report(error, ports)
        return response
      }),

    async request(what, options = {}) {
      const dcql_query = readQuery(what, settings)
      const wish = readOptions(options, settings, { hash, canSend: ports.webhooks !== undefined })
      const record = askedFor({ dcql_query, ...wish }, settings, ports)
      const { requestId, expiresAt } = record
      const transactionId = writeBase64url(ports.random(32))
      const until = expiresAt + settings.resultLifetime
      const kept = await store.commit([
        keepPresentation(record),
        keepTransaction({ secret: transactionId, requestId, hash, until }),
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

    async returned(back) {
      const { requestId, result, isHome } = await comeBack(back, verifying)
      verifying.announcements.announce(requestId)
      if (isHome) return result
      throw new VerifierError('session_mismatch', 'The answer came back in another session, and is refused')
    },

    async deliver() {
      if (ports.webhooks === undefined) throw missing('webhooks')
      return deliverDue(ports.webhooks, verifying)
    },
  }
}

const methods: Readonly<Record<Endpoint, readonly string[]>> = {
  requests: ['GET', 'POST'],
  responses: ['POST'],
  results: ['GET'],
}

/** Callers write queries by hand: what was left out of the reading would be asked for unseen. */
function readQuery(what: DcqlQuery | Description | string, settings: VerifierSettings): DcqlQuery {
  if (typeof what === 'string' || !('credentials' in what)) return queryFor(what, settings.describedTypes)
  return readDcqlQuery(readJson(JSON.stringify(what)))
}

async function requestOf(transactionId: string, { ports }: Verifying): Promise<string> {
  const requestId = await findTransaction(ports.store, transactionId, ports.hash)
  if (requestId !== undefined) return requestId
  throw new VerifierError(
    'presentation_unknown',
    'No request has that transaction id, or its result was deleted',
  )
}

async function resultNow(requestId: string, { ports }: Verifying): Promise<PresentationResult> {
  const standing = await findPresentation(ports.store, requestId)
  return standing === undefined ? { outcome: 'expired' } : resultOf(standing.record)
}

async function* watch(transactionId: string, verifying: Verifying): AsyncGenerator<PresentationResult> {
  const { pause } = verifying.ports
  if (pause === undefined) throw missing('pause')
  const requestId = await requestOf(transactionId, verifying)
  yield* watchResult({
    look: () => resultNow(requestId, verifying),
    change: () => verifying.announcements.next(requestId),
    pause,
  })
}

function missing(port: 'pause' | 'webhooks'): VerifierError {
  return new VerifierError('port_missing', `This verifier was made without the port "${port}"`)
}

/** Who is told may fail: the peer is answered all the same. */
function report(error: unknown, { onUnforeseen }: VerifierPorts): void {
  try {
    onUnforeseen?.(error)
  } catch {
    // There is nobody left to tell.
  }
}
