import { checkSignatures, keyPair, outcomeOf, signerOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { utf8 } from '../base64url.ts'
import type { JsonObject } from '../json.ts'
import { checkOf, type JwsRules, readJws, writeJws, writeSigningInput } from './jws.ts'

const rules: JwsRules = { typ: 'kb+jwt', algs: ['ES256'], maxBytes: 4096 }
const header = { alg: 'ES256', typ: 'kb+jwt' }
const owner = keyPair()
const signer = signerOf(owner.privateJwk)

function signed(head: JsonObject, payload: JsonObject = { iat: 1 }): string {
  const input = writeSigningInput(head, payload)
  return writeJws(input, signer.sign(utf8(input)))
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/jws/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { token, rules: own } = vectorOf(input)
    expect(outcomeOf(() => readJws(token, { ...rules, ...own }))).toBe(expected)
  })
}

/** A token by itself, or with what its reader allows besides. */
function vectorOf(input: unknown): { readonly token: string; readonly rules: Partial<JwsRules> } {
  const { token, rules: own } =
    typeof input === 'object' && input !== null
      ? { token: '', rules: {}, ...input }
      : { token: input, rules: {} }
  return { token: String(token), rules: own }
}

test('what was written is read, and its signature holds', () => {
  const payload = { iat: 1_800_000_000, name: 'Zoë', list: [1, null], __proto__: null }
  const text = signed({ ...header, kid: 'key-1' }, payload)
  const jws = readJws(text, rules)
  expect(jws.header).toEqual({ ...header, kid: 'key-1' })
  expect(jws.payload).toEqual(payload)
  expect(JSON.parse(jws.payloadText)).toEqual(payload)
  expect(writeJws(jws.signingInput, jws.signature)).toBe(text)
  expect(checkSignatures([checkOf(jws, owner.publicJwk), checkOf(jws, keyPair().publicJwk)])).toEqual([
    'valid',
    'invalid',
  ])
})

test('JWT-3.1-1 nothing is allowed where no algorithm is', () => {
  expect(outcomeOf(() => readJws(signed(header), { ...rules, algs: [] }))).toBe('jws_alg_not_allowed')
})

test('JWT-3.10-1 reads the key in the header only where the rules ask for it', () => {
  const own = { ...header, jwk: owner.publicJwk }
  const asking: JwsRules = { ...rules, jwk: 'required' }
  expect(readJws(signed(own), asking).header.jwk).toEqual(owner.publicJwk)
  expect(outcomeOf(() => readJws(signed(own), rules))).toBe('jws_header_forbidden')
  expect(outcomeOf(() => readJws(signed(own), { ...rules, jwk: 'forbidden' }))).toBe('jws_header_forbidden')
  expect(outcomeOf(() => readJws(signed(header), asking))).toBe('jwk_malformed')
  expect(outcomeOf(() => readJws(signed({ ...header, jwk: owner.privateJwk }), asking))).toBe('jwk_private')
  expect(outcomeOf(() => readJws(signed({ ...own, jku: 'https://stranger.example' }), asking))).toBe(
    'jws_header_forbidden',
  )
})

test('JWT-X5C certificates are handed on as bytes, in their order, where the rules allow them', () => {
  const chain = [Uint8Array.of(0x30, 0xfb, 0xff, 1), Uint8Array.of(0x30, 0xfe)]
  const x5c = chain.map((der) => Buffer.from(der).toString('base64'))
  const allowing: JwsRules = { ...rules, x5c: 'allowed' }
  expect(readJws(signed({ ...header, x5c }), allowing).header.x5c).toEqual(chain)
  expect(readJws(signed(header), allowing).header).not.toHaveProperty('x5c')
  expect(outcomeOf(() => readJws(signed({ ...header, x5c }), rules))).toBe('jws_header_forbidden')
  const own = { ...header, x5c, jwk: owner.publicJwk }
  expect(outcomeOf(() => readJws(signed(own), allowing))).toBe('jws_header_forbidden')
})

