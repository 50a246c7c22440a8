/** Encrypted messages that would make their reader work: none of the work is done. */
import { writeBase64url, writeBase64urlText } from '@facet-id/credential/base64url'
import { type Jwe, jweEncryptions, type OpenJwe, readJwe } from '@facet-id/credential/jwe'
import { generateEncryptionKey, jweOpenerOf, random, sealJwe } from '@facet-id/crypto/node'
import { jweOpenerOf as portableOpener } from '@facet-id/crypto/portable'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'

const { publicJwk, privateJwk } = generateEncryptionKey()
const rules = { encs: jweEncryptions, maxBytes: 100_000 }

/** Opens as a receiver does, and counts how often a key was used. */
function receiver(open: OpenJwe) {
  let uses = 0
  return {
    receive: async (text: string): Promise<Uint8Array> => {
      const jwe = readJwe(text, rules)
      uses++
      return open(jwe)
    },
    uses: () => uses,
  }
}

/** An honest message with members of its header changed. */
async function withHeader(change: object): Promise<string> {
  const honest = await sealJwe(random(100), { key: publicJwk, enc: 'A256GCM' })
  const [head = '', ...rest] = honest.split('.')
  const header: object = { ...JSON.parse(Buffer.from(head, 'base64url').toString()), ...change }
  return [writeBase64urlText(JSON.stringify(header)), ...rest].join('.')
}

const costly = { p2c: 2 ** 31 - 1, p2s: writeBase64url(random(16)) }

test.each([
  ['PBES2-HS256+A128KW', 'jwe_alg_not_allowed', { alg: 'PBES2-HS256+A128KW', ...costly }],
  ['PBES2-HS512+A256KW', 'jwe_alg_not_allowed', { alg: 'PBES2-HS512+A256KW', ...costly }],
  ['RSA-OAEP', 'jwe_alg_not_allowed', { alg: 'RSA-OAEP' }],
  ['RSA1_5', 'jwe_alg_not_allowed', { alg: 'RSA1_5' }],
  ['dir', 'jwe_alg_not_allowed', { alg: 'dir' }],
  ['compressed contents', 'jwe_header_forbidden', { zip: 'DEF' }],
  ['compressed contents, and a cost', 'jwe_header_forbidden', { zip: 'DEF', ...costly }],
])('ATK-11 %s is refused while no key is at hand', async (_, code, change) => {
  const { receive, uses } = receiver(jweOpenerOf(privateJwk))
  const text = await withHeader(change)
  for (let times = 0; times < 1000; times++) expect(await outcomeOf(() => receive(text))).toBe(code)
  expect(uses()).toBe(0)
})

test('ATK-11 what a caller made by hand opens no other way either', async () => {
  const jwe = readJwe(await sealJwe(random(10), { key: publicJwk, enc: 'A128GCM' }), rules)
  const header: object = { ...jwe.header, alg: 'PBES2-HS256+A128KW', ...costly }
  const protectedText = writeBase64urlText(JSON.stringify(header))
  const strayed: object = { ...jwe, header, protectedText }
  for (const open of [jweOpenerOf(privateJwk), portableOpener(privateJwk)]) {
    expect(await outcomeOf(async () => open(strayed as Jwe))).toBe('jwe_broken')
  }
})

test('ATK-11 a megabyte is refused before it is decoded, and a bomb stays as small as it came', async () => {
  const { receive, uses } = receiver(jweOpenerOf(privateJwk))
  expect(await outcomeOf(() => receive('.'.repeat(2 ** 20)))).toBe('jwe_too_large')
  expect(uses()).toBe(0)
  // Nothing inflates: what comes out is as long as what came in.
  const zeros = await sealJwe(new Uint8Array(50_000), { key: publicJwk, enc: 'A128GCM' })
  expect(await receive(zeros)).toHaveLength(50_000)
})
