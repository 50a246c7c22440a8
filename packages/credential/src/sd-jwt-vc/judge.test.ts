import { hash, keyPair, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  atIssuance,
  claims,
  expected,
  faultsOf,
  holderKeys,
  issue,
  issuer,
  issuerKeys,
  judge,
  now,
  present,
  typed,
  type World,
} from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'
import { selectDisclosures } from '../sd-jwt/disclose.ts'
import { compactOf, readSdJwtJson } from '../sd-jwt/json-serialization.ts'
import { openStoredSdJwt } from '../sd-jwt/stored.ts'
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from './judge.ts'
import type { Expectations } from './question.ts'
import { type CheckCode, checkCodes } from './report.ts'

for (const { requirement, comment, input, expect: fault } of vectors(
  new URL('../../vectors/sd-jwt-vc/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { expected, world, ...text } = input as ({ compact: string } | { json: string }) & {
      expected: Expectations
      world?: Pick<World, 'metadata' | 'types'>
    }
    const compact = 'json' in text ? compactOf(readSdJwtJson(text.json)) : text.compact
    const { report } = judge(compact, expected, world)
    expect(faultsOf(report)[0] ?? 'accepted').toBe(fault)
    expect(report.verified).toBe(fault === 'accepted')
  })
}

const issued = issue()
const honest = present(issued)

test('SVC-2.4-1, SVC-2.4-2, SDJ-7.3-2 verifies an honest presentation', () => {
  const { report, asked } = judge(honest, typed)
  expect(report.verified).toBe(true)
  expect(report.checks.map(({ code, outcome }) => [code, outcome])).toEqual(
    checkCodes.map((code) => [code, 'pass']),
  )
  expect(report.credential).toEqual({
    issuer,
    issuerKnownBy: 'did',
    vct: claims.vct,
    claims,
    disclosed: [
      ['given_name'],
      ['address', 'locality'],
      ['address'],
      ['nationalities', 0],
      ['nationalities', 1],
    ],
    undisclosed: expect.any(Number),
    holderKey: holderKeys.publicJwk,
    issuedAt: claims.iat,
    notBefore: claims.nbf,
    expiresAt: claims.exp,
    status: claims.status.status_list,
    type: expect.objectContaining({ vct: claims.vct, extends: [] }),
  })
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts', 'trust', 'type_metadata', 'status'])
})

test('SDJ-7.2-2, SVC-2.4-1 verifies what an issuer hands out, without key binding', () => {
  const { report } = judge(writeSdJwt(issued.jwt, issued.disclosures), atIssuance)
  expect(report.verified).toBe(true)
  expect(report.credential?.holderKey).toEqual(holderKeys.publicJwk)
  expect(report.checks.filter(({ outcome }) => outcome === 'skipped').map(({ code }) => code)).toEqual([
    'holder_signature',
    'nonce',
    'audience',
    'key_binding_time',
    'presentation_hash',
    'type_metadata',
  ])
})

test('SDJ-7.2-3, SDJ-4-4 verifies a presentation of some claims and learns no others', () => {
  const { jwt, opened } = openStoredSdJwt(writeSdJwt(issued.jwt, issued.disclosures), hash)
  const disclosures = selectDisclosures(opened, [['nationalities', 0]])
  const { report } = judge(present({ jwt, disclosures }))
  expect(report.verified).toBe(true)
  const { given_name: _, address: __, ...rest } = claims
  expect(report.credential?.claims).toEqual({ ...rest, nationalities: ['UTO'] })
  expect(report.credential?.disclosed).toEqual([['nationalities', 0]])
})

test('SDJ-7.1-17 tells how many digests stand for nothing: decoys, or what was held back', () => {
  const { jwt, disclosures } = issue({
    frame: { _sd: ['given_name', 'address'], nationalities: { _sd: [0] } },
  })
  const count = (shown: readonly string[]) =>
    judge(writeSdJwt(jwt, shown), atIssuance).report.credential?.undisclosed
  expect(count(disclosures)).toBe(0)
  expect(count(disclosures.slice(1))).toBe(1)
  expect(count([])).toBe(3)
})

test('SDJ-7.3-3 where no key binding is asked for, one that came is not stripped: the whole is refused', () => {
  const { report } = judge(present(issued), atIssuance)
  expect(faultsOf(report)).toEqual(['format: key_binding_unexpected'])
  expect(report.credential).toBeUndefined()
})

