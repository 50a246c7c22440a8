/**
 * The checks that need nobody else: form, signature, disclosures, times, key binding. What needs the network
 * or a decision of the reader (trust, status, the nonce and the audience that somebody asked for) is told
 * apart from what holds.
 */
import { CredentialError } from '@facet-id/credential/error'
import { algorithmOf, checkOf, jwsAlgorithms, type PublicJwk, readJws } from '@facet-id/credential/jose'
import { findMember, type JsonObject } from '@facet-id/credential/json'
import {
  type Answer,
  beginJudgement,
  type Check,
  type CheckCode,
  type KeyAnswer,
  nextQuestion,
  type Question,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import type { TokenRead } from './read-token.ts'

/** A line of the report; `code` names the check. */
export type Finding = Omit<Check, 'code'> & { readonly code: string }

export interface Judging {
  readonly key: KeyAnswer
  /** Seconds since the epoch. */
  readonly now: number
}

/** Not looked at here, and why. */
const elsewhere: Partial<Record<CheckCode, string>> = {
  nonce: 'Whether it answers a request only who asked can tell.',
  audience: 'Whether it was made for a verifier only that verifier can tell.',
  key_binding_time: 'Whether it was fresh only who asked can tell.',
  trust: 'Whether the issuer may issue this is for the reader to decide.',
  status: 'Nothing is fetched here: the status list was not looked at.',
}

const CLOCK_SKEW_SECONDS = 30
const A_LONG_TIME = Number.MAX_SAFE_INTEGER

export async function checkToken(
  text: string,
  token: TokenRead,
  judging: Judging,
): Promise<readonly Finding[]> {
  return token.disclosures === undefined
    ? checkSigned(text, token, judging)
    : checkCredential(text, token, judging)
}

async function checkCredential(
  text: string,
  { keyBinding }: TokenRead,
  { key, now }: Judging,
): Promise<readonly Finding[]> {
  const own = (name: string): string => String(findMember(keyBinding?.payload ?? {}, name) ?? '')
  let judgement = beginJudgement(
    text,
    {
      now,
      skewSeconds: CLOCK_SKEW_SECONDS,
      algs: jwsAlgorithms,
      status: 'when_present',
      // Compared with itself: what nobody can know here must not hide what can be known.
      keyBinding:
        keyBinding === undefined
          ? { binding: 'forbidden' }
          : { binding: 'required', nonce: own('nonce'), audience: own('aud'), maxAgeSeconds: A_LONG_TIME },
    },
    hash,
  )
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, await answerTo(asked, key))
  }
  return reportOf(judgement).checks.map((check) => {
    const why = elsewhere[check.code]
    const isMade = check.outcome === 'fail' && check.reason !== 'trust_undetermined'
    return why === undefined || isMade || check.outcome === 'skipped'
      ? check
      : { code: check.code, outcome: 'skipped', text: why }
  })
}

async function answerTo(question: Question, key: KeyAnswer): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', ...key }
    case 'verdicts':
      return { to: 'verdicts', verdicts: await checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: '' }
    case 'status':
      return { to: 'status', undetermined: '' }
  }
}

async function checkSigned(
  text: string,
  { header, payload }: TokenRead,
  { key, now }: Judging,
): Promise<readonly Finding[]> {
  const read = readStrictly(text, header)
  if ('fault' in read) return [read.fault, ...checkTimes(payload, now)]
  const pass = {
    code: 'format',
    outcome: 'pass',
    text: 'The text is a signed token in its strict form.',
  } as const
  return [pass, await checkSigner(read.jws, key), ...checkTimes(payload, now)]
}

type Strict = { readonly jws: ReturnType<typeof readJws> } | { readonly fault: Finding }

function readStrictly(text: string, header: JsonObject): Strict {
  const typ = findMember(header, 'typ')
  try {
    const jws = readJws(text, {
      typ: typeof typ === 'string' ? typ : '',
      algs: jwsAlgorithms,
      maxBytes: text.length,
      x5c: 'allowed',
      ...(Object.hasOwn(header, 'jwk') ? { jwk: 'required' } : {}),
    })
    return { jws }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { fault: { code: 'format', outcome: 'fail', reason: error.code, text: `${error.message}.` } }
  }
}

async function checkSigner(jws: ReturnType<typeof readJws>, answer: KeyAnswer): Promise<Finding> {
  const code = 'signature'
  if ('undetermined' in answer) return { code, outcome: 'undetermined', text: answer.undetermined }
  if ('refused' in answer)
    return { code, outcome: 'fail', reason: 'issuer_key_refused', text: answer.refused }
  return checkUnder(jws, answer.key)
}

async function checkUnder(jws: ReturnType<typeof readJws>, key: PublicJwk): Promise<Finding> {
  const code = 'signature'
  const [verdict] = await checkSignatures([checkOf(jws, key)])
  if (verdict === 'valid') {
    const whose =
      jws.header.jwk === undefined ? 'the key that it names' : 'the key that it brings along, whoever has it'
    return { code, outcome: 'pass', text: `The signature is valid under ${whose}.` }
  }
  const text = `The signature is not valid: the token was changed or forged, or is not by this ${algorithmOf(key)} key.`
  return {
    code,
    outcome: 'fail',
    reason: verdict === 'key_unusable' ? 'key_unusable' : 'signature_invalid',
    text,
  }
}

function checkTimes(payload: JsonObject, now: number): readonly Finding[] {
  const code = 'validity'
  const [iat, nbf, exp] = ['iat', 'nbf', 'exp'].map((name) => findMember(payload, name))
  if (typeof exp === 'number' && exp <= now) {
    return [{ code, outcome: 'fail', reason: 'expired', text: 'The token has expired.' }]
  }
  const from = Math.max(typeof iat === 'number' ? iat : 0, typeof nbf === 'number' ? nbf : 0)
  if (from > now + CLOCK_SKEW_SECONDS) {
    return [{ code, outcome: 'fail', reason: 'not_yet_valid', text: 'The token is made for a time to come.' }]
  }
  return [{ code, outcome: 'pass', text: 'By its times the token is valid now.' }]
}
