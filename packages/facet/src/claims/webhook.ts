/**
 * Claims from a service of the operator's own, which is asked over HTTP:
 *
 * ```
 * POST <url>
 * idempotency-key: <the issuance>
 * authorization: Bearer <secret>        or        facet-signature: t=<seconds>,v1=<keyed digest of "t.body">
 * {"issuance_id":…,"configuration_id":…,"credential_identifier":…,"subject":…,"server":…}
 *
 * 200 {"claims":{…}}        202 {"interval":3600}        404 or 410: nothing may be said, for good
 * ```
 *
 * `server` is the authorization server that calls the person `subject`, where that is not this issuer: two of them may
 * call two persons alike.
 *
 * Whatever else it answers, or that it does not, is no answer: the wallet loses nothing. What cannot be reached, and
 * what says that it is in trouble (408, 429, 5xx), is asked again, each time later, while its time lasts.
 */
import type { Mac } from '@facet-id/credential/jose'
import { isJsonObject, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { SubjectAnswer, SubjectAsked, SubjectClaims } from '@facet-id/issuer/issuance'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { codeOf, FacetError } from '../error.ts'
import { ANSWER_WITHIN, within } from './within.ts'

export interface ClaimsWebhook {
  readonly url: string
  /** The safe one: it bounds the time and the size of each try, follows nobody and calls no forbidden address. */
  readonly transport: Transport
  /** How the service knows that it is we who ask. */
  readonly secret:
    | { readonly by: 'bearer'; readonly token: string }
    /** Under the secret that both know. */
    | { readonly by: 'digest'; readonly mac: Mac }
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** How often it is asked at most, once at least; 3 when absent. */
  readonly tries?: number
  /** Milliseconds before the second try, twice as many before each that follows; 250 when absent. */
  readonly firstWait?: number
  /** Milliseconds for all tries together, with what lies between them; 8000 when absent. */
  readonly within?: number
}

/** Characters of an answer: pictures may be among the claims. */
const LENGTH = 1_048_576

/** @throws {FacetError} `usage` for `tries` that are no whole number of at least 1 */
export function claimsFromWebhook(webhook: ClaimsWebhook): SubjectClaims {
  const { tries = 3, firstWait = 250, within: milliseconds = ANSWER_WITHIN } = webhook
  if (!Number.isSafeInteger(tries) || tries < 1) {
    throw new FacetError('usage', 'The tries of a webhook for claims are a whole number of at least 1')
  }
  return async (asked) =>
    within(milliseconds, async (isOver) => {
      let last: unknown
      for (let at = 0; at < tries; at++) {
        if (at > 0) await webhook.wait(firstWait * 2 ** (at - 1))
        if (isOver()) break
        const said = await ask(asked, webhook)
        if ('answer' in said) return said
        last = said.trouble
      }
      throw failed(last)
    })
}

/** Once; trouble is what may be over the next time. */
async function ask(
  asked: SubjectAsked,
  webhook: ClaimsWebhook,
): Promise<SubjectAnswer | { readonly trouble: unknown }> {
  let response: WireResponse
  try {
    response = await webhook.transport.send(requestFor(asked, webhook))
  } catch (error) {
    switch (codeOf(error)) {
      case 'response_too_large':
        throw malformed('it is longer than is read', error)
      case 'address_refused':
      case 'https_required':
        throw failed(error)
      default:
        return { trouble: error }
    }
  }
  if (isInTrouble(response)) return { trouble: new Error(`The HTTP status is ${response.status}`) }
  return answerIn(response)
}

function requestFor(asked: SubjectAsked, { url, secret, now }: ClaimsWebhook): WireRequest {
  const { issuanceId, configurationId, credentialIdentifier, subject, server } = asked
  const body = asciiJson({
    issuance_id: issuanceId,
    configuration_id: configurationId,
    ...(credentialIdentifier === undefined ? {} : { credential_identifier: credentialIdentifier }),
    ...(subject === undefined ? {} : { subject }),
    ...(server === undefined ? {} : { server }),
  })
  const at = now()
  const proof =
    secret.by === 'bearer'
      ? { authorization: `Bearer ${secret.token}` }
      : { 'facet-signature': `t=${at},v1=${secret.mac(`${at}.${body}`)}` }
  return {
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'idempotency-key': issuanceId,
      ...proof,
    },
    body,
  }
}

/** Keyed digests are of ASCII, and JSON can say everything in it. */
function asciiJson(value: JsonObject): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isInTrouble({ status }: WireResponse): boolean {
  return status === 408 || status === 429 || status >= 500
}

function answerIn(response: WireResponse): SubjectAnswer {
  switch (response.status) {
    case 200: {
      const { claims } = jsonIn(response)
      if (!isJsonObject(claims)) throw malformed('its "claims" must be an object')
      return { answer: 'claims', claims }
    }
    case 202: {
      const { interval } = response.body === '' ? {} : jsonIn(response)
      if (interval === undefined) return { answer: 'later' }
      if (typeof interval !== 'number' || !Number.isSafeInteger(interval) || interval < 1) {
        throw malformed('its "interval" must be whole seconds, 1 or more')
      }
      return { answer: 'later', interval }
    }
    case 404:
    case 410:
      return { answer: 'denied' }
    default:
      throw malformed(`its HTTP status is ${response.status}, which is none that was agreed upon`)
  }
}

function jsonIn({ headers, body }: WireResponse): JsonObject {
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
    throw malformed('it must be application/json')
  }
  try {
    return readJsonObject(body, { length: LENGTH })
  } catch (cause) {
    throw malformed('it is no JSON object that can be read', cause)
  }
}

function failed(cause: unknown): FacetError {
  return new FacetError('claims_source_failed', 'The webhook that knows the claims did not answer', { cause })
}

function malformed(why: string, cause?: unknown): FacetError {
  return new FacetError('claims_answer_malformed', `The answer of the webhook is refused: ${why}`, { cause })
}
