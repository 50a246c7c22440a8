/**
 * What an envelope holds, by its media type (RFC 9110 §8.3). A message of the wrong type is not
 * looked at.
 */
import { ProtocolError } from './error.ts'
import { FORM_MEDIA_TYPE, type Form, writeForm } from './form.ts'
import type { WireRequest, WireResponse } from './wire.ts'

export const JSON_MEDIA_TYPE = 'application/json'

/**
 * The body of a message that must be of that media type; its parameters (`charset`) are passed over.
 *
 * @throws {ProtocolError} `content_type_unexpected`
 */
export function readBody(message: Pick<WireRequest, 'headers' | 'body'>, mediaType: string): string {
  if (mediaTypeOf(message.headers) !== mediaType) {
    throw new ProtocolError('content_type_unexpected', `The message must be of type ${mediaType}`)
  }
  return message.body ?? ''
}

/**
 * The body of an answer that grants what was asked for: status 200, or another of 2xx.
 *
 * @throws {ProtocolError} `message_malformed` for any other status, which `readErrorResponse` reads;
 * `content_type_unexpected`
 */
export function readAnswer(response: WireResponse, mediaType: string): string {
  if (response.status < 200 || response.status > 299) {
    throw new ProtocolError('message_malformed', 'The answer grants nothing: its HTTP status is not 2xx')
  }
  return readBody(response, mediaType)
}

/** A request that asks for a document. */
export function documentRequest(url: string, mediaType: string): WireRequest {
  return { method: 'GET', url, headers: { accept: mediaType } }
}

/** A request with a form for its body. */
export function formRequest(url: string, form: Form): WireRequest {
  return {
    method: 'POST',
    url,
    headers: { accept: JSON_MEDIA_TYPE, 'content-type': FORM_MEDIA_TYPE },
    body: writeForm(form),
  }
}

/** An answer with a JSON body. */
export function jsonResponse(body: string, headers: WireResponse['headers'] = {}): WireResponse {
  return { status: 200, headers: { 'content-type': JSON_MEDIA_TYPE, ...headers }, body }
}

/** Keeps an answer out of every cache: it holds what only its receiver may use. */
export const NO_STORE: WireResponse['headers'] = { 'cache-control': 'no-store' }

/** The media type without parameters, in lower case; absent when the message names none. */
export function mediaTypeOf(headers: WireRequest['headers']): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}