test('JWT-CRIT what is demanded and understood is handed on, and nothing else', () => {
  const demanding = { ...header, crit: ['exp'], exp: 7, other: 1 }
  expect(readJws(signed(demanding), { ...rules, crit: ['exp', 'b64'] }).header.extensions).toEqual({ exp: 7 })
  expect(readJws(signed({ ...header, exp: 7 }), { ...rules, crit: ['exp'] }).header).not.toHaveProperty(
    'extensions',
  )
  expect(outcomeOf(() => readJws(signed(demanding), rules))).toBe('jws_crit_not_understood')
})

test('JWT-3.12-1 a token of one kind is none of any other kind', () => {
  const kinds = [
    'kb+jwt',
    'dc+sd-jwt',
    'oauth-authz-req+jwt',
    'openid4vci-proof+jwt',
    'statuslist+jwt',
    'dpop+jwt',
    'JWT',
  ]
  for (const given of kinds) {
    for (const asked of kinds) {
      const outcome = outcomeOf(() => readJws(signed({ ...header, typ: given }), { ...rules, typ: asked }))
      expect(outcome).toBe(given === asked ? 'accepted' : 'jws_typ_unexpected')
    }
  }
})

test('JWT-3.4-1 refuses a token longer than the rules allow, before it is parsed', () => {
  const text = signed(header)
  expect(outcomeOf(() => readJws(text, { ...rules, maxBytes: text.length }))).toBe('accepted')
  expect(outcomeOf(() => readJws(text, { ...rules, maxBytes: text.length - 1 }))).toBe('jws_too_large')
  expect(outcomeOf(() => readJws('.'.repeat(1_000_000), { ...rules, maxBytes: 2_000_000 }))).toBe(
    'jws_malformed',
  )
})

test('JWT-3.4-1 refuses a payload nested too deep', () => {
  const input = `${writeSigningInput(header, {}).split('.')[0]}.${Buffer.from('{"a":'.repeat(100) + '}'.repeat(100)).toString('base64url')}`
  expect(outcomeOf(() => readJws(writeJws(input, signer.sign(utf8(input))), rules))).toBe('json_too_deep')
})

test('a payload above a million characters is read where the rules allow it', () => {
  const payload = { lst: 'A'.repeat(1_500_000) }
  expect(readJws(signed(header, payload), { ...rules, maxBytes: 4_000_000 }).payload).toEqual(payload)
})

test('JWT-3.4-1 a token changed in any one character is refused or no longer holds', () => {
  const text = signed(header, { iat: 1, aud: 'https://verifier.example' })
  for (let at = 0; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
    const outcome = outcomeOf(() => {
      if (checkSignatures([checkOf(readJws(changed, rules), owner.publicJwk)])[0] !== 'valid') {
        throw Object.assign(new Error('the signature does not hold'), { code: 'invalid' })
      }
    })
    expect(outcome).not.toBe('accepted')
  }
})

test('JWT-3.4-1 refuses a header that is longer than any honest one, whatever the token may have', () => {
  const rules = { typ: 'JWT', algs: ['ES256'], maxBytes: 4_194_304 } as const
  const token = (kid: string) =>
    writeJws(writeSigningInput({ alg: 'ES256', typ: 'JWT', kid }, {}), new Uint8Array(64))
  expect(outcomeOf(() => readJws(token('x'.repeat(90_000)), rules))).toBe('accepted')
  expect(outcomeOf(() => readJws(token('x'.repeat(100_000)), rules))).toBe('jws_too_large')
})

test('JWT-3.11-1 a kind is left out only where the rules allow it, and another kind is refused all the same', () => {
  const kindless = signed({ alg: 'ES256' })
  expect(outcomeOf(() => readJws(kindless, rules))).toBe('jws_typ_unexpected')
  const lax = { ...rules, typ: 'JWT', typAbsent: 'allowed' } as const
  expect(readJws(kindless, lax).header.typ).toBe('JWT')
  expect(outcomeOf(() => readJws(signed(header), lax))).toBe('jws_typ_unexpected')
  expect(outcomeOf(() => readJws(signed({ alg: 'ES256', typ: null }), lax))).toBe('jws_typ_unexpected')
})
