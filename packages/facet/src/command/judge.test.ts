import { writeFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeKeyBindingInput, writeSdJwt } from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { createStatusBits, setStatus } from '@facet-id/credential/status-list'
import { deflate, generateKey, hash, random, signerOf } from '@facet-id/crypto/node'
import { writeStatusListInput } from '@facet-id/protocol/token-status-list'
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
  const { presentations, ...totals } = JSON.parse(out)
  expect([code, totals]).toEqual([1, { verified: 2, refused: 5, undetermined: 1, staleness: 0 }])
  expect(presentations).toMatchObject([
    { outcome: 'verified' },
    { outcome: 'refused', reason: 'nonce_mismatch' },
    { outcome: 'refused', reason: 'sd_jwt_malformed' },
    { outcome: 'refused', reason: 'expired' },
    { outcome: 'refused', reason: 'not_trusted' },
    { outcome: 'undetermined', reason: 'status_undetermined' },
    { outcome: 'refused', reason: 'signature_invalid' },
    { outcome: 'verified' },
  ])
  expect(presentations[0]).toEqual({ outcome: 'verified' })
  const told = await judged(lines, ...asked)
  expect(told.out).toMatch(/\n2: refused \[nonce_mismatch\] .+\n/)
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

const LIST = 'https://issuer.example/1'

interface List {
  readonly by?: typeof issuer
  readonly iat?: number
  readonly exp?: number
  readonly lst?: Uint8Array
  readonly kid?: string
}

/** Of 16 entries, of which the third is revoked. */
async function list({ by = issuer, iat = now - 3600, exp = now + 3600, ...how }: List = {}): Promise<string> {
  const bits = createStatusBits(16, 1)
  setStatus(bits, 1, 3, 1)
  const said = { uri: LIST, iat, exp, ttl: 60, bits: 1, lst: how.lst ?? (await deflate(bits)) } as const
  const input = writeStatusListInput(said, how.kid ?? `${writeDidJwk(by.publicJwk)}#0`, 'ES256')
  return writeJws(input, signerOf(by.privateJwk).sign(utf8(input)))
}

async function listFile(name: string, text: string): Promise<readonly string[]> {
  await writeFile(directory.in(name), text)
  return ['--status-list', directory.in(name)]
}

const withStatus = (idx: number, uri = LIST) => presentation({ status: { status_list: { idx, uri } } })

test('FCT-JUDGE-2 each status is read from the freshest list that has not ended, and the oldest of these is told', async () => {
  const freshest = await listFile('a', await list())
  const older = await listFile('b', await list({ iat: now - 9000, lst: await deflate(Uint8Array.of(0, 0)) }))
  const ended = await listFile(
    'c',
    await list({ iat: now - 60, exp: now - 1, lst: await deflate(new Uint8Array(2)) }),
  )
  const lines = [withStatus(1), withStatus(3), withStatus(16), withStatus(1, `${LIST}1`), presentation()]
  const read = { kind: 'status', of: LIST, asOf: now - 3600 }
  for (const lists of [
    [...freshest, ...older, ...ended],
    [...ended, ...older, ...freshest],
  ]) {
    const { presentations, staleness } = JSON.parse((await judged(lines, ...asked, ...lists, '--json')).out)
    expect(presentations).toMatchObject([
      { outcome: 'verified', status: read },
      { outcome: 'refused', reason: 'revoked', status: read },
      { outcome: 'refused', reason: 'status_refused', status: read },
      { outcome: 'undetermined', reason: 'status_undetermined' },
      { outcome: 'verified' },
    ])
    expect(staleness).toBe(presentations[0].status.age)
    expect(staleness).toBeGreaterThanOrEqual(3600)
    expect('status' in presentations[3] || 'status' in presentations[4]).toBe(false)
  }
})

test('FCT-JUDGE-2 a list that has ended says neither valid nor revoked', async () => {
  const ended = await listFile('a', await list({ exp: now - 600 }))
  const { code, out } = await judged([withStatus(1), withStatus(3)], ...asked, ...ended)
  expect(code).toBe(1)
  expect(out).toMatch(/^1: undetermined \[status_list_expired\] .*\n2: undetermined \[status_list_expired\] /)
})

test('FCT-JUDGE-2 the list of one issuer says nothing of the credentials of another', async () => {
  const other = generateKey()
  const both = [...asked, '--issuer', writeDidJwk(other.publicJwk)]
  const theirs = await listFile('a', await list({ by: other }))
  const { out } = await judged([withStatus(3)], ...both, ...theirs)
  expect(out).toMatch(/^1: undetermined \[status_undetermined\] /)
})

test.each<[string, string, () => string | Promise<string>]>([
  ['no token', 'no status list token', () => 'Eriksson'],
  ['nothing', 'no status list token', () => ''],
  ['another token', 'no status list token', () => presentation().split('~', 1)[0] ?? ''],
  ['a changed one', 'signature', async () => (await list()).replace(/.{8}$/, 'AAAAAAAA')],
  ['one of somebody else', 'none of the issuers', () => list({ by: generateKey() })],
  ['one from the future', 'future', () => list({ iat: now + 3600, exp: now + 7200 })],
  ['one that does not open', 'opened', () => list({ lst: Uint8Array.of(0x78, 0x9c, 1, 2, 3) })],
])('FCT-JUDGE-2, FCT-9 a file with %s is refused before anything is judged', async (_, why, text) => {
  const { code, out, err } = await judged([presentation()], ...asked, ...(await listFile('a', await text())))
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(
    new RegExp(`^facet: .*cannot be used as a status list: .*${why}.*\\[file_unusable\\]\n$`),
  )
  expect(err).not.toContain('Eriksson')
})

test('FCT-JUDGE-2, FCT-9 a list whose key would have to be fetched is refused', async () => {
  const elsewhere = 'did:web:issuer.example'
  const fetched = await listFile('a', await list({ kid: `${elsewhere}#0` }))
  const { code, out, err } = await judged([presentation()], ...asked, '--issuer', elsewhere, ...fetched)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/nothing is fetched \[file_unusable\]\n$/)
})

test('FCT-JUDGE-2, FCT-9 a file that is not there is refused', async () => {
  const missing = ['--status-list', directory.in('missing')]
  expect(await judged([presentation()], ...asked, ...missing)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('[file_unusable]'),
  })
})
