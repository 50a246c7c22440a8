/** A public document that the issuer gives out as it is. SD-JWT VC §3, §7.2. */
import type { WireResponse } from '@facet-id/protocol/wire'

/** Seconds for which others may keep it: a key that is taken out is gone by then. */
const MAX_AGE = 300

export function answerDocument(body: string): WireResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': `public, max-age=${MAX_AGE}`,
      // Opened as a page it does nothing.
      'content-security-policy': "default-src 'none'; sandbox",
    },
    body,
  }
}
