/**
 * Persons show a credential that they hold to get another: presentation during issuance, OpenID4VCI 1.0 §5.1 and
 * OpenID4VP 1.0, with the page as the verifier's. Who was shown to be who is then asked whether they agree.
 *
 * A wallet on the same device brings the browser back with a code that is good in this flow alone (OpenID4VP §14.3).
 * A code that is scanned with another device proves less: whoever shows it to somebody else gets the credential of
 * that person, so it is drawn only where the operator gives something to draw it with.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { MaybePromise, Random } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { UserAnswer, UserAsked, UserAuthentication, UserStep } from '@facet-id/issuer/authorization'
import { readForm, writeForm } from '@facet-id/protocol/form'
import type { Asking, PresentationResult, RequestOptions, Verifier } from '@facet-id/verifier'
import { postedIn } from './development-login.ts'
import { decidedBy, type KnownPerson, knownPage } from './person-known.ts'
import { presentationPage } from './presentation-page.ts'

/** A presentation that was judged good; its `reports` have the claims, by the ids of the query. */
export type VerifiedPresentation = Extract<PresentationResult, { readonly outcome: 'verified' | 'refused' }>

export interface PresentationLoginOptions {
  /** Its `handle` answers below its `baseUrl` as usual. */
  readonly verifier: Pick<Verifier, 'request' | 'result' | 'returned'>
  /** What has to be shown. */
  readonly asking: Asking
  /**
   * Who that is to the operator, by the claims that were shown, and what is known of them; `undefined` refuses.
   * Choose claims that are this person's alone.
   */
  readonly personOf: (shown: VerifiedPresentation) => MaybePromise<KnownPerson | undefined>
  /** What the credentials are called, by configuration. */
  readonly titles: Readonly<Record<string, string>>
  /** Of the requests, as `at`, `as` and `responseMode` of the verifier's. */
  readonly requests?: Pick<RequestOptions, 'at' | 'as' | 'responseMode'>
  /**
   * Draws a link as a QR code, in SVG that goes into the page as it is. Absent: the wallet has to be on the device of
   * the browser.
   */
  readonly drawCode?: (link: string) => string
  readonly random: Random
}

export function presentationLogin(options: PresentationLoginOptions): UserAuthentication {
  return {
    begin: (asked) => ask(asked, options),
    answer: (asked, came) =>
      'subject' in came.state ? decidedBy(asked, came, options.titles) : shown(asked, came, options),
  }
}

/** What is remembered while a wallet is waited for. */
interface Waiting extends JsonObject {
  /** Only this flow has it, and the issuer binds the flow to the browser. */
  readonly session: string
  readonly link: string
  readonly code: string
  /** Of the request on another device; empty where there is none. */
  readonly elsewhere: string
}

async function ask(asked: UserAsked, options: PresentationLoginOptions): Promise<UserStep> {
  const { verifier, asking, requests = {}, drawCode, random } = options
  const session = writeBase64url(random(32))
  const returnTo = `${asked.answerUrl}?${writeForm({ state: asked.flow })}`
  const here = await verifier.request(asking, { ...requests, sameDevice: { session, returnTo } })
  const there = drawCode === undefined ? undefined : await verifier.request(asking, requests)
  const waiting: Waiting = {
    session,
    link: here.link,
    code: there?.link ?? '',
    elsewhere: there?.transactionId ?? '',
  }
  return { next: 'page', html: pageOf(asked, waiting, options), state: waiting }
}

async function shown(
  asked: UserAsked,
  { request, state }: UserAnswer,
  options: PresentationLoginOptions,
): Promise<UserStep> {
  // It was put there one step before, in this shape.
  const waiting = state as Waiting
  if (postedIn(request).decision === 'decline') return { next: 'refuse' }
  const result = await resultFor(request.url, waiting, options.verifier)
  if (result === undefined || result.outcome === 'pending' || result.outcome === 'awaiting_return') {
    return { next: 'page', html: pageOf(asked, waiting, options, 'Nothing was shown yet.'), state: waiting }
  }
  if (result.outcome !== 'verified') return { next: 'refuse' }
  const person = await options.personOf(result)
  return person === undefined ? { next: 'refuse' } : knownPage(asked, person, options.titles)
}

/** The browser came back with a code, or a person says that another device has shown it. */
async function resultFor(
  url: string,
  { session, elsewhere }: Waiting,
  verifier: PresentationLoginOptions['verifier'],
): Promise<PresentationResult | undefined> {
  const { response_code: responseCode } = readForm(url.split('?').slice(1).join('?'))
  try {
    // The verifier takes a code in the session of its own request alone, so no answer to another counts here.
    if (responseCode !== undefined) return await verifier.returned({ responseCode, session })
    return elsewhere === '' ? undefined : await verifier.result(elsewhere)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'response_code_unknown') return undefined
    if (code === 'session_mismatch' || code === 'presentation_unknown') return { outcome: 'expired' }
    throw error
  }
}

function pageOf(
  asked: UserAsked,
  { link, code }: Waiting,
  { titles, drawCode }: PresentationLoginOptions,
  notice?: string,
): string {
  return presentationPage({
    asked,
    titles,
    link,
    ...(drawCode === undefined || code === '' ? {} : { code: drawCode(code) }),
    ...(notice === undefined ? {} : { notice }),
  })
}
