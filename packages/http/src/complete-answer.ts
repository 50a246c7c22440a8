/** What every answer says besides, whatever serves it. */
import type { WireResponse } from '@facet-id/protocol/wire'
import { corsHeaders } from './cors.ts'

/** Said unless the role says otherwise: what is answered here is data, and never a page with scripts. */
const standing: WireResponse['headers'] = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** The connection is for the server to run, and who made the server is nobody's business. */
const ofTheServer = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'server',
  'transfer-encoding',
  'upgrade',
  'x-powered-by',
])

/** The same for answers that pages of any origin may read. */
const open = { ...standing, ...corsHeaders }

/** The answer with the headers that every answer has. */
export function completeAnswer(answer: WireResponse, cors: boolean): WireResponse {
  const headers: Record<string, string> = { ...(cors && !isApart(answer) ? open : standing) }
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!ofTheServer.has(name.toLowerCase())) headers[name] = value
  }
  headers['x-content-type-options'] = 'nosniff'
  return { ...answer, headers }
}

/** What a role keeps to its own origin (Fetch Standard) is for no page of others, whatever may read the rest. */
function isApart({ headers }: WireResponse): boolean {
  return headers['cross-origin-resource-policy'] === 'same-origin'
}
