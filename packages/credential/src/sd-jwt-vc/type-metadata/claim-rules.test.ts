import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  atIssuance,
  claims,
  expected,
  faultsOf,
  frame,
  issue,
  issuer,
  judge,
  present,
  typeDocument,
  typed,
} from '../../../test/judging.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import type { ClaimsPath } from '../../sd-jwt/claims-path.ts'
import { writeSdJwt } from '../../sd-jwt/compact.ts'
import { conceal } from '../../sd-jwt/conceal.ts'
import type { DisclosureFrame } from '../../sd-jwt/disclosure-frame.ts'
import { writeCredentialToSign } from '../issuer-signed-jwt.ts'
import type { Expectations } from '../question.ts'
import { asIssued, selectIssued } from './as-issued.ts'
import { checkClaimRules } from './claim-rules.ts'
import { joinTypes } from './credential-type.ts'
import { readTypeMetadata } from './document.ts'

const { vct } = claims
const tools = { hash, random }
const atIssuanceTyped: Expectations = {
  ...atIssuance,
  typeMetadata: { need: 'required', disclosures: 'all' },
}

type Rule = { readonly path: ClaimsPath; readonly sd?: string; readonly mandatory?: boolean }

const typeOf = (...rules: readonly Rule[]) =>
  joinTypes([readTypeMetadata(JSON.stringify({ vct, claims: rules }), vct)])

/** What the rule says of these claims, concealed so, of which these disclosures are shown. */
function outcome(
  rule: Rule,
  given: { readonly claims: JsonObject; readonly frame?: DisclosureFrame; readonly shown?: 'all' | 'none' },
): unknown {
  const { payload, disclosures } = conceal(given.claims, given.frame ?? {}, tools)
  const issued = asIssued(payload, given.shown === 'none' ? [] : disclosures, hash)
  return outcomeOf(() => checkClaimRules(typeOf(rule), issued, given.shown === 'none' ? 'some' : 'all'))
}

test.each<[string, 'always' | 'allowed' | 'never', DisclosureFrame, string]>([
  ['withheld at will', 'always', { _sd: ['a'] }, 'accepted'],
  ['in the clear', 'always', {}, 'type_rule_broken'],
  ['withheld at will', 'allowed', { _sd: ['a'] }, 'accepted'],
  ['in the clear', 'allowed', {}, 'accepted'],
  ['withheld at will', 'never', { _sd: ['a'] }, 'type_rule_broken'],
  ['in the clear', 'never', {}, 'accepted'],
])('SVC-5.6-6 a claim %s is held against "%s"', (_, sd, by, result) => {
  expect(outcome({ path: ['a'], sd }, { claims: { a: 1 }, frame: by })).toBe(result)
})

test('SVC-5.6-3 a claim inside of a disclosure is no disclosure itself', () => {
  const given = { claims: { a: { b: 1 } } }
  expect(outcome({ path: ['a', 'b'], sd: 'always' }, { ...given, frame: { _sd: ['a'] } })).toBe(
    'type_rule_broken',
  )
  expect(outcome({ path: ['a', 'b'], sd: 'never' }, { ...given, frame: { _sd: ['a'] } })).toBe('accepted')
  expect(outcome({ path: ['a', 'b'], sd: 'always' }, { ...given, frame: { a: { _sd: ['b'] } } })).toBe(
    'accepted',
  )
})

test('SVC-5.6-2 elements count where they were issued, withheld ones too', () => {
  const claims: JsonObject = { list: ['x', { b: 1 }, 'z'] }
  const { payload, disclosures } = conceal(claims, { list: { _sd: [0, 1] } }, tools)
  const select = (path: ClaimsPath, shown: readonly string[]) =>
    selectIssued(asIssued(payload, shown, hash), path)
  const value = { isDisclosure: false, content: { kind: 'value' } }
  expect(select(['list', 2], [])).toEqual([value])
  expect(select(['list', 0], [])).toEqual([{ isDisclosure: true }])
  expect(select(['list', null], [])).toEqual([{ isDisclosure: true }, { isDisclosure: true }, value])
  expect(select(['list', 3], [])).toEqual([])
  // Nothing is known of what is inside of something withheld.
  expect(select(['list', 1, 'b'], [])).toEqual([])
  expect(select(['list', 1, 'b'], disclosures)).toEqual([value])
  const rule = { path: ['list', 0], sd: 'never' } as const
  expect(outcome(rule, { claims, frame: { list: { _sd: [0] } }, shown: 'none' })).toBe('type_rule_broken')
  expect(outcome({ ...rule, sd: 'always' }, { claims, frame: { list: { _sd: [0] } }, shown: 'none' })).toBe(
    'accepted',
  )
})

