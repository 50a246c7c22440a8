import { expect, test } from 'vitest'
import {
  atIssuance,
  type Changes,
  faultsOf,
  holderKeys,
  issue,
  issuer,
  issuerKeys,
  judge,
  present,
} from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'

const issued = issue()
const honest = present(issued)

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
  const question = { ask: 'issuer_key', by: 'did', issuer, kid: `${issuer}#0` }
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
