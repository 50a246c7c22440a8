/** What came of a presentation, as the verifier answers it. OpenID4VP 1.0 §8.2. */
import { readDirectPostAnswer } from '@facet-id/protocol/openid4vp'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { HandOver } from '../error.ts'
import { peerErrorOf, peerReasonOf } from '../peer-error.ts'

export interface Presented {
  /**
   * Whether the verifier took the answer, and said so in the form that is due. Never where the answer is still to be
   * handed over: whether it is taken then is not known here.
   */
  readonly accepted: boolean
  /** What the verifier said when it refused; unproven text of a peer. */
  readonly reason?: string
  /** Where the verifier wants the person to go on. */
  readonly redirectUri?: string
  /** The answer, where the application hands it over: to the user agent, or to the platform. Its copies are spent. */
  readonly handOver?: HandOver
}

export interface Outcome {
  readonly presented: Presented
  /** The error code that the verifier sent, if it sent one. */
  readonly peerError?: string
}

/** Never throws: what was shown has been shown, whatever the answer to it looks like. */
export function readOutcome(response: WireResponse, scheme: Scheme): Outcome {
  const peerError = peerErrorOf(response)
  const reason = peerReasonOf(response)
  try {
    const { redirect_uri } = readDirectPostAnswer(response, scheme)
    return {
      presented: { accepted: true, ...(redirect_uri === undefined ? {} : { redirectUri: redirect_uri }) },
    }
  } catch {
    // A refusal, a page of a proxy, or an address that no browser should be sent to: it was not taken.
    return {
      presented: { accepted: false, ...(reason === undefined ? {} : { reason }) },
      ...(peerError === undefined ? {} : { peerError }),
    }
  }
}
