/** Judges with our engine in a world where the issuer is trusted and nothing is revoked. */
import type { PublicJwk } from '@facet-id/credential/jose'
import {
  beginJudgement,
  type Expectations,
  nextQuestion,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { checkSignatures, hash } from '@facet-id/crypto/node'

export function judged(
  compact: string,
  key: PublicJwk,
  expected: Pick<Expectations, 'now' | 'keyBinding'>,
): Report {
  const expectations = { skewSeconds: 0, algs: ['ES256'], status: 'when_present', ...expected } as const
  let judgement = beginJudgement(compact, expectations, hash)
  for (let ask = nextQuestion(judgement); ask !== undefined; ask = nextQuestion(judgement)) {
    switch (ask.ask) {
      case 'issuer_key':
        judgement = takeAnswer(judgement, { to: 'issuer_key', key, issuer: ask.issuer ?? '' })
        break
      case 'verdicts':
        judgement = takeAnswer(judgement, { to: 'verdicts', verdicts: checkSignatures(ask.checks) })
        break
      case 'trust':
        judgement = takeAnswer(judgement, { to: 'trust', decision: 'trusted', why: 'This test believes it.' })
        break
      case 'type_metadata':
        judgement = takeAnswer(judgement, { to: 'type_metadata', undetermined: 'None is looked up.' })
        break
      case 'status':
        judgement = takeAnswer(judgement, { to: 'status', status: 0 })
    }
  }
  return reportOf(judgement)
}
