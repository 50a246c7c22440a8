/** How an answer gets to the verifier. OpenID4VP 1.0 §5.6, §8.2, §8.3, §A.2. */
import { ProtocolError } from '../../error.ts'
import { readHttpUrl, type Scheme } from '../../url.ts'

/** `.jwt`: encrypted. */
export type ResponseMode = (typeof responseModes)[number]

export const responseModes = [
  'direct_post',
  'direct_post.jwt',
  'fragment',
  'query',
  'dc_api',
  'dc_api.jwt',
] as const

/** Where an answer goes: to an address by POST, with the user agent to an address, or to the platform that asked. */
export type AnswerPlace =
  | { readonly by: 'post'; readonly uri: string; readonly encrypted: boolean }
  | { readonly by: 'user_agent'; readonly uri: string; readonly part: 'fragment' | 'query' }
  | { readonly by: 'platform'; readonly encrypted: boolean }

/** Of a request, what says where its answer goes. */
export interface Addressed {
  readonly response_mode: ResponseMode
  readonly response_uri?: string
  readonly redirect_uri?: string
}

/**
 * Where the answer to a request goes. That the address is the client's is for `isAddressOf` to say.
 *
 * @throws {ProtocolError} `message_malformed`: there is no such address, or one that does not go with the mode
 * (§8.2); `https_required`
 */
export function answerPlaceOf(
  { response_mode, response_uri, redirect_uri }: Addressed,
  scheme: Scheme = 'https',
): AnswerPlace {
  switch (response_mode) {
    case 'direct_post':
    case 'direct_post.jwt':
      if (redirect_uri !== undefined)
        throw malformed('with direct_post it has a response_uri and no redirect_uri')
      return {
        by: 'post',
        uri: readAnswerUri(response_uri, 'response_uri', scheme),
        encrypted: response_mode === 'direct_post.jwt',
      }
    case 'fragment':
    case 'query':
      if (response_uri !== undefined) throw malformed('a response_uri goes with direct_post only')
      return {
        by: 'user_agent',
        uri: readAnswerUri(redirect_uri, 'redirect_uri', scheme),
        part: response_mode,
      }
    case 'dc_api':
    case 'dc_api.jwt':
      if (response_uri !== undefined || redirect_uri !== undefined) {
        throw malformed('over the Digital Credentials API the answer goes to no address')
      }
      return { by: 'platform', encrypted: response_mode === 'dc_api.jwt' }
  }
}

/** RFC 6749 §3.1.2: a redirect URI is absolute and has no fragment; §8.2 asks the same of a `response_uri`. */
function readAnswerUri(uri: string | undefined, name: string, scheme: Scheme): string {
  if (uri === undefined) throw malformed(`it has no ${name}`)
  const { href, fragment } = readHttpUrl(uri, scheme)
  if (fragment !== undefined) throw malformed(`its ${name} has a fragment`)
  return href
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The request does not say where to answer: ${why}`)
}
