import { writeFile } from 'node:fs/promises'
import { utf8, writeBase64urlText } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { type JwsAlgorithm, writeJws, writeSigningInput, writeX5c } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  conceal,
  splitSdJwt,
  writeKeyBindingInput,
  writeSdJwt,
  writeSdJwtJson,
} from '@facet-id/credential/sd-jwt'
import { createStatusBits, setStatus } from '@facet-id/credential/status-list'
import {
  deflate,
  generateEncryptionKey,
  generateKey,
  hash,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import { writeStatusListInput } from '@facet-id/protocol/token-status-list'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { systemClock } from '../clock.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

const directory = temporaryDirectory()
const now = systemClock.now()
const holder = generateKey()

interface Making {
  readonly alg?: JwsAlgorithm
  readonly header?: JsonObject
  readonly claims?: JsonObject
  /** Names of the disclosures that are shown; all when absent. */
  readonly shown?: number
  readonly bound?: boolean
  readonly issuer?: ReturnType<typeof generateKey>
}

async function credential(making: Making = {}) {
  const { alg = 'ES256', header = {}, claims = {}, shown, bound = true, issuer = generateKey(alg) } = making
  const did = writeDidJwk(issuer.publicJwk)
  const all: JsonObject = {
    iss: did,
    vct: 'urn:facet:test:person',
    iat: now - 3600,
    exp: now + 864_000,
    cnf: { jwk: { ...holder.publicJwk } },
    status: { status_list: { idx: 7, uri: 'https://issuer.example/status-lists/1' } },
    family_name: 'Eriksson',
    nationalities: ['UTO', 'ZZZ'],
    ...claims,
  }
  const frame = { _sd: ['family_name'], _sd_decoy: 2, nationalities: { _sd: [0, 1] } }
  const { payload, disclosures } = conceal(all, frame, { hash, random })
  const input = writeSigningInput({ alg, typ: 'dc+sd-jwt', kid: `${did}#0`, ...header }, payload)
  const jwt = writeJws(input, await signerOf(issuer.privateJwk).sign(utf8(input)))
  const sdJwt = writeSdJwt(jwt, disclosures.slice(0, shown ?? disclosures.length))
  if (!bound) return { text: sdJwt, issuer, disclosures }
  const binding = writeKeyBindingInput({
    sdJwt,
    nonce: 'n',
    audience: 'decentralized_identifier:did:example:verifier',
    issuedAt: now,
    alg: 'ES256',
    sdAlg: 'sha-256',
    hash,
  })
  const kb = writeJws(binding, signerOf(holder.privateJwk).sign(utf8(binding)))
  return { text: sdJwt + kb, issuer, disclosures }
}

async function inspected(...argv: readonly string[]) {
  const terminal = fakeTerminal()
  const code = await main(['inspect', ...argv], terminal)
  return { code, ...terminal.printed }
}

async function asData(...argv: readonly string[]) {
  const { out, code } = await inspected(...argv, '--json')
  expect(code).toBe(0)
  return JSON.parse(out)
}

const outcomes = (checks: readonly { code: string; outcome: string }[]) =>
  Object.fromEntries(checks.map(({ code, outcome }) => [code, outcome]))

test('FCT-INSPECT a presentation is told in words: header, claims, what is disclosed and concealed, key binding, times, checks', async () => {
  const { text } = await credential({ shown: 1 })
  const { code, out, err } = await inspected(text)
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('This is an SD-JWT with key binding.')
  expect(out).toMatch(/^ {2}typ: "dc\+sd-jwt"$/m)
  expect(out).toMatch(/^ {2}vct: "urn:facet:test:person"$/m)
  expect(out).toMatch(/^Disclosed: 1; concealed: \d+$/m)
  expect(out).toMatch(/= "(?:Eriksson|UTO|ZZZ)"/)
  expect(out).toMatch(/^ {2}aud: "decentralized_identifier:did:example:verifier"$/m)
  expect(out).toMatch(/^ {2}expires: .*Z \(in 10 days\)$/m)
  expect(out).toMatch(/✓ issuer_signature: .*valid/)
  expect(out).toMatch(/✓ holder_signature: .*valid/)
  expect(out).toMatch(/– status: Nothing is fetched here/)
  expect(out).toContain('✓ It reads what we read.')
  expect(out).not.toContain('✗')
})

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'FCT-INSPECT a credential by %s is verified offline under the key of its did:jwk, and both engines agree',
  async (alg) => {
    const { text } = await credential({ alg, bound: false })
    const { token, checks, secondEngine } = await asData(text)
    expect(token).toMatchObject({ kind: 'SD-JWT', claims: { family_name: 'Eriksson' } })
    // Two decoys were asked for: there are two to four, by chance.
    expect([2, 3, 4]).toContain(token.concealed)
    expect(token.disclosures.map(({ at }: { at: unknown }) => at)).toEqual(
      expect.arrayContaining([['family_name'], ['nationalities', 0], ['nationalities', 1]]),
    )
    expect(outcomes(checks)).toMatchObject({
      format: 'pass',
      issuer_signature: 'pass',
      disclosures: 'pass',
      validity: 'pass',
      trust: 'skipped',
      status: 'skipped',
      nonce: 'skipped',
    })
    expect(secondEngine).toMatchObject({ reads: true, verifies: true, differences: [] })
    expect(secondEngine.claims).toEqual(token.claims)
  },
)

