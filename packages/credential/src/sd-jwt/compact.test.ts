import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { sdJwtLimits, splitSdJwt, writeSdJwt } from './compact.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/sd-jwt/compact/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => splitSdJwt(String(input)))).toBe(expected)
  })
}

test.each(['aa.bb.cc~', 'aa.bb.cc~dd~ee~', 'aa.bb.cc~kk.ll.mm', 'aa.bb.cc~dd~kk.ll.mm'])(
  'SDJ-7.1-1, SDJ-4-1 takes %s apart and puts it together byte for byte',
  (text) => {
    const { jwt, disclosures, keyBindingJwt } = splitSdJwt(text)
    expect(jwt).toBe('aa.bb.cc')
    expect(writeSdJwt(jwt, disclosures, keyBindingJwt)).toBe(text)
    expect(keyBindingJwt).toBe(text.endsWith('~') ? undefined : 'kk.ll.mm')
  },
)

test('SDJ-7.1-16 counts disclosures before it looks at them', () => {
  const most = `aa.bb.cc~${'d~'.repeat(sdJwtLimits.disclosures)}`
  expect(outcomeOf(() => splitSdJwt(most))).toBe('accepted')
  expect(splitSdJwt(`${most}kk.ll.mm`).disclosures).toHaveLength(sdJwtLimits.disclosures)
  expect(outcomeOf(() => splitSdJwt(`${most}d~`))).toBe('disclosures_too_many')
  expect(outcomeOf(() => splitSdJwt(`aa.bb.cc${'~'.repeat(4_000_000)}`))).toBe('disclosures_too_many')
})

test('SDJ-7.1-16 refuses a text of more than four mebibytes before it takes it apart', () => {
  expect(outcomeOf(() => splitSdJwt(`aa.bb.${'c'.repeat(sdJwtLimits.characters - 7)}~`))).toBe('accepted')
  expect(outcomeOf(() => splitSdJwt(`aa.bb.${'c'.repeat(sdJwtLimits.characters - 6)}~`))).toBe(
    'sd_jwt_too_large',
  )
})
