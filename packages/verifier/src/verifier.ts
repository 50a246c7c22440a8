/** The verifier: makes requests, answers wallets, and tells who asked what came of it. */
import { readJson } from '@facet-id/credential/json'
import { type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import type { PlatformRequest } from '@facet-id/protocol/openid4vp/platform'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { type Description, queryFor } from './asking/description.ts'
import { readIdentities } from './asking/identities.ts'
import {
  type PageOptions,
  type PlatformOptions,
  type RequestOptions,
  readOptions,
  readPageOptions,
  readPlatformOptions,
} from './asking/request-options.ts'
import { answerRequestObject } from './endpoints/request-object.ts'
import { answerResponse } from './endpoints/response.ts'
import { answerResult } from './endpoints/result.ts'
import { VerifierError } from './error.ts'
import { type Delivered, deliverDue } from './journeys/deliver.ts'
import { type PageAnswer, receive } from './journeys/receive.ts'
import { linkTo, type Made, makeRequest, platformRequest } from './journeys/request.ts'
import { comeBack, type Return } from './journeys/return.ts'
import { watchResult } from './journeys/watch.ts'
import type { VerifierPorts } from './ports.ts'
import { createAnnouncements } from './result/announcements.ts'
import { attemptsAt } from './result/attempt-store.ts'
import { type PresentationResult, resultOf } from './result/presentation.ts'
import { findPresentation, findTransaction } from './result/presentation-store.ts'
import { type Endpoint, routeOf } from './routes.ts'
import { checkSettings, type VerifierSettings } from './settings.ts'
import type { Verifying } from './verifying.ts'
import { refusal, refusalOfMethod } from './wire-errors.ts'

/** What is asked: a query, or a few words. */
export type Asking = DcqlQuery | Description | string

export interface MadeRequest {
  /** For the wallet, as a QR code or a link: `openid4vp://…`. */
  readonly link: string
  /** For who asked, and for nobody else: it fetches the result. */
  readonly transactionId: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface MadePlatformRequest extends Omit<MadeRequest, 'link'> {
  /** For `navigator.credentials.get({ digital: { requests: [request] } })`. */
  readonly request: PlatformRequest
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
   * @throws {VerifierError} `description_unreadable`, `request_unfit`, `state_contended`; `port_missing`: there is no
   * `encryption`
   */
  request(what: Asking, options?: RequestOptions): Promise<MadeRequest>
  /** The same, for an answer in the address of a page (`fragment`, `query`); the page's server calls {@link receive}. */
  requestToPage(what: Asking, options: PageOptions): Promise<MadeRequest>
  /** The same, for a page that asks through its platform (the Digital Credentials API). */
  requestOnPlatform(what: Asking, options: PlatformOptions): Promise<MadePlatformRequest>
  /**
   * Takes in an answer that came to the page that asked.
   *
   * @param transactionId of the session whose page it is
   * @throws {VerifierError} `presentation_unknown`, `presentation_answered`, `state_mismatch`, `vp_token_unfit`,
   * `answer_unproven`, `answer_not_encrypted`, `answer_undecryptable`; `port_failed`
   * @throws {ProtocolError} for an answer that cannot be read
   */
  receive(transactionId: string, answer: PageAnswer): Promise<PresentationResult>
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
  const settings = checkSettings(given)
  const identities = readIdentities(ports, settings)
  const verifying: Verifying = { ports, settings, identities, announcements: createAnnouncements() }
  const reading = { settings, identities, hash: ports.hash, canSend: ports.webhooks !== undefined }
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
      const wish = readOptions(readQuery(what, settings), options, reading)
      const made = await makeRequest(wish, verifying)
      const { byValue = false, at } = options
      return toldOf(made, { link: await linkTo(made, { byValue, at }, verifying) })
    },

    async requestToPage(what, options) {
      const made = await makeRequest(readPageOptions(readQuery(what, settings), options, reading), verifying)
      return toldOf(made, { link: await linkTo(made, { byValue: false, at: options.at }, verifying) })
    },

    async requestOnPlatform(what, options) {
      const { wish, signing } = readPlatformOptions(readQuery(what, settings), options, reading)
      const made = await makeRequest(wish, verifying)
      return toldOf(made, { request: await platformRequest(made, signing, verifying) })
    },

    receive: async (transactionId, answer) =>
      receive(await requestOf(transactionId, verifying), answer, verifying),

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

function toldOf<Way extends object>(
  { record, transactionId }: Made,
  way: Way,
): Way & Omit<MadeRequest, 'link'> {
  return { ...way, transactionId, expiresAt: record.expiresAt }
}

/** Callers write queries by hand: what was left out of the reading would be asked for unseen. */
function readQuery(what: Asking, settings: VerifierSettings): DcqlQuery {
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
  if (standing === undefined) return { outcome: 'expired' }
  const result = resultOf(standing.record)
  if (result.outcome !== 'pending' || standing.record.flow === 'same_device') return result
  const attempts = await attemptsAt(ports.store, requestId)
  return attempts.length === 0 ? result : { ...result, attempts }
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
