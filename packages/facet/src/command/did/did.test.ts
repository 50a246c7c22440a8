import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { generateKey } from '@facet-id/crypto/node'
import { beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../../config/temporary-directory.test-support.ts'
import { fakeTerminal } from '../../terminal/terminal.test-support.ts'
import { main } from '../main.ts'

const directory = temporaryDirectory()
const passphrase = 'correct horse battery staple'

beforeEach(() => writeFile(directory.in('passphrase'), `${passphrase}\n`, { mode: 0o600 }))

async function facet(
  argv: readonly string[],
  {
    answers,
    environment,
  }: { answers?: readonly string[]; environment?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const secrets = environment ?? { FACET_KEYS_PASSPHRASE_FILE: directory.in('passphrase') }
  const terminal = fakeTerminal(secrets, answers)
  const code = await main(argv, terminal)
  return { code, ...terminal.printed }
}

const did = (...argv: readonly string[]) => facet(['did', ...argv, '--data', directory.in('dids')])

/** What a command says to programs. */
async function told(...argv: readonly string[]) {
  const { code, out, err } = await did(...argv, '--json')
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out)
}

const webvh = ['--method', 'webvh', '--domain', 'issuer.example'] as const

test('DMG-44 a did:webvh in the course of its life', async () => {
  const made = await told('create', ...webvh, '--portable', '--alias', 'issuer')
  expect(made.did).toMatch(/^did:webvh:Qm\w+:issuer\.example$/)
  expect(await told('rotate', 'issuer', '--overlap', '30')).toMatchObject({ revision: 2 })
  const service = ['--id', 'desk', '--type', 'Desk', '--endpoint', 'https://issuer.example/desk']
  expect((await told('add-service', made.did, ...service)).services).toHaveLength(1)
  expect((await told('remove-service', 'issuer', '--id', 'desk')).services).toEqual([])
  const moved = await told('move', 'issuer', '--domain', 'other.example', '--path', 'a/b')
  expect(moved.did).toMatch(/:other\.example:a:b$/)
  expect((await told('show', 'issuer')).document).toMatchObject({ id: moved.did, alsoKnownAs: [made.did] })
  const { files } = await told('publish', 'issuer', '--out', directory.in('site'))
  expect(files).toEqual([directory.in('site/a/b/did.jsonl')])
  expect((await readFile(files[0], 'utf8')).trim().split('\n')).toHaveLength(5)
  expect(await told('deactivate', 'issuer', '--yes')).toMatchObject({ deactivatedAt: expect.any(Number) })
  expect((await did('rotate', 'issuer')).err).toContain('[did_deactivated]')
  const listed = await did('list')
  expect(listed.out).toContain('given up')
  expect(listed.out).toContain(moved.did)
})

test('DMG-44, DMG-14 witnesses that are kept here sign what they are shown', async () => {
  const one = await told('create', '--method', 'key', '--alg', 'EdDSA')
  const two = await told('create', '--method', 'key', '--alg', 'EdDSA')
  const witnesses = ['--witness', one.did, '--witness', two.did]
  await told('create', ...webvh, ...witnesses, '--alias', 'issuer')
  await told('rotate', 'issuer')
  expect((await told('publish', 'issuer', '--out', directory.in('site'))).files).toEqual([
    directory.in('site/.well-known/did-witness.json'),
    directory.in('site/.well-known/did.jsonl'),
  ])
})

test('DMG-44, DMG-47 a DID goes to another data directory, sealed', async () => {
  const made = await told('create', ...webvh, '--alias', 'issuer')
  await told('export', 'issuer', '--out', directory.in('issuer.did'))
  const text = await readFile(directory.in('issuer.did'), 'utf8')
  expect(text).not.toContain('"d"')
  expect(text).not.toContain(passphrase)
  if (process.platform !== 'win32') expect((await stat(directory.in('issuer.did'))).mode & 0o077).toBe(0)
  const there = (...argv: readonly string[]) => facet(['did', ...argv, '--data', directory.in('there')])
  expect((await there('import', directory.in('issuer.did'))).code).toBe(0)
  expect((await there('rotate', 'issuer')).code).toBe(0)
  expect((await there('show', 'issuer')).out).toContain(made.did)
  expect((await there('import', directory.in('issuer.did'))).err).toContain('[alias_taken]')
  await writeFile(directory.in('passphrase'), 'another\n', { mode: 0o600 })
  const wrong = await facet(['did', 'import', directory.in('issuer.did'), '--data', directory.in('third')])
  expect(wrong.err).toContain('[passphrase_wrong]')
})

test.each([
  [['create', '--method', 'ethr'], 'not_supported'],
  [['create', '--method', 'web'], 'wish_malformed'],
  [['create', '--method', 'web', '--domain', '127.0.0.1'], 'did_malformed'],
  [['create', '--method', 'key', '--domain', 'issuer.example'], 'not_supported'],
  [['create', '--alg', 'RS256'], 'not_supported'],
  [['create', '--alias', 'a b'], 'alias_malformed'],
  [['create', '--keys', 'cloud:one'], 'usage'],
  [['show', 'nobody'], 'did_not_kept'],
  [['rotate', 'nobody'], 'did_not_kept'],
  [['rotate'], 'usage'],
  [['add-service', 'nobody', '--id', 'x'], 'usage'],
  [['deactivate', 'nobody'], 'usage'],
  [['export', 'nobody', '--out', 'x.did'], 'did_not_kept'],
  [['publish', 'nobody'], 'usage'],
  [['import', 'no-such-file'], 'key_file_unusable'],
  [['vanish'], 'usage'],
])('DMG-44 facet did %j is refused with %s, and makes nothing', async (argv, code) => {
  const { out, err, code: exit } = await did(...argv)
  expect([exit, out]).toEqual([1, ''])
  expect(err).toContain(`[${code}]`)
  const left = await did('list', '--json')
  expect(JSON.parse(left.out)).toEqual({ dids: [] })
})

test('DMG-44 what is shown of a DID to people is in lines, and a document that they can copy', async () => {
  const { document } = await told('create', ...webvh, '--alias', 'issuer').then(() => told('show', 'issuer'))
  const { out } = await did('show', 'issuer')
  expect(out).not.toContain('\\u000a')
  expect(JSON.parse(out.slice(out.indexOf('document: ') + 'document: '.length))).toEqual(document)
})

test('DMG-8 the world is sent to no unprotected address, unless in development', async () => {
  await told('create', '--method', 'web', '--domain', 'issuer.example', '--alias', 'issuer')
  for (const endpoint of ['http://foo', 'ws://foo/bar', 'http://localhost:1']) {
    const add = ['add-service', 'issuer', '--id', 'desk', '--type', 'Desk', '--endpoint', endpoint]
    const { code, err } = await did(...add)
    expect([code, err]).toEqual([1, expect.stringMatching(/https:.*\[wish_malformed\]/)])
    expect((await told('show', 'issuer')).services).toEqual([])
    expect((await told(...add, '--development')).services).toHaveLength(1)
    await told('remove-service', 'issuer', '--id', 'desk')
  }
})

test.each([
  [['did:web:witness.example'], /number 1 is none/],
  [['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH', 'did:key:zzz'], /number 2 is none/],
  [['did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'], /on Ed25519/],
  [Array<string>(2).fill('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'), /named once/],
])('DMG-44 witnesses %j are refused, and it is said why', async (witnesses, why) => {
  const named = witnesses.flatMap((witness) => ['--witness', witness])
  const { code, err } = await did('create', ...webvh, ...named)
  expect([code, err]).toEqual([1, expect.stringMatching(why)])
  expect(err).toContain('[wish_malformed]')
})

test('DMG-44 what never changes says so', async () => {
  await told('create', '--alias', 'me')
  for (const argv of [
    ['rotate', 'me'],
    ['deactivate', 'me', '--yes'],
    ['move', 'me', '--domain', 'a.example'],
  ]) {
    expect((await did(...argv)).err).toContain('[did_immutable]')
  }
  expect((await did('publish', 'me', '--out', directory.in('site'))).err).toContain('[did_not_kept]')
})

test('DMG-44 nothing is given up before the person said yes', async () => {
  await told('create', '--method', 'web', '--domain', 'issuer.example', '--alias', 'issuer')
  const asked = await facet(['did', 'deactivate', 'issuer', '--data', directory.in('dids')], {
    answers: ['no'],
  })
  expect(asked.err).toContain('[usage]')
  expect((await told('show', 'issuer')).document).not.toBeNull()
  const agreed = await facet(['did', 'deactivate', 'issuer', '--data', directory.in('dids')], {
    answers: ['yes'],
  })
  expect(agreed.code).toBe(0)
  expect((await told('show', 'issuer')).document).toBeNull()
})

test('DMG-44, DMG-3, DMG-9 a DID whose keys are in a keyring, which has no more keys than sign', async () => {
  const left = async () => (await readdir(directory.in('ring'))).filter((name) => name.endsWith('.key.json'))
  const keys = ['--keys', `keyring:${directory.in('ring')}`]
  await told('create', '--method', 'web', '--domain', 'issuer.example', '--alias', 'issuer', ...keys)
  const first = await left()
  expect(first).toHaveLength(2)
  expect((await did('create', '--alias', 'issuer', ...keys)).code).toBe(1)
  expect(await left()).toEqual(first)
  expect(await told('rotate', 'issuer', ...keys)).toMatchObject({ revision: 2 })
  expect(await left()).toHaveLength(2)
  for (const name of first) expect(await left()).not.toContain(name)
  await told('deactivate', 'issuer', '--yes', ...keys)
  expect(await left()).toEqual([])
})

test('DMG-3 keys that could not be destroyed are told of, and destroyed once their holder is named again', async () => {
  const left = async () => (await readdir(directory.in('ring'))).filter((name) => name.endsWith('.key.json'))
  const keys = ['--keys', `keyring:${directory.in('ring')}`]
  await told('create', '--method', 'web', '--domain', 'issuer.example', '--alias', 'issuer', ...keys)
  const { code, err } = await did('rotate', 'issuer')
  expect(code).toBe(0)
  expect(err).toMatch(/^facet: 2 private keys .* name it with --keys\n$/)
  expect(await left()).toHaveLength(2)
  await told('rotate', 'issuer', ...keys)
  expect(await left()).toHaveLength(2)
  expect((await did('list')).err).toBe('')
  await told('deactivate', 'issuer', '--yes', ...keys)
  expect(await left()).toEqual([])
})

test('DMG-45 how a DID is resolved is told step by step', async () => {
  const { did: made } = await told('create', '--method', 'key')
  const good = await facet(['did', 'explain', made])
  expect(good.code).toBe(0)
  expect(good.out).toMatch(/✓ The syntax is that of a DID\./)
  expect(good.out).toMatch(/Nothing is fetched/)
  expect(good.out).toMatch(/Key did:key:\S+: P-256, for .*assertionMethod/)
  const data = JSON.parse((await facet(['did', 'explain', made, '--json'])).out)
  expect(data.didDocument.id).toBe(made)
  expect(data.steps.length).toBeGreaterThan(3)

  const gone = await facet(['did', 'explain', 'did:web:127.0.0.1'])
  expect(gone.code).toBe(1)
  expect(gone.out).toMatch(/✗ .*domain/)
  expect((await facet(['did', 'explain', 'did:ethr:0x1'])).out).toMatch(
    /✗ No rule is known for the method "ethr"/,
  )
  expect((await facet(['did', 'explain', 'nonsense'])).code).toBe(1)
})

test('DMG-45 a DID is resolved, or the command says why not', async () => {
  const { did: made } = await told('create')
  expect(JSON.parse((await facet(['did', 'resolve', made, '--json'])).out).didDocument.id).toBe(made)
  expect((await facet(['did', 'resolve', made])).out).toContain('"verificationMethod"')
  const refused = await facet(['did', 'resolve', 'did:key:zzz'])
  expect([refused.code, refused.out]).toEqual([1, ''])
  expect(refused.err).toContain('[did_not_resolved]')
})

test('DMG-47 keys are made and converted in files, under a passphrase from a file or typed twice', async () => {
  const sealed = directory.in('one.json')
  expect((await facet(['key', 'create', '--out', sealed])).code).toBe(0)
  const pem = directory.in('one.pem')
  expect((await facet(['key', 'convert', sealed, '--to', 'pem', '--out', pem])).code).toBe(0)
  expect(await readFile(pem, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  const typed = { environment: {}, answers: ['typed', 'typed'] }
  expect((await facet(['key', 'create', '--out', directory.in('two.json')], typed)).code).toBe(0)
  const twice = { environment: {}, answers: ['typed', 'otherwise'] }
  const differing = await facet(['key', 'create', '--out', directory.in('three.json')], twice)
  expect(differing.err).toContain('[passphrase_mismatch]')
  expect((await readdir(directory.path)).filter((name) => name === 'three.json')).toEqual([])
  const nobody = await facet(['key', 'create', '--out', directory.in('four.json')], { environment: {} })
  expect(nobody.err).toContain('[passphrase_missing]')
  expect((await facet(['key', 'create', '--out', sealed])).err).toContain('[key_file_unusable]')
})

test('DMG-47 no option takes a passphrase or a PIN, and no error shows the key of a file', async () => {
  for (const option of ['--passphrase', '--pin']) {
    expect((await facet(['key', 'create', option, 'secret', '--out', 'x'])).err).toContain('[usage]')
    expect((await did('create', option, 'secret')).err).toContain('[usage]')
  }
  const { privateJwk } = generateKey()
  await writeFile(directory.in('open.json'), JSON.stringify({ ...privateJwk, x: privateJwk.y }), {
    mode: 0o600,
  })
  const { err } = await facet(['key', 'convert', directory.in('open.json'), '--to', 'sealed', '--out', 'x'], {
    environment: { FACET_KEYS_PASSPHRASE_FILE: directory.in('passphrase'), FACET_TRACE: '1' },
  })
  expect(err).toContain('[key_file_malformed]')
  expect(err).not.toContain(privateJwk.d)
})

test('DMG-48, DMG-44, DMG-14 witnesses that are kept elsewhere are asked through a folder, and nothing changes without them', async () => {
  const there = (...argv: readonly string[]) => facet(['did', ...argv, '--data', directory.in('witness')])
  const witness = JSON.parse((await there('create', '--method', 'key', '--alg', 'EdDSA', '--json')).out).did
  const folder = directory.in('asked')
  const asked = (wait: number) => ['--witness-folder', folder, '--wait', String(wait)]
  const create = ['create', ...webvh, '--witness', witness, '--alias', 'witnessed']
  expect((await did(...create, ...asked(0))).err).toContain('[witness_missing]')
  expect(await readdir(folder)).toEqual([])
  expect((await did('show', 'witnessed')).err).toContain('[did_')

  /** Answers the next question that is laid into the folder, as an operator elsewhere would. */
  const answered = async (...argv: readonly string[]) => {
    for (;;) {
      const [name] = (await readdir(folder)).filter((file) => file.endsWith('.request.json'))
      if (name !== undefined) return there('witness', `${folder}/${name}`, ...argv)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const [made, first] = await Promise.all([told(...create, ...asked(60)), answered('--yes')])
  expect([first.code, first.out]).toEqual([0, expect.stringContaining(`did: ${made.did}\n`)])
  const [rotated] = await Promise.all([told('rotate', 'witnessed', ...asked(60)), answered('--yes')])
  expect(rotated).toMatchObject({ revision: 2 })
  expect(await readdir(folder)).toEqual([])
  const { files } = await told('publish', 'witnessed', '--out', directory.in('witnessed-site'))
  expect(files).toHaveLength(2)

  // A witness that does not agree signs nothing, and one that is asked falsely finds out.
  const [refused, unsigned] = await Promise.all([did('rotate', 'witnessed', ...asked(2)), answered()])
  expect(unsigned.code).toBe(1)
  expect(refused.err).toContain('[witness_missing]')
  const untrue = directory.in('false.request.json')
  const question = { witness, did: made.did, versionId: '9-Qm', created: 1, lines: ['{"versionId":"2-Qm"}'] }
  for (const text of [JSON.stringify(question), '{}', 'no JSON']) {
    await writeFile(untrue, text)
    expect((await there('witness', untrue, '--yes')).err).toContain('[file_unusable]')
  }
  await writeFile(
    untrue,
    JSON.stringify({ ...question, lines: ['{"versionId":"9-Qm"}'], witness: 'did:key:z6Mk' }),
  )
  expect((await there('witness', untrue, '--yes')).code).toBe(1)
})
