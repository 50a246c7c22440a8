/** Ways to present what must not pass: each fails one line of the report, and then nothing is told. */
import type { JsonObject } from '@facet-id/credential/json'
import { type CheckCode, checkCodes } from '@facet-id/credential/sd-jwt-vc'
import { expect } from 'vitest'
import type { QueryCheck } from '../judging/query-report.ts'
import {
  type Presenting,
  personal,
  personQuery,
  presented,
  reportIn,
  restingIn,
  type Stage,
  type StageChanges,
  stage,
} from '../stage.test-support.ts'
import { type Issuing, issue } from '../wallet.test-support.ts'

export interface Trick {
  readonly requirement: string
  readonly title: string
  readonly present: (on: Stage) => Presenting
  readonly changes?: StageChanges
  readonly reason: string
  /** `fail` unless told. */
  readonly outcome?: 'undetermined'
}

/** The checks on the proof that the holder was there. */
export type KeyBindingCode =
  | 'holder_signature'
  | 'nonce'
  | 'audience'
  | 'key_binding_time'
  | 'presentation_hash'

/** All others. */
export type CredentialCode = Exclude<CheckCode, KeyBindingCode> | 'query'

/** At least one for each of the codes, or the table does not compile. */
export type Tricks<Code extends CheckCode | 'query'> = Readonly<Record<Code, readonly [Trick, ...Trick[]]>>

/** A trick with the check that it fails: a case of a test. */
export interface Case extends Trick {
  readonly code: string
}

export function casesOf(tricks: Readonly<Record<string, readonly Trick[]>>): readonly Case[] {
  return Object.entries(tricks).flatMap(([code, list]) => list.map((trick) => ({ code, ...trick })))
}

export const DAY = 24 * 3600
/** Seconds that a key binding may be old, and that clocks may differ: the settings that come with us. */
export const MAX_AGE = 300
export const SKEW = 30

/** A day ago, by the issuer of the stage. */
export function from({ issuer, time }: Stage, issuing: Partial<Issuing> = {}): Issuing {
  return { issuer, issuedAt: time.now() - DAY, ...issuing }
}

export function withClaims(claims: (on: Stage) => JsonObject): Trick['present'] {
  return (on) => ({ held: issue(from(on, { claims: claims(on) })) })
}

/** That check and no other does not pass, nobody is told anything of the person, and nothing of it rests. */
export async function expectRefused(trick: Case): Promise<void> {
  const on = stage(trick.changes)
  const { response, result } = await presented(on, trick.present(on))
  const { verified, verdicts, checks, ...told } = reportIn(result)
  expect(result).toMatchObject({ outcome: 'refused', answeredAt: on.time.now() })
  expect(verified).toBe(false)
  expect(told).toEqual({})
  expect(Object.values(verdicts)).not.toEqual(['pass', 'pass', 'pass'])
  expect(checks.map(({ code }) => code)).toEqual([...checkCodes, 'query'])
  expect(notPassed(checks)).toEqual([[trick.code, trick.outcome ?? 'fail', trick.reason]])

  expect(response.status).toBe(400)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  const { error, error_description } = JSON.parse(response.body)
  expect(error).toBe('invalid_request')
  // RFC 6749 §5.2.
  expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]{10,}$/)
  const everything = `${response.body} ${JSON.stringify(result)} ${await storedAnswer(on)}`
  expect(personal.filter((value) => everything.includes(value))).toEqual([])
}

/** Without the query, in which values stand that were asked for. */
async function storedAnswer(on: Stage): Promise<string> {
  return (await restingIn(on)).replaceAll(JSON.stringify(personQuery), '')
}

function notPassed(checks: readonly QueryCheck[]): unknown {
  return checks
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
    .map(({ code, outcome, reason }) => [code, outcome, reason])
}