test('FCT-INSPECT a key in a file verifies what names no key that can be had offline, and another key refutes it', async () => {
  const { text, issuer } = await credential({
    header: { kid: 'did:web:issuer.example#0' },
    claims: { iss: 'did:web:issuer.example' },
  })
  expect(outcomes((await asData(text)).checks)).toMatchObject({
    issuer_key: 'undetermined',
    issuer_signature: 'skipped',
  })
  const [right, wrong, secret] = ['right', 'wrong', 'private'].map((name) => directory.in(name))
  await writeFile(right ?? '', JSON.stringify(issuer.publicJwk))
  await writeFile(wrong ?? '', JSON.stringify(generateKey().publicJwk))
  await writeFile(secret ?? '', JSON.stringify(issuer.privateJwk))
  const held = await asData(text, '--key', right ?? '')
  expect(outcomes(held.checks)).toMatchObject({ issuer_signature: 'pass' })
  const refuted = await asData(text, '--key', wrong ?? '')
  expect(outcomes(refuted.checks)).toMatchObject({ issuer_signature: 'fail' })
  expect(refuted.secondEngine).toMatchObject({ verifies: false, differences: [] })
  expect(await inspected(text, '--key', secret ?? '')).toMatchObject({
    code: 1,
    err: expect.stringContaining('[jwk_private]'),
  })
  expect(await inspected(text, '--key', directory.in('none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('[file_unusable]'),
  })
})

async function certified() {
  const issuer = generateKey()
  const authority = { directory: directory.in('ca'), environment: {}, now: () => now }
  await createAuthority(authority, { name: 'Authority of Utopia', days: 100 })
  const wishes = { purpose: 'issuer', name: 'Ministry', dns: ['issuer.example'], days: 10 } as const
  const { der } = await issueCertificate(authority, { ...wishes, key: issuer.publicJwk })
  return { issuer, x5c: writeX5c([der]) }
}

test('FCT-INSPECT-2 a credential with certificates is whole under its certificate, which is told in its own words and trusted for nothing', async () => {
  const { issuer, x5c } = await certified()
  const { text } = await credential({ issuer, header: { x5c }, bound: false })
  const { chain, checks, secondEngine } = await asData(text)
  expect(chain).toMatchObject([
    {
      subject: expect.stringContaining('O=Ministry'),
      issuer: expect.stringContaining('Authority of Utopia'),
    },
  ])
  expect(outcomes(checks)).toMatchObject({
    format: 'pass',
    issuer_key: 'skipped',
    issuer_signature: 'pass',
    trust: 'skipped',
  })
  expect(secondEngine).toMatchObject({ verifies: true, differences: [] })
  const { out } = await inspected(text)
  expect(out).toContain('These are their own words')
  expect(out).not.toContain('✗')

  const { text: forged } = await credential({ header: { x5c }, bound: false })
  expect(outcomes((await asData(forged)).checks)).toMatchObject({ issuer_signature: 'fail' })
  const { text: broken } = await credential({ header: { x5c: ['AAAA'] }, bound: false })
  const unread = await asData(broken)
  expect(unread.chain).toEqual({ unreadable: 'der_malformed' })
  expect(outcomes(unread.checks)).toMatchObject({ issuer_key: 'fail', issuer_signature: 'skipped' })
})

test('FCT-INSPECT-2 an issuer known by its address is asked for a key, and the key that is given is called the word of who gave it', async () => {
  const made = { header: { kid: 'one' }, claims: { iss: 'https://issuer.example' }, bound: false }
  const { text, issuer } = await credential(made)
  expect(outcomes((await asData(text)).checks)).toMatchObject({ format: 'pass', issuer_key: 'undetermined' })
  const file = directory.in('address')
  await writeFile(file, JSON.stringify(issuer.publicJwk))
  const { checks, secondEngine } = await asData(text, '--key', file)
  expect(outcomes(checks)).toMatchObject({ issuer_key: 'skipped', issuer_signature: 'pass' })
  expect(secondEngine).toMatchObject({ verifies: true, differences: [] })
  const { out } = await inspected(text, '--key', file)
  expect(out).toContain('is the word of who gave it')
})

test.each(['flattened', 'general'] as const)(
  'FCT-INSPECT-2 an SD-JWT in %s JSON form is told like the compact one that it stands for',
  async (form) => {
    const { text } = await credential()
    const { jwt, disclosures, keyBindingJwt = '' } = splitSdJwt(text)
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    const signatures = [{ protected: header, signature }]
    const json = writeSdJwtJson({ form, payload, signatures, disclosures, keyBindingJwt })
    const told = await asData(json)
    expect(told).toEqual({ signatures: 1, ...(await asData(text)) })
    expect((await inspected(json)).out).toContain('It is in JSON form')
    const refused = await inspected(json.replace('"disclosures"', '"x"'))
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('[sd_jwt_malformed]') })
  },
)

