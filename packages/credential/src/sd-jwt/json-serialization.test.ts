import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { atIssuance, expected, faultsOf, issue, judge, present } from '../../test/judging.ts'
import { sdJwtLimits, splitSdJwt } from './compact.ts'
import { compactOf, readSdJwtJson, type SdJwtJson, writeSdJwtJson } from './json-serialization.ts'

const files = vectors(new URL('../../vectors/sd-jwt/json-serialization/', import.meta.url))

for (const { requirement, comment, input, expect: outcome } of files) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readSdJwtJson(String(input)))).toBe(outcome)
  })
}

test('SDJ-8.2-1, SDJ-8.3-1 what is read and written again comes back byte for byte', () => {
  const taken = files.filter(({ expect: outcome }) => outcome === 'accepted')
  expect(taken.length).toBeGreaterThan(4)
  for (const { input, name } of taken) {
    const read = readSdJwtJson(String(input))
    expect(readSdJwtJson(writeSdJwtJson(read))).toEqual(read)
    if (name !== 'unprotected-members') expect(writeSdJwtJson(read)).toBe(input)
  }
})

/** The JSON form of a compact text. */
function jsonOf(compact: string, form: SdJwtJson['form'] = 'flattened'): SdJwtJson {
  const { jwt, ...rest } = splitSdJwt(compact)
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return { form, payload, signatures: [{ protected: header, signature }], ...rest }
}

test.each(['flattened', 'general'] as const)(
  'SDJ-8.1-2 the %s form of a presentation is judged, and its sd_hash checked, as the compact form it stands for',
  (form) => {
    const compact = present(issue())
    const read = readSdJwtJson(writeSdJwtJson(jsonOf(compact, form)))
    expect(read.form).toBe(form)
    expect(compactOf(read)).toBe(compact)
    expect(judge(compactOf(read), expected).report.verified).toBe(true)
  },
)

test('SDJ-8.1-2 a disclosure taken out of the JSON form breaks the sd_hash', () => {
  const whole = jsonOf(present(issue()))
  const fewer = { ...whole, disclosures: whole.disclosures.slice(1) }
  const { report } = judge(compactOf(readSdJwtJson(writeSdJwtJson(fewer))), expected)
  expect(faultsOf(report)).toContain('presentation_hash: presentation_hash_mismatch')
})

test('SDJ-7.2-1 an issuer that hands out a JSON form with key binding is refused as in the compact form', () => {
  const { report } = judge(compactOf(jsonOf(present(issue()))), atIssuance)
  expect(faultsOf(report)).toEqual(['format: key_binding_unexpected'])
})

test('SDJ-8.3-1 each signature of the general form has its compact form; the key binding goes with the first', () => {
  const { signatures, ...rest } = jsonOf(present(issue()), 'general')
  const two = readSdJwtJson(
    writeSdJwtJson({
      ...rest,
      signatures: [...signatures, { protected: 'e30', signature: 'c2ln', kid: 'b' }],
    }),
  )
  expect(splitSdJwt(compactOf(two, 0)).keyBindingJwt).toBe(rest.keyBindingJwt)
  expect(splitSdJwt(compactOf(two, 1))).toEqual({
    jwt: `e30.${rest.payload}.c2ln`,
    disclosures: rest.disclosures,
  })
  expect(outcomeOf(() => compactOf(two, 2))).toBe('sd_jwt_malformed')
})

test('SDJ-8.1-3 an unprotected kid is kept as a hint and signs nothing', () => {
  const { signatures, ...rest } = jsonOf(present(issue()))
  const hinted = {
    ...rest,
    signatures: signatures.map((signed) => ({ ...signed, kid: 'did:example:other#0' })),
  }
  const outcome = outcomeOf(() => readSdJwtJson(writeSdJwtJson(hinted)))
  // Its protected header names a key already, and no member may stand in both.
  expect(outcome).toBe('sd_jwt_malformed')
})

test('SDJ-7.1-16 counts and measures the JSON forms before it looks into disclosures', () => {
  const { signatures, payload } = jsonOf('e30.e30.c2ln~')
  const many = (count: number) =>
    writeSdJwtJson({ form: 'flattened', payload, signatures, disclosures: Array(count).fill('d') })
  expect(outcomeOf(() => readSdJwtJson(many(sdJwtLimits.disclosures)))).toBe('accepted')
  expect(outcomeOf(() => readSdJwtJson(many(sdJwtLimits.disclosures + 1)))).toBe('disclosures_too_many')
  expect(outcomeOf(() => readSdJwtJson(' '.repeat(sdJwtLimits.characters + 1)))).toBe('sd_jwt_too_large')
  const deep = `{"header":${'['.repeat(10_000)}`
  expect(outcomeOf(() => readSdJwtJson(deep))).toBe('sd_jwt_malformed')
})
