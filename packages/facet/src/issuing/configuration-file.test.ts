import { writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { generateKey } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate } from '../ca/authority.ts'
import { systemClock } from '../clock.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { personCredential } from '../person-credential.ts'
import { checkIssuing } from './check.ts'
import { type ReadIssuing, readIssuingFile } from './configuration-file.ts'

const directory = temporaryDirectory()
const now = systemClock.now

async function read(content: unknown, development = false): Promise<ReadIssuing> {
  const file = directory.in('issuer.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return readIssuingFile(file, { environment: {}, development, now })
}

const secret = (name: string, text = `${words}\n`) => writeFile(directory.in(name), text, { mode: 0o600 })
const words = 'a secret of thirty-two characters and more'
const asked = { subject: 'berta', configurationId: 'person', issuanceId: 'one' }
const site = { url: 'https://issuer.example', development: false, clock: systemClock }

const login = { by: 'openid', issuer: 'https://login.example', clientId: 'facet' }
const hook = { by: 'webhook', url: 'https://registry.example', secretFile: 'hook.secret' }
const file = { by: 'file', file: 'people.json' }

const degree = {
  vct: 'urn:uto:degree',
  scope: 'degree',
  display: [{ name: 'Degree', locale: 'en' }],
  claims: [{ path: ['title'], mandatory: true }],
  lifetime: 31_536_000,
  mustConceal: [['title']],
}

test('FCT-CONF-1 an empty file says nothing, and a node is as without one', async () => {
  const { options } = await read({})
  expect(options).toEqual({ knownBy: 'did' })
  expect(await checkIssuing(options, site)).toMatchObject({ configurationIds: ['person'] })
})

test('FCT-CONF-1 everything that a file may say is read, and makes an issuer', async () => {
  const ca = { directory: directory.in('ca'), environment: {}, now }
  await createAuthority(ca, { name: 'Utopia', days: 10 })
  const { serialNumber } = await issueCertificate(ca, {
    purpose: 'issuer',
    name: 'Registry',
    dns: [],
    days: 5,
  })
  const { publicJwk } = generateKey()
  await writeFile(directory.in('provider.jwk'), JSON.stringify(publicJwk))
  for (const name of ['login.secret', 'as.secret', 'hook.secret']) await secret(name)
  const { options, close } = await read({
    name: 'Registry of Utopia',
    knownBy: 'certificate',
    certificate: { chain: `ca/${serialNumber}.pem`, key: `ca/${serialNumber}.key` },
    configurations: {
      person: 'release',
      degree: {
        ...degree,
        knownBy: 'address',
        approval: 'required',
        proofs: { jwt: { keyAttestations: { key_storage: ['iso_18045_high'] } }, attestation: {} },
      },
    },
    batchSize: 20,
    statusListTtl: 60,
    secondOpinionEvery: 5,
    persons: {
      by: 'openid',
      issuer: 'https://login.example',
      clientId: 'facet',
      clientSecretFile: 'login.secret',
      scopes: ['profile'],
    },
    claims: { by: 'webhook', url: 'https://registry.example/claims', secretFile: 'hook.secret', tries: 2 },
    authorization: {
      pushedRequests: 'required',
      refreshLifetime: 600,
      clients: {
        wallet: {
          name: 'Wallet',
          redirectUris: ['https://wallet.example/cb'],
          keys: [{ ...publicJwk, kid: 'a' }],
        },
      },
      servers: [
        {
          issuer: 'https://as.example',
          tokens: 'introspection',
          audience: 'optional',
          clientId: 'us',
          clientSecretFile: 'as.secret',
        },
        { issuer: 'https://jwt.example' },
      ],
    },
    walletProviders: {
      keys: ['provider.jwk'],
      anchors: [{ file: 'ca/authority.pem', revoked: 'ca/revoked.pem' }],
    },
    keyAttesters: { keys: ['provider.jwk'] },
    didMethods: ['did:key', 'did:jwk'],
    encryption: { requests: 'required', responses: 'required' },
    notifications: true,
    deferral: { interval: 30 },
    handOver: 0,
  })
  expect(options).toMatchObject({
    name: 'Registry of Utopia',
    configurations: {
      person: personCredential,
      degree: { vct: 'urn:uto:degree', knownBy: 'address', approval: 'required', mustConceal: [['title']] },
    },
    openIdProvider: { issuer: 'https://login.example', clientSecret: words, scopes: ['profile'] },
    authorization: {
      refreshLifetime: 600,
      clients: { wallet: { keys: [{ kid: 'a', publicJwk: { x: publicJwk.x } }] } },
      servers: [
        { tokens: 'introspection', audience: 'optional' },
        { issuer: 'https://jwt.example', tokens: 'jwt' },
      ],
    },
    serverClients: { 'https://as.example': { id: 'us', secret: words } },
    encryption: { requests: 'required', responses: 'required' },
    deferral: { interval: 30 },
    handOver: 0,
  })
  const checked = await checkIssuing(options, site)
  expect(checked).toEqual({
    configurationIds: ['person', 'degree'],
    haipGaps: [
      'HAIP 6.1.1: credentials of configurations.degree and their status lists are signed by a certificate',
    ],
  })
  close()
})

test('FCT-CONF-1 times that are not the defaults reach the settings, which know their bounds', async () => {
  const { options } = await read({
    handOver: 299,
    authorization: { tokenLifetime: 299, boundTokenLifetime: 3600 },
  })
  const { authorization } = options
  expect(options).toMatchObject({
    handOver: 299,
    tokenLifetime: 299,
    authorization: { boundTokenLifetime: 3600 },
  })
  await checkIssuing(options, site)
  for (const beyond of [
    { handOver: -1 },
    { tokenLifetime: 301 },
    { authorization: { ...authorization, boundTokenLifetime: 86_401 } },
  ])
    expect(await outcomeOf(() => checkIssuing({ ...options, ...beyond }, site))).toBe('settings_invalid')
})

test('FCT-CONF-2 claims come from a database that is only read, or from a file of people that is read anew', async () => {
  const database = new DatabaseSync(directory.in('registry.sqlite'))
  database.exec(
    `CREATE TABLE person (id TEXT, given_name TEXT); INSERT INTO person VALUES ('berta', 'Berta')`,
  )
  database.close()
  const queries = { person: { text: 'SELECT given_name FROM person WHERE id = ?' } }
  const sql = await read({ claims: { by: 'sql', database: 'registry.sqlite', queries } })
  expect(await sql.options.subjectClaims?.(asked)).toEqual({
    answer: 'claims',
    claims: { given_name: 'Berta' },
  })
  expect(await sql.options.subjectClaims?.({ ...asked, subject: 'carl' })).toEqual({ answer: 'denied' })
  sql.close()

  const people = (name: string) =>
    writeFile(
      directory.in('people.json'),
      JSON.stringify({
        berta: { person: { given_name: name } },
        'https://as.example': { berta: { person: { given_name: 'Berit' } } },
      }),
    )
  await people('Berta')
  const { options } = await read({ claims: { by: 'file', file: 'people.json' } })
  await people('Bertha')
  expect(await options.subjectClaims?.(asked)).toEqual({ answer: 'claims', claims: { given_name: 'Bertha' } })
  expect(await options.subjectClaims?.({ ...asked, server: 'https://as.example' })).toEqual({
    answer: 'claims',
    claims: { given_name: 'Berit' },
  })
  for (const other of [
    { ...asked, server: 'https://other.example' },
    { ...asked, subject: '__proto__' },
    { configurationId: 'person', issuanceId: 'two' },
  ])
    expect(await options.subjectClaims?.(other)).toEqual({ answer: 'denied' })
})

test.each<[what: string, content: unknown, place: RegExp]>([
  ['no JSON', '{', /cannot be read as a JSON object/],
  ['a list', [], /cannot be read as a JSON object/],
  ['a member that nobody knows', { profil: 'haip' }, /: profil is nothing that is known here/],
  ['a profile that nobody knows', { profile: 'fapi' }, /: profile must be one of none, haip/],
  ['a number in words', { batchSize: '20' }, /: batchSize must be a whole number/],
  [
    'a time in the wrong place',
    { deferral: { handOver: 9 } },
    /: deferral\.handOver is nothing that is known/,
  ],
  ['a certificate that is not named', { knownBy: 'certificate' }, /: certificate is missing/],
  [
    'no configuration',
    { configurations: { a: 'person' } },
    /: configurations\.a must be an object, or "release"/,
  ],
  ['a type without a name', { configurations: { a: { scope: 'a' } } }, /: configurations\.a\.vct is missing/],
  [
    'a description that wallets leave out',
    { configurations: { a: { ...degree, claims: [{ path: [] }] } } },
    /: configurations\.a\.(claims|vct) /,
  ],
  [
    'paths that are none',
    { configurations: { a: { ...degree, mustConceal: ['title'] } } },
    /a\.mustConceal must be/,
  ],
  [
    'a member of an entry that nobody knows',
    { authorization: { clients: { a: { name: 'A', redirectUris: [], secret: 'x' } } } },
    /: authorization\.clients\.a\.secret is nothing/,
  ],
  [
    'a server that is asked by nobody',
    { authorization: { servers: [{ issuer: 'https://a.example', tokens: 'introspection' }] } },
    /: authorization\.servers\.0\.clientSecretFile is missing/,
  ],
  ['people without claims', { persons: { by: 'openid' } }, /: claims is missing/],
  ['nobody to believe', { walletProviders: {} }, /: walletProviders names nobody/],
  [
    'a database that is not there',
    { claims: { by: 'sql', database: 'no' } },
    /: claims\.database names no database/,
  ],
  [
    'persons who log in at no address',
    { persons: { ...login, issuer: 'nonsense' }, claims: file },
    /persons\.issuer must/,
  ],
  [
    'a login in the clear',
    { persons: { ...login, issuer: 'http://127.0.0.1' }, claims: file },
    /persons\.issuer must/,
  ],
  [
    'a webhook in the clear',
    { claims: { ...hook, url: 'http://127.0.0.1' } },
    /: claims\.url must be an https URL$/,
  ],
  ['a webhook that is not asked', { claims: { ...hook, tries: 0 } }, /: claims\.tries must be 1 or more/],
  [
    'a server in the clear',
    { authorization: { servers: [{ issuer: 'http://as.example' }] } },
    /servers\.0\.issuer must/,
  ],
  [
    'a server that is named twice',
    { authorization: { servers: [{ issuer: 'https://as.example' }, { issuer: 'https://as.example' }] } },
    /: authorization\.servers\.1\.issuer is that of another/,
  ],
  [
    'a member of another source',
    { claims: { ...file, url: 'https://a.example' } },
    /: claims\.url is nothing/,
  ],
  [
    'a secret that is not there',
    { persons: { ...login, clientSecretFile: 'no.secret' }, claims: file },
    /: persons\.clientSecretFile names a file that cannot be read/,
  ],
  [
    'a token for anybody',
    { authorization: { servers: [{ issuer: 'https://as.example', audience: 'optional' }] } },
    /servers\.0\.audience can be optional for introspection alone/,
  ],
  [
    'a configuration without a scope',
    { configurations: { a: { ...degree, scope: undefined } } },
    /: configurations\.a\.scope is missing/,
  ],
  ['a source that nobody names', { claims: {} }, /: claims\.by is missing/],
  ['a source that nobody knows', { claims: { by: 'ldap' } }, /: claims\.by must be one of/],
])('FCT-CONF-3 %s is refused by its place in the file', async (_, content, place) => {
  await secret('hook.secret')
  await writeFile(directory.in('people.json'), '{}')
  await expect(read(content)).rejects.toThrow(place)
  expect(await outcomeOf(() => read(content))).toBe('file_unusable')
})

test('FCT-CONF-3 a secret that is too short to sign with is refused, and may be sent instead', async () => {
  await secret('hook.secret', 'short')
  const claims = { by: 'webhook', url: 'https://registry.example', secretFile: 'hook.secret' }
  await expect(read({ claims })).rejects.toThrow(/: claims\.secretFile names a secret of fewer/)
  const { options, close } = await read({ claims: { ...claims, secretAs: 'bearer' } })
  expect(options.subjectClaims).toBeDefined()
  close()
})

test('FCT-CONF-4 a secret that others can read, and a page that believes anybody, are refused', async () => {
  await writeFile(directory.in('open.secret'), 'seen by all', { mode: 0o644 })
  const claims = { by: 'webhook', url: 'https://registry.example', secretFile: 'open.secret' }
  expect(await outcomeOf(() => read({ claims }))).toBe('key_file_exposed')
  await expect(read({ claims })).rejects.toThrow(/: claims\.secretFile names a file that others may read/)
  await writeFile(directory.in('people.json'), '{}')
  const login = { persons: { by: 'development' }, claims: { by: 'file', file: 'people.json' } }
  expect(await outcomeOf(() => read(login))).toBe('development_mode_needed')
  expect((await read(login, true)).options.developmentPersons).toBe('anybody')
  const other = { ...login, persons: { by: 'development', issuer: 'https://login.example' } }
  await expect(read(other, true)).rejects.toThrow(/: persons\.issuer is nothing that is known here/)
})

test('FCT-CONF-4 addresses on this machine in the clear are taken in development mode', async () => {
  await secret('hook.secret')
  const { options, close } = await read(
    {
      claims: { ...hook, url: 'http://127.0.0.1:9/claims' },
      persons: { ...login, issuer: 'http://127.0.0.1:9' },
      authorization: { servers: [{ issuer: 'http://127.0.0.1:9' }] },
    },
    true,
  )
  expect(options).toMatchObject({ openIdProvider: { issuer: 'http://127.0.0.1:9' } })
  close()
})
