/**
 * Many presentations judged at once and offline: the signatures are checked by workers, and nothing is fetched.
 * What only a fetch could tell (the key of an issuer that is not in its name, a status list that was not brought along)
 * is undetermined, and nothing that is undetermined counts as verified.
 */
import { jwsAlgorithms } from '@facet-id/credential/jose'
import {
  type Answer,
  beginJudgement,
  type CheckReason,
  type Expectations,
  nextQuestion,
  type Question,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { type CheckPool, createCheckPool, hash } from '@facet-id/crypto/node'
import { createKeyResolver } from '@facet-id/resolve'
import { type KnownStatusList, statusFrom, type Used } from '@facet-id/verifier/offline'

export interface BatchRules {
  /** Seconds since the epoch. */
  readonly now: number
  /** What each presentation answers. */
  readonly nonce: string
  readonly audience: string
  /** DIDs whose keys are in their names; nobody else is believed. */
  readonly issuers: readonly string[]
  readonly vcts: readonly string[]
  /** Verified; of several for one credential the freshest that has not ended counts. */
  readonly statusLists: readonly KnownStatusList[]
  /** Threads. */
  readonly workers: number
}

export interface Judged {
  readonly outcome: 'verified' | 'refused' | 'undetermined'
  /** Of the first check that failed, or else was undetermined; absent for what is verified. */
  readonly reason?: CheckReason
  /** The same in words that are safe to show: nothing of a person. */
  readonly text?: string
  /** The status list that was gone by, and how old it was; absent where none was. */
  readonly status?: Used
}

/** By how much honest clocks may differ, and how old a key binding may be; seconds. */
export const SKEW = 60
const MAX_AGE = 300
/** Presentations under way at once: two messages of signatures for each of some workers. */
const AT_ONCE = 256

/** One verdict a presentation, in order. @throws {CryptoError} `pool_settings_invalid`, `worker_failed` */
export async function judgeBatch(
  presentations: readonly string[],
  rules: BatchRules,
): Promise<readonly Judged[]> {
  const pool = createCheckPool({ workers: rules.workers })
  const judged: Judged[] = []
  try {
    for (let at = 0; at < presentations.length; at += AT_ONCE) {
      const part = presentations.slice(at, at + AT_ONCE)
      judged.push(...(await Promise.all(part.map((compact) => judge(compact, rules, pool)))))
    }
  } finally {
    await pool.close()
  }
  return judged
}

async function judge(compact: string, rules: BatchRules, pool: CheckPool): Promise<Judged> {
  const { now, nonce, audience, vcts } = rules
  const expected: Expectations = {
    now,
    skewSeconds: SKEW,
    algs: jwsAlgorithms,
    keyBinding: { binding: 'required', nonce, audience, maxAgeSeconds: MAX_AGE },
    vcts,
    status: 'when_present',
  }
  let judgement = beginJudgement(compact, expected, hash)
  let status: Used | undefined
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    if (asked.ask === 'status') {
      const { answer, used } = statusFrom(rules, asked, now)
      status = used
      judgement = takeAnswer(judgement, { to: 'status', ...answer })
    } else judgement = takeAnswer(judgement, await answerTo(asked, rules, pool))
  }
  const read = status === undefined ? {} : { status }
  const { verified, checks } = reportOf(judgement)
  if (verified) return { outcome: 'verified', ...read }
  const failed = checks.find(({ outcome }) => outcome === 'fail')
  const wrong = failed ?? checks.find(({ outcome }) => outcome === 'undetermined')
  const outcome = failed === undefined ? 'undetermined' : 'refused'
  if (wrong?.reason === undefined) return { outcome, ...read }
  return { outcome, reason: wrong.reason, text: wrong.text, ...read }
}

const { resolveKey } = createKeyResolver()

async function answerTo(
  question: Exclude<Question, { readonly ask: 'status' }>,
  { issuers }: BatchRules,
  pool: CheckPool,
): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key': {
      if (question.by !== 'did') return { to: 'issuer_key', refused: 'Only keys of DIDs are taken here.' }
      const { issuer: did, kid } = question
      const answer = await resolveKey({ did, kid, relationship: 'assertionMethod' })
      return { to: 'issuer_key', ...('key' in answer ? { key: answer.key, issuer: did } : answer) }
    }
    case 'verdicts':
      return { to: 'verdicts', verdicts: await pool.checkSignatures(question.checks) }
    case 'trust':
      return issuers.includes(question.issuer)
        ? { to: 'trust', decision: 'trusted', why: 'The issuer is one that was named.' }
        : { to: 'trust', decision: 'not_trusted', why: 'The issuer is none that was named.' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: 'Nothing is fetched here.' }
  }
}
