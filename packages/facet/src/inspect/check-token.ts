/**
 * The checks that need nobody else: form, signature, disclosures, times, key binding. What needs the network
 * or a decision of the reader (trust, status, the nonce and the audience that somebody asked for) is told
 * apart from what holds.
 */
import { jwsAlgorithms } from '@facet-id/credential/jose'
import { findMember } from '@facet-id/credential/json'
import {
  type Answer,
  beginJudgement,
  type CheckCode,
  type KeyAnswer,
  nextQuestion,
  type Question,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, hash } from '@facet-id/crypto/node'
import { CLOCK_SKEW_SECONDS, checkSigned } from './check-signed.ts'
import type { Finding, Judging, KeyWord } from './finding.ts'
import type { TokenRead } from './read-token.ts'

/** Not looked at here, and why. */
const elsewhere: Partial<Record<CheckCode, string>> = {
  nonce: 'Whether it answers a request only who asked can tell.',
  audience: 'Whether it was made for a verifier only that verifier can tell.',
  key_binding_time: 'Whether it was fresh only who asked can tell.',
  trust: 'Whether the issuer may issue this is for the reader to decide.',
  status: 'Nothing is fetched here: the status list was not looked at.',
}

/** Where a key was found, and that is all that is known of it. */
const whoseWord: Readonly<Record<KeyWord, string | undefined>> = {
  named: undefined,
  given: "The key is the one that was given with --key: that it is the issuer's is the word of who gave it.",
  certificate:
    'The key is that of the certificate that the credential brings along: whether anybody believes that was not looked at.',
  brought: 'The key is the one that the credential brings along, whoever has it.',
}

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
  { key, keyBy, now }: Judging,
): Promise<readonly Finding[]> {
  const own = (name: string): string => String(findMember(keyBinding?.payload ?? {}, name) ?? '')
  let judgement = beginJudgement(
    text,
    {
      now,
      skewSeconds: CLOCK_SKEW_SECONDS,
      algs: jwsAlgorithms,
      // Every way that a credential can name its key: who is believed in which way is for the reader to decide.
      issuerKeys: { taken: ['did', 'x5c', 'jwt_vc_issuer'], scheme: 'https_or_loopback_http' },
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
    const why = check.code === 'issuer_key' ? whoseWord[keyBy] : elsewhere[check.code]
    const isMade = check.outcome === 'fail'
    return why === undefined || isMade || check.outcome === 'skipped'
      ? check
      : { code: check.code, outcome: 'skipped', text: why }
  })
}

async function answerTo(question: Question, key: KeyAnswer): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key':
      return {
        to: 'issuer_key',
        ...('key' in key ? { key: key.key, issuer: question.issuer ?? 'x5c' } : key),
      }
    case 'verdicts':
      return { to: 'verdicts', verdicts: await checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: '' }
    case 'type_metadata':
      return { to: 'type_metadata', undetermined: '' }
    case 'status':
      return { to: 'status', undetermined: '' }
  }
}
