import { writeFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeKeyBindingInput, writeSdJwt } from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { generateKey, hash, random, signerOf } from '@facet-id/crypto/node'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { PERSON_VCT } from '../person-type.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

const directory = temporaryDirectory()
const issuer = generateKey()
const did = writeDidJwk(issuer.publicJwk)
const now = systemClock.now()
const asked = ['--nonce', 'n', '--audience', 'a', '--issuer', did]

function presentation(claims: JsonObject = {}, nonce = 'n', by = issuer): string {
  const holder = generateKey('EdDSA')
  const iss = writeDidJwk(by.publicJwk)
  const cnf = { jwk: { ...holder.publicJwk } }
  const { signingInput, disclosures } = writeCredentialToSign(
    {
      claims: { iss, vct: PERSON_VCT, iat: now, cnf, family_name: 'Eriksson', ...claims },
      frame: { _sd: ['family_name'] },
      issuerKey: { by: 'did', kid: `${iss}#0` },
      alg: 'ES256',
    },
    { hash, random },
  )
  const jwt = writeJws(signingInput, signerOf(by.privateJwk).sign(utf8(signingInput)))
  const sdJwt = writeSdJwt(jwt, disclosures)
  const binding = {
    sdJwt,
    sdAlg: 'sha-256',
    nonce,
    audience: 'a',
    issuedAt: now,
    alg: 'EdDSA',
    hash,
  } as const
  const input = writeKeyBindingInput(binding)
  return sdJwt + writeJws(input, signerOf(holder.privateJwk).sign(utf8(input)))
}

async function judged(lines: readonly string[], ...argv: readonly string[]) {
  const file = directory.in('presentations.txt')
  await writeFile(file, `${lines.join('\n')}\n`)
  const terminal = fakeTerminal()
  const code = await main(['verifier', 'judge', file, ...argv], terminal)
  return { code, ...terminal.printed }
}

test('FCT-JUDGE each line has its verdict in order, and the totals are told, without a claim of anybody', async () => {
  const status = { status_list: { idx: 0, uri: 'https://issuer.example/1' } }
  const lines = [
    presentation(),
    presentation({}, 'other'),
    'no presentation',
    presentation({ iat: now - 7200, exp: now - 3600 }),
    presentation({}, 'n', generateKey()),
    presentation({ status }),
    presentation().replace(/.{8}$/, 'AAAAAAAA'),
    presentation(),
  ]
  const { code, out } = await judged(lines, ...asked, '--json')
  expect([code, JSON.parse(out)]).toEqual([
    1,
    {
      presentations: [
        { outcome: 'verified' },
        { outcome: 'refused', reason: 'nonce_mismatch' },
        { outcome: 'refused', reason: 'sd_jwt_malformed' },
        { outcome: 'refused', reason: 'expired' },
        { outcome: 'refused', reason: 'not_trusted' },
        { outcome: 'undetermined', reason: 'status_undetermined' },
        { outcome: 'refused', reason: 'signature_invalid' },
        { outcome: 'verified' },
      ],
      verified: 2,
      refused: 5,
      undetermined: 1,
    },
  ])
  const told = await judged(lines, ...asked)
  expect(told.out).toContain('\n2: refused [nonce_mismatch]\n')
  expect(told.out).toContain('\nverified: 2, refused: 5, undetermined: 1\n')
  expect(told.out).not.toContain('Eriksson')
})

test('FCT-JUDGE the exit code is 0 when every one of many is verified, by however many workers', async () => {
  const lines = Array.from({ length: 300 }, () => presentation())
  for (const workers of ['1', '3']) {
    const { code, out } = await judged(lines, ...asked, '--workers', workers)
    expect([code, out.endsWith('verified: 300, refused: 0, undetermined: 0\n')]).toEqual([0, true])
  }
})

test.each<[string, readonly string[]]>([
  ['no issuer', ['--nonce', 'n', '--audience', 'a']],
  ['an issuer that is no DID', ['--nonce', 'n', '--audience', 'a', '--issuer', 'https://issuer.example']],
  ['no nonce', ['--audience', 'a', '--issuer', did]],
  ['no worker', [...asked, '--workers', '0']],
  ['too many workers', [...asked, '--workers', '65']],
])('FCT-JUDGE, FCT-9 %s is refused in one line', async (_, argv) => {
  expect(await judged([presentation()], ...argv)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('[usage]'),
  })
})

test('FCT-JUDGE no line at all is no success', async () => {
  expect(await judged([], ...asked)).toMatchObject({ code: 1 })
})
