/**
 * What the world answers is not trusted to have the right form: an answer that lacks, that says too much,
 * that is of another kind or to another question verifies nothing.
 */
import { checkSignatures, hash, keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { issue, issuer, issuerKeys, present, typeDocument, typed } from '../../test/judging.ts'
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from './judge.ts'
import type { Answer, Question } from './question.ts'

const compact = present(issue())

const good = (question: Question): Answer => {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', key: issuerKeys.publicJwk, issuer }
    case 'verdicts':
      return { to: 'verdicts', verdicts: checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', decision: 'trusted', why: 'It is on the list.' }
    case 'type_metadata':
      return { to: 'type_metadata', document: JSON.stringify(typeDocument) }
    case 'status':
      return { to: 'status', status: 0 }
  }
}

const questions = ['issuer_key', 'verdicts', 'trust', 'type_metadata', 'status'] as const

/** Whether a judgement verifies in which one question is answered so. A judgement that throws verifies nothing. */
function verifies(asked: Question['ask'], bad: (question: Question) => unknown): boolean {
  let judgement = beginJudgement(compact, typed, hash)
  try {
    for (let next = nextQuestion(judgement); next !== undefined; next = nextQuestion(judgement)) {
      judgement = takeAnswer(judgement, (next.ask === asked ? bad(next) : good(next)) as Answer)
    }
    return reportOf(judgement).verified || reportOf(judgement).credential !== undefined
  } catch {
    return false
  }
}

test('ATK-35 the questions are these, and with good answers it verifies', () => {
  const asked: string[] = []
  let judgement = beginJudgement(compact, typed, hash)
  for (let next = nextQuestion(judgement); next !== undefined; next = nextQuestion(judgement)) {
    asked.push(next.ask)
    judgement = takeAnswer(judgement, good(next))
  }
  expect(asked).toEqual(questions)
  expect(reportOf(judgement).verified).toBe(true)
})

const bad: Readonly<Record<Question['ask'], readonly object[]>> = {
  issuer_key: [
    {},
    { key: issuerKeys.publicJwk },
    { issuer },
    { key: undefined, issuer },
    { key: null, issuer },
    { key: 'key', issuer },
    { key: {}, issuer },
    { key: keyPair().publicJwk, issuer },
    { key: issuerKeys.publicJwk, issuer: 'did:example:other' },
    { key: issuerKeys.publicJwk, issuer: [issuer] },
    { key: issuerKeys.publicJwk, issuer, refused: 'No.' },
    { key: issuerKeys.publicJwk, issuer, undetermined: 'Nobody knows.' },
  ],
  verdicts: [
    {},
    { verdicts: [] },
    { verdicts: ['valid'] },
    { verdicts: ['valid', 'valid', 'valid'] },
    { verdicts: ['valid', undefined] },
    { verdicts: [undefined, 'valid'] },
    { verdicts: [true, true] },
    { verdicts: ['VALID', 'VALID'] },
    { verdicts: [{}, {}] },
    { verdicts: 'valid' },
    { verdicts: { 0: 'valid', 1: 'valid' } },
    { verdicts: [['valid'], ['valid']] },
    { verdicts: new Array(2) },
  ],
  trust: [
    {},
    { why: 'So.' },
    { decision: true, why: 'So.' },
    { decision: 'Trusted', why: 'So.' },
    { decision: ['trusted'], why: 'So.' },
    { decision: undefined, why: 'So.' },
    { decision: 'yes', why: 'So.' },
  ],
  type_metadata: [
    {},
    { document: undefined },
    { document: typeDocument },
    { document: null },
    { document: '' },
    { document: JSON.stringify(typeDocument), refused: 'No.' },
    { document: JSON.stringify(typeDocument), undetermined: 'Nobody knows.' },
  ],
  status: [
    {},
    { status: undefined },
    { status: null },
    { status: '0' },
    { status: false },
    { status: [] },
    { status: [0] },
    { status: Number.NaN },
    { status: 0, refused: 'No.' },
    { status: 0, undetermined: 'Nobody knows.' },
  ],
}

test.each(questions.flatMap((ask) => bad[ask].map((answer, place) => [ask, place, answer] as const)))(
  'ATK-35 %s answered in the wrong way (%i) verifies nothing',
  (ask, _, answer) => {
    expect(verifies(ask, () => ({ to: ask, ...answer }))).toBe(false)
  },
)

test.each(
  questions.flatMap((ask) =>
    questions.filter((other) => other !== ask).map((other) => [ask, other] as const),
  ),
)('ATK-35 %s answered as if %s had been asked verifies nothing', (ask, other) => {
  const answers: Readonly<Record<Question['ask'], object>> = {
    issuer_key: { key: issuerKeys.publicJwk, issuer },
    verdicts: { verdicts: ['valid', 'valid'] },
    trust: { decision: 'trusted', why: 'So.' },
    type_metadata: { document: JSON.stringify(typeDocument) },
    status: { status: 0 },
  }
  expect(verifies(ask, () => ({ to: other, ...answers[other] }))).toBe(false)
  expect(verifies(ask, () => ({ to: ask, ...answers[other] }))).toBe(false)
})

test.each(questions)('ATK-35 %s left without an answer verifies nothing', (ask) => {
  expect(verifies(ask, () => undefined)).toBe(false)
  expect(verifies(ask, () => null)).toBe(false)
  expect(verifies(ask, () => ({}))).toBe(false)
})
