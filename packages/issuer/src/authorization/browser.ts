/**
 * What a person's browser gets of the authorization server: pages that can do nothing but be read and post back,
 * a cookie that binds a flow to one browser, and words instead of JSON where something is wrong.
 */
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { IssuerSettings } from '../settings.ts'

/**
 * Nothing from elsewhere, no script, no frame around it. `form-action` is left to browsers' default on purpose: some
 * hold it against the redirect that follows the form too, and that goes to the wallet.
 */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

/** RFC 9700 §2.6: never readable by pages of others, whatever carries it; no frames, no caches. */
const apart: WireResponse['headers'] = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function page(html: string, contentSecurityPolicy: string = pagePolicy, status = 200): WireResponse {
  return {
    status,
    headers: {
      ...apart,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
    },
    body: html,
  }
}

/** 303: asked for with GET, and nothing that was typed goes along (RFC 9700 §4.12). */
export function sentOn(url: string): WireResponse {
  return { status: 303, headers: { ...apart, location: url }, body: '' }
}

/** For people whose browser can be sent nowhere: the address to go back to is not known to be the wallet's. */
export function troublePage(status: number, why: string): WireResponse {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Not possible</title><body><h1>This cannot go on</h1><p>${escapeHtml(why)}.</p><p>Nothing was issued. Go back to your wallet and begin again.</p></body></html>`
  return page(html, pagePolicy, status)
}

/** For whoever sent an answer once more: what came of the first is not undone, and not lost. */
export function answeredPage(): WireResponse {
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Answered already</title><body><h1>You have answered already</h1><p>This page was sent twice, and the first answer counts. Go on where it led, or go back to your wallet.</p></body></html>'
  return page(html, pagePolicy, 409)
}

export function escapeHtml(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark)
}

/** A cookie a flow: of several at once each keeps its own. */
export function withFlowCookie(
  response: WireResponse,
  { flow, secret, lifetime, scheme }: FlowCookie,
): WireResponse {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifetime}${scheme === 'https' ? '; Secure' : ''}`
  const cookie = `${cookieName(flow, scheme)}=${secret}; ${attributes}`
  return { ...response, headers: { ...response.headers, 'set-cookie': cookie } }
}

export interface FlowCookie {
  readonly flow: string
  readonly secret: string
  readonly lifetime: number
  readonly scheme: IssuerSettings['scheme']
}

/** What the browser alone has; `undefined` where this is not the browser that the flow began in. */
export function flowSecretIn(
  { headers }: WireRequest,
  flow: string,
  scheme: IssuerSettings['scheme'],
): string | undefined {
  const name = `${cookieName(flow, scheme)}=`
  const mine = (headers.cookie ?? '').split(/; */).find((cookie) => cookie.startsWith(name))
  return mine?.slice(name.length)
}

/** A form that another site posts here says so, in browsers that say where forms come from (Fetch Standard). */
export function comesFromElsewhere({ method, headers }: WireRequest, origin: string): boolean {
  if (method !== 'POST') return false
  const { origin: sender, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin') return true
  return sender !== undefined && sender !== 'null' && sender !== origin
}

/** `__Host-`: set by this host itself, over https (RFC 6265bis §4.1.3). In development there is no https. */
function cookieName(flow: string, scheme: IssuerSettings['scheme']): string {
  return `${scheme === 'https' ? '__Host-' : ''}facet-${flow.slice(0, 16)}`
}