/** One row breaks one check and nothing else. */
const tampered: readonly [CheckCode, string, () => string, World?][] = [
  ['format', 'typ', () => present(issue({ header: { typ: 'vc+sd-jwt' } }))],
  ['issuer_key', 'key', () => honest, { issuer_key: { refused: 'The issuer has no such key.' } }],
  ['issuer_key', 'resolver', () => honest, { issuer_key: { undetermined: 'The issuer cannot be reached.' } }],
  ['issuer_signature', 'signature', () => present(issue({ keys: keyPair() }))],
  [
    'disclosures',
    'disclosure',
    () => present({ ...issued, disclosures: [...issued.disclosures, 'WyJzIiwxXQ'] }),
  ],
  ['type', 'vct', () => present(issue({ claims: { vct: 'urn:facet:other:1' } }))],
  ['claims', 'time', () => present(issue({ claims: { exp: '2030-01-01' } }))],
  ['claims', 'end withheld', () => present(issue({ claims: { exp: undefined } }))],
  ['validity', 'end', () => present(issue({ claims: { exp: now - 61 } }))],
  ['holder_signature', 'holder', () => present(issued, { keys: keyPair() })],
  ['nonce', 'nonce', () => present(issued, { payload: { nonce: 'other' } })],
  ['audience', 'audience', () => present(issued, { payload: { aud: 'did:example:verifier' } })],
  ['key_binding_time', 'date', () => present(issued, { payload: { iat: now - 361 } })],
  ['presentation_hash', 'hash', () => present(issued, { payload: { sd_hash: hash('sha-256', '~') } })],
  [
    'trust',
    'issuer',
    () => honest,
    { trust: { decision: 'not_trusted', why: 'The issuer is not on the list.' } },
  ],
  ['trust', 'list', () => honest, { trust: { decision: 'undetermined', why: 'The list cannot be read.' } }],
  ['type_metadata', 'rule', () => present(issue({ frame: {} }))],
  ['type_metadata', 'publisher', () => honest, { types: { refused: 'The publisher is none of the type.' } }],
  ['type_metadata', 'document', () => honest, { types: { undetermined: 'The document cannot be had.' } }],
  ['status', 'revoked', () => honest, { status: { status: 1 } }],
  ['status', 'list expired', () => honest, { status: { status: 0, listExpiresAt: now - 61 } }],
  ['status', 'unreachable', () => honest, { status: { undetermined: 'The status list cannot be reached.' } }],
]

test.each(tampered)(
  'SVC-2.4-1, SVC-2.4-2, SVC-2.4-3 when %s fails (%s) nothing is verified, and the report names it alone',
  (code, _, make, world) => {
    const { report } = judge(make(), typed, world)
    expect(report.verified).toBe(false)
    expect(report.credential).toBeUndefined()
    expect(report.checks.map((check) => check.code)).toEqual(checkCodes)
    const wrong = report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
    expect(wrong.map((check) => check.code)).toEqual([code])
    expect(wrong[0]?.reason).toBeTypeOf('string')
    for (const { text } of report.checks) expect(text).toMatch(/^[A-Z"].*\.$/)
  },
)

test('SVC-2.4-1 each check that can fail is in the matrix above', () => {
  expect([...new Set(tampered.map(([code]) => code))]).toEqual(checkCodes)
})

test.each(tampered)('a report on %s (%s) tells nothing of the person', (_, __, make, world) => {
  const { checks } = judge(make(), typed, world).report
  const told = JSON.stringify(checks)
  for (const secret of ['Specimen', 'Utopolis', 'UTO', claims.cnf.jwk.x, 'status-lists']) {
    expect(told).not.toContain(secret)
  }
})

test('SDJ-7.1-3 asks nothing more and hashes nothing once a signature does not hold', () => {
  const noHash: typeof hash = () => {
    throw new Error('a disclosure was hashed')
  }
  const { report, asked } = judge(present(issue({ keys: keyPair() })), expected, { hash: noHash })
  expect(faultsOf(report)).toEqual(['issuer_signature: signature_invalid'])
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts'])
  const bare = writeSdJwt(issue({ keys: keyPair() }).jwt, issued.disclosures)
  expect(judge(bare, atIssuance, { hash: noHash }).report.verified).toBe(false)
})

test('SDJ-7.1-3 hashes no disclosure of a presentation that its holder did not sign', () => {
  const hashed: string[] = []
  const noting: typeof hash = (alg, data) => {
    hashed.push(String(data))
    return hash(alg, data)
  }
  const { asked } = judge(present(issued, { keys: keyPair() }), expected, { hash: noting })
  expect(hashed).toEqual([writeSdJwt(issued.jwt, issued.disclosures)])
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts'])
})

test('a fault of the machine is no finding: it is thrown on', () => {
  const broken: typeof hash = () => {
    throw new RangeError('out of memory')
  }
  expect(() => judge(writeSdJwt(issued.jwt, issued.disclosures), atIssuance, { hash: broken })).toThrow(
    RangeError,
  )
})

test('a judgement takes the answer to its own question only', () => {
  const judgement = beginJudgement(honest, expected, hash)
  expect(nextQuestion(judgement)?.ask).toBe('issuer_key')
  expect(outcomeOf(() => reportOf(judgement))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(judgement, { to: 'status', status: 0 }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(judgement, { to: 'trust', decision: 'trusted', why: '' }))).toBe(
    'not_ready',
  )
  const asked = takeAnswer(judgement, { to: 'issuer_key', key: issuerKeys.publicJwk, issuer })
  expect(outcomeOf(() => takeAnswer(asked, { to: 'status', status: 0 }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(asked, { to: 'verdicts', verdicts: ['valid'] }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(asked, { to: 'verdicts', verdicts: ['valid', 'valid', 'valid'] }))).toBe(
    'not_ready',
  )
  const judged = beginJudgement('', expected, hash)
  expect(nextQuestion(judged)).toBeUndefined()
  expect(outcomeOf(() => takeAnswer(judged, { to: 'status', status: 0 }))).toBe('not_ready')
})
