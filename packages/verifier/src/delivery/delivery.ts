/**
 * A result on its way to whoever asked: what is sent, how it is signed, and when it is sent again.
 *
 * The body is a JWT of type `facet-result+jwt`, signed with the verifier's webhook key, so a receiver needs no
 * shared secret and no headers of ours:
 *
 * ```
 * { "iss": client id, "aud": the webhook's URL, "jti": the same at every attempt, "iat": when this attempt was made,
 *   "reference": the platform's own, "result": as `result()` returns it }
 * ```
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { type Signer, writeSigningInput } from '@facet-id/credential/jose'
import { isJsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { PresentationRecord, PresentationResult } from '../result/presentation.ts'

/** What is kept of it until it was taken. */
export interface Delivery {
  /** The idempotency id: a receiver that has seen it has the result already. */
  readonly id: string
  readonly url: string
  readonly reference: string
  readonly result: PresentationResult
  /** How often it was tried. */
  readonly attempts: number
  /** Seconds since the epoch; then it is given up. */
  readonly until: number
}

export const RESULT_JWT_TYPE = 'facet-result+jwt'
const JWT_MEDIA_TYPE = 'application/jwt'

/** Absent where nobody asked to be sent the result, or where it may not be told yet. */
export function deliveryOf(
  { webhook }: PresentationRecord,
  result: PresentationResult,
  { random, until }: { readonly random: (bytes: number) => Uint8Array; readonly until: number },
): Delivery | undefined {
  if (webhook === undefined || result.outcome === 'awaiting_return') return undefined
  return { id: writeBase64url(random(16)), ...webhook, result, attempts: 0, until }
}

/** What is signed for one attempt. */
export function deliveryInput(
  { id, url, reference, result }: Delivery,
  { iss, iat, signer }: { readonly iss: string; readonly iat: number; readonly signer: Signer },
): string {
  const header = {
    alg: signer.alg,
    typ: RESULT_JWT_TYPE,
    ...(signer.kid === undefined ? {} : { kid: signer.kid }),
  }
  return writeSigningInput(header, { iss, aud: url, jti: id, iat, reference, result: plain(result) })
}

export function deliveryRequest(url: string, jwt: string): WireRequest {
  return { method: 'POST', url, headers: { 'content-type': JWT_MEDIA_TYPE, accept: '*/*' }, body: jwt }
}

const FIRST_PAUSE = 5
const LONGEST_PAUSE = 3600

/**
 * Seconds until the next attempt: four times as long each time, an hour at most, and some of it by chance, so that
 * receivers that were away are not met by all of them at once.
 *
 * @param chance from 0 to 1
 */
export function pauseAfter(attempts: number, chance: number): number {
  const pause = Math.min(FIRST_PAUSE * 4 ** (attempts - 1), LONGEST_PAUSE)
  return Math.ceil(pause * (0.75 + chance / 2))
}

function plain(result: object): JsonValue {
  const value = readJson(JSON.stringify(result))
  return isJsonObject(value) ? value : null
}