test('FCT-INSPECT-2 of an encrypted message the header is told, and whether a reader of ours would take it', async () => {
  const { publicJwk } = generateEncryptionKey()
  const jwe = await sealJwe(utf8('Eriksson'), { key: { ...publicJwk, kid: 'k' }, enc: 'A256GCM' })
  const { token, checks, ...rest } = await asData(jwe)
  expect(token).toMatchObject({
    kind: 'encrypted message',
    header: { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'k' },
  })
  expect([outcomes(checks), rest]).toEqual([{ format: 'pass', contents: 'skipped' }, {}])
  expect((await inspected(jwe)).out).toContain('This is an encrypted message.')
  const other = `${writeBase64urlText('{"alg":"RSA1_5","enc":"A256GCM"}')}.AA.AA.AA.AA`
  expect(outcomes((await asData(other)).checks)).toEqual({ format: 'fail', contents: 'skipped' })
})

test('FCT-INSPECT where we refuse what the second engine takes, the difference is named', async () => {
  const { text, disclosures } = await credential({ bound: false })
  const twice = `${text}${disclosures[0]}~`
  const repeated = await asData(twice)
  expect(repeated).not.toHaveProperty('token')
  expect(repeated.checks).toMatchObject([
    { code: 'format', outcome: 'fail', text: expect.stringContaining('disclosure_repeated') },
  ])
  expect(repeated.secondEngine.differences).toEqual(['We refuse the token, and the second engine reads it.'])
  expect((await inspected(twice)).out).toMatch(/^ {2}family_name: "Eriksson"$/m)

  const typed = await asData((await credential({ header: { typ: 'JWT' }, bound: false })).text)
  expect(outcomes(typed.checks)).toMatchObject({ format: 'fail' })
  expect(typed.secondEngine.differences).toEqual([
    'We refuse the token (format), and the second engine takes it.',
  ])
})

test('FCT-INSPECT what was changed or has expired is told by both', async () => {
  const { text } = await credential({ claims: { exp: now - 100 }, bound: false })
  const expired = await asData(text)
  expect(outcomes(expired.checks)).toMatchObject({ validity: 'fail', issuer_signature: 'pass' })
  expect(expired.secondEngine).toMatchObject({ verifies: false, differences: [] })
  const [jwt = '', ...rest] = text.split('~')
  const changed = [jwt.replace(/\.[^.]{8}([^.]*)$/, '.AAAAAAAA$1'), ...rest].join('~')
  const forged = await asData(changed)
  expect(outcomes(forged.checks)).toMatchObject({ issuer_signature: 'fail' })
  expect(forged.secondEngine).toMatchObject({ verifies: false, differences: [] })
})

test('FCT-INSPECT a status list is told by how many entries say what', async () => {
  const issuer = generateKey()
  const did = writeDidJwk(issuer.publicJwk)
  const bits = createStatusBits(1000, 2)
  for (const [index, status] of [
    [1, 1],
    [7, 1],
    [8, 2],
    [9, 3],
  ] as const)
    setStatus(bits, 2, index, status)
  const claims = {
    uri: 'https://issuer.example/1',
    iat: now,
    exp: now + 86_400,
    ttl: 300,
    bits: 2 as const,
    lst: await deflate(bits),
  }
  const input = writeStatusListInput(claims, `${did}#0`, 'ES256')
  const jwt = writeJws(input, signerOf(issuer.privateJwk).sign(utf8(input)))
  const { token, list, checks } = await asData(jwt)
  expect(token.kind).toBe('status list token')
  expect(list).toEqual({
    bits: 2,
    entries: 1000,
    counts: { valid: 996, invalid: 2, suspended: 1, application_specific: 1 },
  })
  expect(outcomes(checks)).toEqual({ format: 'pass', signature: 'pass', validity: 'pass' })
  const { out } = await inspected(jwt)
  expect(out).toMatch(/1000 entries of 2 bit/)
  expect(out).toMatch(/to be fetched again after 300 s/)
  const none = writeSigningInput(
    { alg: 'ES256', typ: 'statuslist+jwt', kid: `${did}#0` },
    { sub: 'x:y', iat: now, status_list: { bits: 3, lst: 'AA' } },
  )
  const broken = await asData(writeJws(none, signerOf(issuer.privateJwk).sign(utf8(none))))
  expect(broken).not.toHaveProperty('list')
  expect(outcomes(broken.checks)).toMatchObject({ status_list: 'fail' })
})

