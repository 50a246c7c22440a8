/**
 * One request and its answer, on a connection of Node: read within bounds, given to the role, and answered
 * whatever becomes of it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle, WireResponse } from '@facet-id/protocol/wire'
import type { BodyBudget, BodyShare } from '../body-budget.ts'
import { completeAnswer } from '../complete-answer.ts'
import { answerPreflight } from '../cors.ts'
import type { ServeLimits } from '../limits.ts'
import { refusalOf } from '../refusal.ts'
import { readWireRequest } from './read-request.ts'
import { type Streams, sendStream } from './stream-answer.ts'
import { sendAnswer } from './write-response.ts'

/** What the requests of one server share. */
export interface Door {
  readonly handle: Handle
  readonly limits: ServeLimits
  readonly cors: boolean
  readonly onUnforeseen: (error: unknown) => void
  readonly budget: BodyBudget
  /** Answers that go on until somebody ends them. */
  readonly streams: Streams
  /** Known once the port is. */
  origin: string
  closing: boolean
}

export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
): Promise<void> {
  // A peer that goes away while it is answered is no error of ours.
  response.on('error', () => {})
  const share = door.budget.share()
  const answer = await answerTo(request, door, share)
  share.release()
  if (answer === undefined) return
  // What was not read to its end cannot be followed by another request.
  const last = door.closing || !request.complete
  try {
    const whole = completeAnswer(answer, door.cors)
    if (whole.stream === undefined) sendAnswer(response, whole, last)
    else await sendStream(response, { ...whole, stream: whole.stream }, door)
  } catch (error) {
    report(error, door)
    if (response.headersSent) response.destroy()
    else sendAnswer(response, completeAnswer(refusalOf('server_error'), door.cors), last)
  }
}

/** `undefined` when there is nobody left to answer. */
async function answerTo(
  request: IncomingMessage,
  door: Door,
  share: BodyShare,
): Promise<WireResponse | undefined> {
  const { origin, limits } = door
  const read = await readWireRequest(request, { origin, limits, share })
  if ('gone' in read) return undefined
  if ('refused' in read) return refusalOf(read.refused)
  const preflight = door.cors ? answerPreflight(read.request) : undefined
  if (preflight !== undefined) return preflight
  try {
    return await door.handle(read.request)
  } catch (error) {
    report(error, door)
    return refusalOf('server_error')
  }
}

/** A report that fails must not take the server down with it. */
function report(error: unknown, { onUnforeseen }: Door): void {
  try {
    onUnforeseen(error)
  } catch {
    // There is nobody left to tell.
  }
}
