/**
 * An answer that changed nothing, because its issuer is not proven here, or not believed: a certificate that leads to no
 * authority of ours, an issuer that is not believed for the type. Whoever runs the verifier is told why while the request waits on,
 * where the sender at least had the key that the credential names and signed for this very request. That shows no more
 * than that it was meant as an answer: anybody can make a credential that nobody issued.
 */
import {
  checkOf,
  type Hash,
  type JwsAlgorithm,
  readPublicJwk,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import { findMember, isJsonObject } from '@facet-id/credential/json'
import { readHashAlgorithm, readKeyBindingJwt, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { readIssuerSignedJwt } from '@facet-id/credential/sd-jwt-vc'
import type { Reports } from '../result/presentation.ts'
import type { QueryCheck } from './query-report.ts'

/** What is kept of it: no claims. */
export interface Attempt {
  /** Seconds since the epoch. */
  readonly at: number
  /** Why it changed nothing; at least one. */
  readonly reasons: readonly AttemptReason[]
}

export interface AttemptReason extends Pick<QueryCheck, 'code' | 'reason' | 'text'> {
  /** The query that the presentation was for. */
  readonly queryId: string
}

/** Kept of each: a stranger writes them, so they are few and short. */
const REASONS = 8
const TEXT = 300

export interface UnsettledAnswer {
  readonly reports: Reports
  /** Of each report, in their order: its issuer signed, and is not believed. */
  readonly isOfStranger: readonly boolean[]
}

/** @returns nothing where the issuers are proven and believed, or the fault is another */
export function attemptOf({ reports, isOfStranger }: UnsettledAnswer, at: number): Attempt | undefined {
  const isUnproven = ([, { checks }]: Reports[number], place: number): boolean =>
    isOfStranger[place] === true ||
    checks.some(({ code, outcome }) => code === 'issuer_key' && outcome !== 'pass')
  const reasons = reports.filter(isUnproven).flatMap(([queryId, { checks }]) =>
    checks
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
      .map(({ code, reason, text }) => ({
        queryId,
        code,
        ...(reason === undefined ? {} : { reason }),
        text: text.slice(0, TEXT),
      })),
  )
  return reasons.length === 0 ? undefined : { at, reasons: reasons.slice(0, REASONS) }
}

export interface Answered {
  readonly nonce: string
  readonly audience: string
  readonly algs: readonly JwsAlgorithm[]
  readonly hash: Hash
}

/**
 * What must hold for the sender to have the key that the credential names, and to have signed for this request.
 *
 * @returns nothing where it does not, whatever the signature
 */
export function holderCheckOf(
  presentation: string,
  { nonce, audience, algs, hash }: Answered,
): SignatureCheck | undefined {
  try {
    const { jwt, keyBindingJwt } = splitSdJwt(presentation)
    if (keyBindingJwt === undefined) return undefined
    const { payload: credential } = readIssuerSignedJwt(jwt, algs, 'allowed')
    const binding = readKeyBindingJwt(keyBindingJwt, algs)
    const covered = presentation.slice(0, -keyBindingJwt.length)
    const said = (name: string): unknown => findMember(binding.payload, name)
    const isForUs =
      said('nonce') === nonce &&
      said('aud') === audience &&
      said('sd_hash') === hash(readHashAlgorithm(credential), covered)
    const cnf = findMember(credential, 'cnf')
    const key = isJsonObject(cnf) ? findMember(cnf, 'jwk') : undefined
    return isForUs && isJsonObject(key) ? checkOf(binding, readPublicJwk(key)) : undefined
  } catch {
    return undefined
  }
}
