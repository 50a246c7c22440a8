/** Where a browser goes on after its wallet has answered. OpenID4VP 1.0 §8.2. */
import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import { VerifierError } from '../error.ts'

const PARAMETER = 'response_code'

/**
 * Reads where a browser comes back to: an address of the platform's, to which the code is added.
 *
 * @throws {VerifierError} `request_unfit`
 */
export function readReturnAddress(text: string, scheme: Scheme): string {
  try {
    const { href, fragment, query = '' } = readHttpUrl(text, scheme)
    if (fragment !== undefined || query.split('&').some((part) => part.startsWith(`${PARAMETER}=`))) {
      throw new VerifierError(
        'request_unfit',
        'returnTo has neither a fragment nor a response_code of its own',
      )
    }
    return href
  } catch (cause) {
    if (cause instanceof VerifierError) throw cause
    throw new VerifierError('request_unfit', 'returnTo is an https URL of the platform', { cause })
  }
}

/** §8.2: "an absolute URI" with "a fresh, cryptographically random" part. */
export function withResponseCode(returnTo: string, code: string): string {
  return `${returnTo}${returnTo.includes('?') ? '&' : '?'}${PARAMETER}=${code}`
}
