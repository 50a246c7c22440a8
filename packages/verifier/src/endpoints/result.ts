/**
 * What came of a request, over HTTP: as JSON, or as server-sent events. The transaction id is the bearer token, so
 * it stands in no address and no log, and only whoever started has it (OpenID4VP 1.0 §14.4.3).
 */
import { readBearer } from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { VerifierError } from '../error.ts'
import type { PresentationResult } from '../result/presentation.ts'

const EVENT_STREAM = 'text/event-stream'

export interface Results {
  result(transactionId: string): Promise<PresentationResult>
  watch(transactionId: string): AsyncIterable<PresentationResult>
}

/** @throws {VerifierError} `transaction_missing`, `presentation_unknown`; `port_missing` */
export async function answerResult(request: WireRequest, results: Results): Promise<WireResponse> {
  const transactionId = readBearer(request)
  if (transactionId === undefined) {
    throw new VerifierError('transaction_missing', 'Send the transaction id as a bearer token')
  }
  // Also for who watches: what is unknown is an answer, and no stream that ends.
  const result = await results.result(transactionId)
  if (!accepts(request, EVENT_STREAM)) return answerOf('application/json', JSON.stringify(result))
  return { ...answerOf(EVENT_STREAM, ''), stream: eventsOf(results.watch(transactionId)) }
}

function answerOf(mediaType: string, body: string): WireResponse {
  return { status: 200, headers: { 'content-type': mediaType, 'cache-control': 'no-store' }, body }
}

function accepts({ headers }: WireRequest, mediaType: string): boolean {
  return (headers.accept ?? '').split(',').some((part) => part.split(';', 1)[0]?.trim() === mediaType)
}

/** One event for each outcome. JSON has no line breaks, so one line of data holds it. */
async function* eventsOf(results: AsyncIterable<PresentationResult>): AsyncGenerator<string> {
  for await (const result of results) yield `event: result\ndata: ${JSON.stringify(result)}\n\n`
}
