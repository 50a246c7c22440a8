import { hash, keyPair, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  atIssuance,
  type Changes,
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
  type World,
} from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'
import { selectDisclosures } from '../sd-jwt/disclose.ts'
import { openStoredSdJwt } from '../sd-jwt/stored.ts'
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from './judge.ts'
import type { Expectations } from './question.ts'
import { type CheckCode, checkCodes } from './report.ts'

for (const { requirement, comment, input, expect: fault } of vectors(
  new URL('../../vectors/sd-jwt-vc/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { compact, expected } = input as { compact: string; expected: Expectations }
    const { report } = judge(compact, expected)
    expect(faultsOf(report)[0] ?? 'accepted').toBe(fault)
    expect(report.verified).toBe(fault === 'accepted')
  })
}

const issued = issue()
const honest = present(issued)

test('SVC-2.4-1, SVC-2.4-2, SDJ-7.3-2 verifies an honest presentation', () => {
  const { report, asked } = judge(honest)
  expect(report.verified).toBe(true)
  expect(report.checks.map(({ code, outcome }) => [code, outcome])).toEqual(
    checkCodes.map((code) => [code, 'pass']),
  )
  expect(report.credential).toEqual({
    issuer,
    vct: claims.vct,
    claims,
    disclosed: [
      ['given_name'],
      ['address', 'locality'],
      ['address'],
      ['nationalities', 0],
      ['nationalities', 1],
    ],
    holderKey: holderKeys.publicJwk,
    issuedAt: claims.iat,
    notBefore: claims.nbf,
    expiresAt: claims.exp,
    status: claims.status.status_list,
  })
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts', 'trust', 'status'])
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
  ['status', 'revoked', () => honest, { status: { status: 1 } }],
  ['status', 'unreachable', () => honest, { status: { undetermined: 'The status list cannot be reached.' } }],
]

test.each(tampered)(
  'SVC-2.4-1, SVC-2.4-2, SVC-2.4-3 when %s fails (%s) nothing is verified, and the report names it alone',
  (code, _, make, world) => {
    const { report } = judge(make(), expected, world)
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
  const { checks } = judge(make(), expected, world).report
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
  const noting: typeof hash = (alg, ascii) => {
    hashed.push(ascii)
    return hash(alg, ascii)
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

test('a report tells an issuer that is not trusted from one that nobody could ask about', () => {
  const reasons = (['not_trusted', 'undetermined'] as const).map((decision) => {
    const { report } = judge(honest, expected, { trust: { decision, why: 'So it is.' } })
    return report.checks.flatMap((check) => (check.code === 'trust' ? [check] : []))
  })
  expect(reasons.flat()).toEqual([
    { code: 'trust', outcome: 'fail', reason: 'not_trusted', text: 'So it is.' },
    { code: 'trust', outcome: 'undetermined', reason: 'trust_undetermined', text: 'So it is.' },
  ])
})

test('a report says in words whose signature is not valid', () => {
  const textOf = (code: CheckCode, compact: string) =>
    judge(compact).report.checks.find((check) => check.code === code)?.text
  expect(textOf('issuer_signature', present(issue({ keys: keyPair() })))).toBe(
    'The credential was changed or forged: the signature of the issuer is not valid.',
  )
  expect(textOf('holder_signature', present(issued, { keys: keyPair() }))).toBe(
    'The presentation is not by its holder: the signature of the holder is not valid.',
  )
  expect(textOf('issuer_signature', honest)).toBe('The signature of the issuer is valid.')
})

test('SDJ-7.1-3, SDJ-4.3.2-1 asks for both signatures at once, the holder’s by the key in the credential', () => {
  const [, question] = judge(honest).asked
  expect(question).toMatchObject({
    ask: 'verdicts',
    checks: [
      { alg: 'ES256', key: { x: issuerKeys.publicJwk.x } },
      { alg: 'ES256', key: holderKeys.publicJwk },
    ],
  })
})

test('SDJ-7.1-4, SVC-2.5-1 asks for the key that kid names, in full', () => {
  const question = { ask: 'issuer_key', issuer, kid: `${issuer}#0` }
  expect(judge(honest).asked[0]).toEqual(question)
  expect(judge(present(issue({ header: { kid: '#0' } }))).asked[0]).toEqual(question)
})

test.each([
  ['no such key', { header: { kid: '#1' } }],
  ['a key of another DID', { header: { kid: 'did:example:other#0' } }],
  ['a longer DID that begins alike', { header: { kid: `${issuer}x#0` } }],
  ['no fragment', { header: { kid: issuer } }],
  ['a path', { header: { kid: `${issuer}/../x#0` } }],
  ['a query', { header: { kid: `${issuer}?versionId=1#0` } }],
  ['no DID URL', { header: { kid: '../../keys/1' } }],
  ['a name of the prototype', { header: { kid: '__proto__' } }],
  ['no kid', { header: { kid: undefined } }],
  ['no issuer', { claims: { iss: undefined } }],
  ['an issuer that is a number', { claims: { iss: 7 } }],
  ['an https issuer', { claims: { iss: 'https://issuer.example' } }],
  ['an issuer with a fragment', { claims: { iss: `${issuer}#0` } }],
] satisfies [string, Changes][])(
  'SVC-2.5-1, SVC-2.5-4, SVC-2.5-6, SDJ-7.1-4 refuses an issuer key with %s',
  (_, changes) => {
    const { report, asked } = judge(present(issue(changes)))
    expect(report.verified).toBe(false)
    expect(report.checks.filter(({ outcome }) => outcome === 'fail').map(({ code }) => code)).toEqual([
      'issuer_key',
    ])
    expect(asked.map(({ ask }) => ask).filter((ask) => ask !== 'issuer_key')).toEqual([])
  },
)

test('SDJ-7.3-1, SDJ-4-2 asks for nothing when the key binding that is required is missing', () => {
  const { report, asked } = judge(writeSdJwt(issued.jwt, issued.disclosures))
  expect(faultsOf(report)).toEqual(['holder_signature: key_binding_missing'])
  expect(asked).toEqual([])
})

test('SDJ-7.2-1, SDJ-4-2 refuses key binding where an issuer hands out a credential', () => {
  expect(faultsOf(judge(honest, atIssuance).report)).toEqual(['format: key_binding_unexpected'])
})

test('SDJ-7.3-2 names everything that is wrong with a replay', () => {
  const replay = present(issued, { payload: { nonce: 'old', aud: 'other', iat: now - 86_400 } })
  const { report, asked } = judge(replay)
  expect(faultsOf(report)).toEqual([
    'nonce: nonce_mismatch',
    'audience: audience_mismatch',
    'key_binding_time: key_binding_too_old',
  ])
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts'])
})

test('SDJ-4.3.1-1 takes no key binding JWT of another choice of disclosures', () => {
  const keyBindingJwt = honest.slice(honest.lastIndexOf('~') + 1)
  const fewer = writeSdJwt(issued.jwt, issued.disclosures.slice(1), keyBindingJwt)
  const reordered = writeSdJwt(issued.jwt, issued.disclosures.toReversed(), keyBindingJwt)
  for (const text of [reordered, fewer]) {
    expect(faultsOf(judge(text).report)).toContain('presentation_hash: presentation_hash_mismatch')
  }
})

test.each<[number, boolean]>([
  [-361, false],
  [-360, false],
  [-359, true],
  [0, true],
  [60, true],
  [61, false],
])('SDJ-7.3-2 takes a key binding JWT of %i seconds from now: %s', (seconds, verified) => {
  expect(judge(present(issued, { payload: { iat: now + seconds } })).report.verified).toBe(verified)
})

test.each<[object, string | undefined]>([
  [{ exp: now - 60 }, 'expired'],
  [{ exp: now - 59 }, undefined],
  [{ nbf: now + 61 }, 'not_yet_valid'],
  [{ nbf: now + 60 }, undefined],
  [{ iat: now + 61 }, 'issued_in_future'],
  [{ iat: now + 60 }, undefined],
  [{ exp: undefined, nbf: undefined, iat: undefined }, undefined],
])('SDJ-7.1-15 judges the times %j by the clock and the skew: %s', (times, reason) => {
  const faults = faultsOf(judge(present(issue({ claims: times }))).report)
  expect(faults).toEqual(reason === undefined ? [] : [`validity: ${reason}`])
})

test('SDJ-7.1-15, SDJ-9.7-2 requires the claims that it is told to require', () => {
  const endless = present(issue({ claims: { exp: undefined } }))
  expect(judge(endless).report.verified).toBe(true)
  const strict = { ...expected, requiredClaims: ['exp'] }
  expect(faultsOf(judge(endless, strict).report)).toEqual(['claims: claim_missing'])
  expect(judge(honest, strict).report.verified).toBe(true)
  const inherited = { ...expected, requiredClaims: ['constructor'] }
  expect(faultsOf(judge(honest, inherited).report)).toEqual(['claims: claim_missing'])
})

test('SVC-2.2.2.3-2 takes sub and iat from disclosures, and without iat', () => {
  const { jwt, disclosures } = issue({ claims: { sub: 'subject' }, frame: { _sd: ['sub', 'iat'] } })
  expect(judge(present({ jwt, disclosures })).report.credential).toMatchObject({
    issuedAt: claims.iat,
    claims: { sub: 'subject' },
  })
  const { report } = judge(present({ jwt, disclosures: [] }))
  expect(report.verified).toBe(true)
  expect(report.credential?.issuedAt).toBeUndefined()
})

test('SVC-2.2.2.3-3 takes a credential that is bound to no key where no key binding is asked for', () => {
  const { jwt, disclosures } = issue({ claims: { cnf: undefined } })
  expect(judge(writeSdJwt(jwt, disclosures), atIssuance).report.verified).toBe(true)
  expect(faultsOf(judge(present({ jwt, disclosures })).report)).toEqual([
    'holder_signature: holder_key_missing',
  ])
})

test('SVC-2.4-3 asks for the status only when all else passed, and only if there is one', () => {
  const without = present(issue({ claims: { status: undefined } }))
  expect(faultsOf(judge(without).report)).toEqual(['status: status_missing'])
  const lenient: Expectations = { ...expected, status: 'when_present' }
  const { report, asked } = judge(without, lenient)
  expect(report.verified).toBe(true)
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts', 'trust'])
  expect(judge(honest, lenient, { status: { status: 1 } }).report.verified).toBe(false)
  const unknown = present(issue({ claims: { status: { other_mechanism: {} } } }))
  expect(faultsOf(judge(unknown, lenient).report)).toEqual(['status: status_undetermined'])
  expect(faultsOf(judge(unknown).report)).toEqual(['status: status_missing'])
  const untrusted = judge(honest, expected, { trust: { decision: 'not_trusted', why: 'No.' } })
  expect(untrusted.asked.map(({ ask }) => ask)).not.toContain('status')
})

test.each<[NonNullable<World['status']>, string]>([
  [{ status: 1 }, 'revoked'],
  [{ status: 2 }, 'suspended'],
  [{ status: 3 }, 'status_unknown'],
  [{ status: 4 }, 'status_unknown'],
  [{ status: -1 }, 'status_unknown'],
  [{ status: Number.NaN }, 'status_unknown'],
  [{ undetermined: 'The list cannot be reached.' }, 'status_undetermined'],
  [{ refused: 'The list is for another address.' }, 'status_refused'],
])('SVC-2.4-3 takes the status %j for %s', (status, reason) => {
  expect(faultsOf(judge(honest, expected, { status }).report)).toEqual([`status: ${reason}`])
})

test('SDJ-7.1-3 takes a key that cannot check a signature for no signature', () => {
  const { report } = judge(honest, expected, { verdicts: (checks) => checks.map(() => 'key_unusable') })
  expect(faultsOf(report)).toEqual(['issuer_signature: key_unusable', 'holder_signature: key_unusable'])
})

test('a judgement takes the answer to its own question only', () => {
  const judgement = beginJudgement(honest, expected, hash)
  expect(nextQuestion(judgement)?.ask).toBe('issuer_key')
  expect(outcomeOf(() => reportOf(judgement))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(judgement, { to: 'status', status: 0 }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(judgement, { to: 'trust', decision: 'trusted', why: '' }))).toBe(
    'not_ready',
  )
  const asked = takeAnswer(judgement, { to: 'issuer_key', key: issuerKeys.publicJwk })
  expect(outcomeOf(() => takeAnswer(asked, { to: 'status', status: 0 }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(asked, { to: 'verdicts', verdicts: ['valid'] }))).toBe('not_ready')
  expect(outcomeOf(() => takeAnswer(asked, { to: 'verdicts', verdicts: ['valid', 'valid', 'valid'] }))).toBe(
    'not_ready',
  )
  const judged = beginJudgement('', expected, hash)
  expect(nextQuestion(judged)).toBeUndefined()
  expect(outcomeOf(() => takeAnswer(judged, { to: 'status', status: 0 }))).toBe('not_ready')
})

test('expectations that are no numbers let nothing pass', () => {
  const broken = { ...expected, keyBinding: { ...expected.keyBinding, maxAgeSeconds: Number.NaN } }
  expect(judge(honest, broken).report.verified).toBe(false)
  expect(judge(honest, { ...expected, skewSeconds: Number.NaN }).report.verified).toBe(false)
  expect(judge(honest, { ...expected, now: Number.NaN }).report.verified).toBe(false)
})