test('FCT-INSPECT a token that brings its key along is told to show no more than that', async () => {
  const { publicJwk, privateJwk } = generateKey('EdDSA')
  const input = writeSigningInput(
    { alg: 'EdDSA', typ: 'openid4vci-proof+jwt', jwk: { ...publicJwk } },
    { aud: 'https://issuer.example', iat: now },
  )
  const jwt = writeJws(input, await signerOf(privateJwk).sign(utf8(input)))
  const { out } = await inspected(jwt)
  expect(out).toMatch(/✓ signature: .*the key that it brings along, whoever has it/)
  const unsigned = `${writeBase64urlText('{"alg":"none","typ":"JWT"}')}.${writeBase64urlText('{"admin":true}')}.`
  const { checks, secondEngine } = await asData(unsigned)
  expect(checks[0]).toMatchObject({ code: 'format', outcome: 'fail', reason: 'jws_alg_not_allowed' })
  expect(secondEngine.reads).toBe(true)
})

test('FCT-INSPECT, FCT-16 text of strangers cannot command the terminal, in words or as data', async () => {
  const hostile = '\u001b[2J\u0007\n\u202e\u009b31m\u2028✓ issuer_signature: valid'
  const claims = { family_name: hostile, [hostile]: hostile, nbf: 1e300 }
  const { text } = await credential({ claims, header: { note: hostile }, bound: false })
  for (const way of [[], ['--json']]) {
    const { code, out } = await inspected(text, ...way)
    expect(code).toBe(0)
    const obeyed = ['\u001b', '\u0007', '\u009b', '\u202e', '\u2028']
    expect(obeyed.filter((character) => out.includes(character))).toEqual([])
    expect(out.split('\n').filter((line) => /^ *✓ issuer_signature: valid/.test(line))).toEqual([])
  }
})

test('FCT-INSPECT a token is taken from the command line, from a file and from the input alike', async () => {
  const { text } = await credential({ bound: false })
  const file = directory.in('credential')
  await writeFile(file, `\n${text}\n`)
  const terminal = Object.assign(fakeTerminal(), {})
  const input = terminal.input as unknown as NodeJS.WritableStream
  input.end(text)
  expect(await main(['inspect', '-', '--json'], terminal)).toBe(0)
  const told = [
    terminal.printed.out,
    (await inspected(text, '--json')).out,
    (await inspected(file, '--json')).out,
  ]
  expect(new Set(told.map((out) => JSON.stringify(JSON.parse(out).token))).size).toBe(1)
})

test.each<[string, string]>([
  ['a.b.c', 'base64url_malformed'],
  ['eyJhbGciOiJFUzI1NiJ9.bm9uZQ.AAAA', 'json_malformed'],
  [`${writeBase64urlText('{"alg":"ES256"}')}.${writeBase64urlText('"Eriksson"')}.AAAA`, 'json_not_object'],
  ['no such file', 'file_unusable'],
  ['eyJh.eyJh.AAAA~WyJFcmlrc3NvbiJd', 'sd_jwt_malformed'],
])('FCT-INSPECT, FCT-9 what neither engine can read is refused in one line: %s', async (word, code) => {
  const refused = await inspected(word)
  expect(refused).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(new RegExp(`^facet: .*\\[${code}\\]\\n$`)),
  })
  expect(refused.err).not.toContain('Eriksson')
})

test('FCT-INSPECT, FCT-9 nothing, and more than any token, is refused', async () => {
  const file = directory.in('file')
  await writeFile(file, '  \n')
  expect(await inspected(file)).toMatchObject({ code: 1, err: expect.stringContaining('[file_unusable]') })
  await writeFile(file, 'a'.repeat(5_000_000))
  expect(await inspected(file)).toMatchObject({ code: 1, err: expect.stringContaining('[file_unusable]') })
  const asking = fakeTerminal({}, [])
  expect(await main(['inspect'], asking)).toBe(1)
  expect(asking.printed.err).toContain('[usage]')
})
