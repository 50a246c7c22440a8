/**
 * The envelope that every message travels in, whatever carries it: HTTP, a stream, or a function
 * call. A role is `handle(request) → response`, so a role is also a transport.
 */

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** Absolute URL, with its query. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Text of the body; absent when there is none. */
  readonly body?: string
}

export interface WireResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /**
   * What follows the body as it comes, text by text, until it ends or the peer goes away; absent: the body is all.
   * Only whoever serves a role over a wire that can wait sends it (server-sent events).
   */
  readonly stream?: AsyncIterable<string>
}

/** What a role offers to those who talk to it. Never rejects: an unforeseen error is a 500. */
export type Handle = (request: WireRequest) => Promise<WireResponse>

/**
 * How a role reaches a peer. Rejects with a {@link ProtocolError} `peer_unreachable`,
 * `peer_timed_out`, `response_too_large`, `address_refused`, `https_required` or `message_malformed` (what
 * cannot be sent, or an answer that is no UTF-8 text); any HTTP status is
 * an answer and not an error. Redirects are not followed.
 */
export interface Transport {
  send(request: WireRequest): Promise<WireResponse>
}
