/**
 * What a verifier answers at its `response_uri`, when it has processed a response or an error: 200
 * and a JSON object. OpenID4VP 1.0 §8.2.
 */
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../../body.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import { readHttpUrl, type Scheme } from '../../url.ts'
import type { WireResponse } from '../../wire.ts'

export interface DirectPostAnswer {
  /**
   * Where the person goes on, in the browser of this device; absent when there is nothing to do. Holds
   * a fresh random value, of at least 128 bits, that only who follows it has.
   */
  readonly redirect_uri?: string
}

const schema = members({ redirect_uri: optional(text()) })

true satisfies Same<Plain<DirectPostAnswer>, Reads<typeof schema>>

export function writeDirectPostAnswer(answer: DirectPostAnswer = {}): WireResponse {
  return jsonResponse(JSON.stringify(answer), NO_STORE)
}

/**
 * Reads it at the wallet. The response has left the wallet by then, whatever this throws. A
 * `redirect_uri` is taken when a browser can open it: `javascript:` and its like are refused.
 *
 * @throws {ProtocolError} `message_malformed` also for any HTTP status but 2xx; `message_too_large`,
 * `content_type_unexpected`; `https_required` for the `redirect_uri`
 */
export function readDirectPostAnswer(response: WireResponse, scheme: Scheme = 'https'): DirectPostAnswer {
  const { redirect_uri } = readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), {
    name: 'answer to direct_post',
  })
  return redirect_uri === undefined ? {} : { redirect_uri: readHttpUrl(redirect_uri, scheme).href }
}
