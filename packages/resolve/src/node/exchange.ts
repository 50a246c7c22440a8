/** One request and its answer on one connection. */
import { type Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { BytesResponse } from '../bytes-transport.ts'
import { sentHeadersOf } from '../sent-headers.ts'
import { readAnswer } from './read-answer.ts'

export interface Call {
  readonly url: URL
  readonly options: RequestOptions
  readonly body?: string
  /** Of the answer's body. */
  readonly maxBytes: number
}

export function headersOf(message: WireRequest): Record<string, string> {
  const { method, body = '' } = message
  return {
    ...sentHeadersOf(message),
    'accept-encoding': 'identity',
    ...(method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
  }
}

/**
 * Sends the request and reads the answer; rejects with an error of Node's or of ours.
 *
 * @param agent false: on a connection of its own
 */
export function exchange(call: Call, agent: Agent | false): Promise<BytesResponse> {
  const { url, options, body, maxBytes } = call
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { ...options, agent })
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The peer closed a kept connection just then, and saw nothing of the request. Of any but GET
      // nobody could be sure, so those are not sent again.
      if (options.method === 'GET' && request.reusedSocket && isReset(error)) resolve(exchange(call, false))
      else reject(error)
    })
    let isAnswered = false
    // It ends so, without an error, when the peer changes to another protocol.
    request.on('close', () => {
      if (!isAnswered) reject(new Error('the connection ended without an answer'))
    })
    request.on('response', (answer) => {
      isAnswered = true
      readAnswer(answer, maxBytes).then(resolve, (error: unknown) => {
        reject(error)
        request.destroy()
      })
    })
    request.end(body)
  })
}

function isReset({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE'
}