test.each<[ClaimsPath, JsonValue, string]>([
  [['a'], {}, 'accepted'],
  [['a', 'b'], { a: {} }, 'accepted'],
  [['a', null], { a: [] }, 'accepted'],
  [['a', 5], { a: [1] }, 'accepted'],
  [['a', 'b'], { a: 1 }, 'claims_path_type_mismatch'],
  [['a', 'b'], { a: [] }, 'claims_path_type_mismatch'],
  [['a', 0], { a: {} }, 'claims_path_type_mismatch'],
  [['a', null], { a: 'text' }, 'claims_path_type_mismatch'],
  [['a', null, 'b'], { a: [{ b: 1 }, 2] }, 'claims_path_type_mismatch'],
  [['constructor'], {}, 'accepted'],
  [['__proto__', 'a'], {}, 'accepted'],
])(
  'SVC-5.6.1.2-1 the path %j in %j: nothing is no fault, another kind of value is one',
  (path, value, result) => {
    expect(outcome({ path, sd: 'always' }, { claims: value as JsonObject, frame: {}, shown: 'none' })).toBe(
      result === 'accepted' ? 'accepted' : result,
    )
  },
)

test('SVC-5.6-4, SVC-5.6-5 what is mandatory must be issued, and may be withheld', () => {
  const rule = { path: ['a'], mandatory: true }
  expect(outcome(rule, { claims: { a: 1 }, frame: { _sd: ['a'] } })).toBe('accepted')
  expect(outcome(rule, { claims: { b: 1 }, frame: { _sd: ['b'] } })).toBe('type_rule_broken')
  expect(outcome(rule, { claims: { a: 1 }, frame: { _sd: ['a'] }, shown: 'none' })).toBe('accepted')
  const { jwt, disclosures } = issue()
  expect(faultsOf(judge(present({ jwt, disclosures: [] }), typed).report)).toEqual([])
  expect(faultsOf(judge(writeSdJwt(jwt, disclosures), atIssuanceTyped).report)).toEqual([])
  expect(faultsOf(judge(writeSdJwt(jwt, disclosures.slice(1)), atIssuanceTyped).report)).toEqual([
    'type_metadata: type_rule_broken',
  ])
})

test('SVC-5.6-4, SVC-5.6-6 an issuer signs nothing that breaks a rule of the type', () => {
  const unsigned = { claims, frame, alg: 'ES256', issuerKey: { by: 'did', kid: `${issuer}#0` } } as const
  const type = joinTypes([readTypeMetadata(JSON.stringify(typeDocument), vct)])
  const write = (changes: object) =>
    outcomeOf(() => writeCredentialToSign({ ...unsigned, type, ...changes }, tools))
  expect(write({})).toBe('accepted')
  expect(write({ frame: {} })).toBe('type_rule_broken')
  expect(write({ frame: { ...frame, _sd: ['address'] } })).toBe('type_rule_broken')
  const { given_name: _, ...nameless } = claims
  expect(write({ claims: nameless, frame: { ...frame, _sd: ['address'] } })).toBe('type_rule_broken')
  expect(write({ claims: { ...claims, vct: 'urn:facet:other:1' } })).toBe('type_rule_broken')
  expect(write({ type: typeOf({ path: ['given_name', 'first'] }) })).toBe('claims_path_type_mismatch')
})

test('SVC-2.4-4, SVC-5.7-2, SVC-5.7-3 a report says what came of the type', () => {
  const honest = present(issue())
  const faults = (types: object, need: 'required' | 'when_available' = 'required') => {
    const typeMetadata = { need, disclosures: 'some' } as const
    const { report } = judge(honest, { ...expected, typeMetadata }, { types: types as never })
    const check = report.checks.find(({ code }) => code === 'type_metadata')
    return [report.verified, check?.outcome, check?.reason]
  }
  expect(faults({ [vct]: typeDocument })).toEqual([true, 'pass', undefined])
  expect(faults({ [vct]: { vct, claims: 1 } })).toEqual([false, 'fail', 'type_metadata_malformed'])
  expect(faults({ [vct]: { vct, extends: 'urn:gone' } })).toEqual([
    false,
    'undetermined',
    'type_metadata_undetermined',
  ])
  expect(faults({})).toEqual([false, 'undetermined', 'type_metadata_undetermined'])
  expect(faults({ refused: 'No.' })).toEqual([false, 'fail', 'type_metadata_refused'])
  expect(faults({}, 'when_available')).toEqual([true, 'skipped', undefined])
  expect(faults({ refused: 'No.' }, 'when_available')).toEqual([true, 'skipped', undefined])
  // What is there and wrong is never gone without.
  expect(faults({ [vct]: { vct, claims: 1 } }, 'when_available')).toEqual([
    false,
    'fail',
    'type_metadata_malformed',
  ])
})

test('SVC-5.3-2, SVC-8.3-1 asks for the type only of whom is trusted, and holds it against vct#integrity', () => {
  const bound = present(issue({ claims: { 'vct#integrity': 'sha256-AAAA' } }))
  const { report, asked } = judge(bound, typed)
  expect(faultsOf(report)).toEqual(['type_metadata: integrity_mismatch'])
  expect(asked.at(-1)).toEqual({ ask: 'type_metadata', vct, integrity: 'sha256-AAAA' })
  const untrusted = judge(bound, typed, { trust: { decision: 'not_trusted', why: 'No.' } })
  expect(untrusted.asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts', 'trust'])
  const text = present(issue({ claims: { 'vct#integrity': 1 } }))
  expect(faultsOf(judge(text, typed).report)).toEqual(['claims: claim_malformed'])
})
