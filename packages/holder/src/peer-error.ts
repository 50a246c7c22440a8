/** An error that a peer sent in the form of its protocol, made ours. RFC 6749 §5.2. */
import { type ErrorResponse, readErrorResponse } from '@facet-id/protocol/oauth'
import type { WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from './error.ts'

/** The response, if it is no error. @throws {HolderError} `refused_by_peer` */
export function answered(response: WireResponse): WireResponse {
  if (response.status >= 200 && response.status < 300) return response
  const peerError = peerErrorOf(response)
  throw new HolderError(
    'refused_by_peer',
    peerError === undefined
      ? `The peer answered with HTTP status ${response.status}`
      : `The peer refused with the error "${peerError}" (HTTP status ${response.status})`,
    { peerStatus: response.status, ...(peerError === undefined ? {} : { peerError }) },
  )
}

/** The error code in a response, if it is an error that has one. */
export function peerErrorOf(response: WireResponse): string | undefined {
  return errorIn(response)?.error
}

/** What the peer said besides, for people. Unproven text. */
export function peerReasonOf(response: WireResponse): string | undefined {
  return errorIn(response)?.error_description
}

function errorIn(response: WireResponse): ErrorResponse | undefined {
  if (response.status >= 200 && response.status < 300) return undefined
  try {
    return readErrorResponse(response)
  } catch {
    // An error page of a proxy, say: the status is all there is.
    return undefined
  }
}
