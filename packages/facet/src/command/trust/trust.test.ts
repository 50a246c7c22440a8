import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../config/temporary-directory.test-support.ts'
import { fakeTerminal } from '../../terminal/terminal.test-support.ts'
import { main } from '../main.ts'

const temporary = temporaryDirectory()
const vct = 'urn:facet:person:1'

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal()
  const code = await main(['trust', ...argv], terminal)
  return { code, ...terminal.printed }
}

async function data(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...argv, '--json')
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out)
}

async function configure(configuration: object): Promise<string> {
  const file = temporary.in('trust.json')
  await writeFile(file, JSON.stringify({ environment: 'test', ...configuration }))
  return file
}

test('TRU-19 from an authority to a decision about a verifier by its certificate', async () => {
  const ca = temporary.in('ca')
  await data('ca', 'create', ca, '--name', 'Utopia')
  const made = await data('ca', 'issue', ca, '--purpose', 'verifier', '--name', 'Bar', '--dns', 'bar.example')
  const file = await configure({
    anchors: [{ id: 'uto', file: 'ca/authority.pem', revoked: 'ca/revoked.pem' }],
    rules: {
      verifiers: [
        {
          party: { anchor: 'uto' },
          purposes: [{ purpose: 'Proof of age', claims: [{ vct, paths: [['age_equal_or_over', '18']] }] }],
        },
      ],
    },
  })
  const query = temporary.in('query.json')
  const ask = (path: readonly string[]) =>
    writeFile(
      query,
      JSON.stringify({
        credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims: [{ path }] }],
      }),
    )
  const explain = () =>
    run(
      'explain',
      file,
      '--client-id',
      String(made.client_id),
      '--certificate',
      String(made.certificate),
      '--query',
      query,
    )
  await ask(['age_equal_or_over', '18'])
  const yes = await explain()
  expect(yes.code).toBe(0)
  expect(yes.out).toContain('trusted: The verifier is registered for a purpose that needs these claims.')
  expect(yes.out).toContain('purpose: Proof of age')
  expect(yes.out).toContain('The chain proves C=UTO, O=Bar, by the anchor uto.')
  await ask(['address'])
  expect((await explain()).code).toBe(1)
  await ask(['age_equal_or_over', '18'])
  await data('ca', 'revoke', ca, '--serial', String(made.serialNumber))
  const no = await explain()
  expect(no.code).toBe(1)
  expect(no.out).toContain('(revoked)')
  expect((await run('ca', 'show', ca)).out).toContain(String(made.serialNumber))
})

test('TRU-19 a list is made, signed, shown, verified and believed, and an old edition does not come back', async () => {
  const dir = temporary.in('list')
  await data('list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test')
  await data('list', 'add', dir, '--issuer', 'didDomain=gov.example', '--vct', vct)
  await data('list', 'add', dir, '--issuer', 'did:jwk:a', '--vct', vct)
  await data(
    'list',
    'add',
    dir,
    '--verifier',
    'didMethod=jwk',
    '--vct',
    vct,
    '--claim',
    'address',
    '--purpose',
    'Delivery',
  )
  expect(await data('list', 'sign', dir)).toMatchObject({ sequence: 1 })
  await copyFile(`${dir}/list.jwt`, temporary.in('first.jwt'))
  const file = await configure({
    lists: [{ list: 'urn:uto:trust', file: 'list/list.jwt', signers: ['list/signer.jwk'] }],
  })
  const decide = async (issuer: string): Promise<unknown> =>
    JSON.parse((await run('explain', file, '--issuer', issuer, '--vct', vct, '--json')).out).decision
  expect(await decide('did:web:office.gov.example')).toBe('trusted')
  expect(await decide('did:jwk:a')).toBe('trusted')
  expect(await decide('did:jwk:b')).toBe('not_trusted')
  await data('list', 'remove', dir, '--issuer', 'did:jwk:a')
  await data('list', 'add', dir, '--block', 'did:web:office.gov.example')
  expect(await data('list', 'sign', dir)).toMatchObject({ sequence: 2 })
  expect(await data('list', 'show', dir)).toMatchObject({
    sequence: 2,
    blocked: [{ id: 'did:web:office.gov.example' }],
  })
  expect(await decide('did:web:office.gov.example')).toBe('not_trusted')
  expect(await decide('did:jwk:a')).toBe('not_trusted')
  await copyFile(temporary.in('first.jwt'), `${dir}/list.jwt`)
  const rolledBack = await run('explain', file, '--issuer', 'did:jwk:a', '--vct', vct)
  expect(rolledBack.code).toBe(1)
  expect(rolledBack.out).toContain('undetermined: The list is older than one that was here before.')
})

test('TRU-34 a rule about a party that is known is added to it, and that is said', async () => {
  const dir = temporary.in('list')
  const made = ['list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test']
  await data(...made)
  expect((await run(...made)).err).toContain('[list_present]')
  const add = (...of: readonly string[]) => data('list', 'add', dir, ...of)
  const issuer = { party: { id: 'did:jwk:a' }, vcts: ['urn:a', 'urn:b'] }
  expect(await add('--issuer', 'did:jwk:a', '--vct', 'urn:a')).toEqual({ issuers: 1 })
  expect(await add('--issuer', 'did:jwk:a', '--vct', 'urn:b', '--vct', 'urn:a')).toEqual({
    issuers: 1,
    merged: { ...issuer, vcts: ['urn:a', 'urn:b'] },
  })
  const verifier = ['--verifier', 'didMethod=jwk', '--vct', vct]
  await add(...verifier, '--purpose', 'Delivery', '--claim', 'address')
  await add(...verifier, '--purpose', 'Delivery', '--claim', 'name', '--claim', 'address')
  await add(...verifier, '--purpose', 'Age', '--claim', '["age",18]')
  expect((await run('list', 'add', dir, ...verifier, '--claim', 'name')).err).toContain('[usage]')
  const asking = ['--verifier', 'anchor=uto', '--vct']
  await add(...asking, 'urn:a', '--claim', 'name')
  await add(...asking, 'urn:b', '--claim', 'name')
  const said = await run('list', 'add', dir, ...asking, 'urn:a', '--claim', 'age')
  expect(said.out).toContain('merged: {"party":{"anchor":"uto"}')
  await add('--block', 'did:jwk:b')
  expect(await add('--block', 'did:jwk:b')).toEqual({ blocked: 1, merged: { id: 'did:jwk:b' } })
  expect(await data('list', 'show', dir)).toMatchObject({
    issuers: [issuer],
    verifiers: [
      {
        party: { didMethod: 'jwk' },
        purposes: [
          { purpose: 'Delivery', claims: [{ vct, paths: [['address'], ['name']] }] },
          { purpose: 'Age', claims: [{ vct, paths: [['age', 18]] }] },
        ],
      },
      {
        party: { anchor: 'uto' },
        claims: [
          { vct: 'urn:a', paths: [['name'], ['age']] },
          { vct: 'urn:b', paths: [['name']] },
        ],
      },
    ],
  })
})

test('TRU-19 a list is verified with the key, the name and the environment that it must have', async () => {
  const [dir, other] = [temporary.in('list'), temporary.in('other')]
  for (const directory of [dir, other]) {
    await data('list', 'create', directory, '--name', 'urn:uto:trust', '--environment', 'test')
    await data('list', 'sign', directory)
  }
  const verify = async (signer: string, ...more: readonly string[]) =>
    JSON.parse((await run('list', 'verify', `${dir}/list.jwt`, '--signer', signer, '--json', ...more)).out)
      .outcome
  const named = ['--name', 'urn:uto:trust', '--environment', 'test']
  expect(await verify(`${dir}/signer.jwk`, ...named)).toBe('accepted')
  expect(await verify(`${other}/signer.jwk`, ...named)).toBe('signature_invalid')
  expect(await verify(`${dir}/signer.jwk`, '--name', 'urn:uto:trust', '--environment', 'production')).toBe(
    'other_list',
  )
})

test('TRU-18, TRU-19 a list of trusted entities gives the anchor that a chain leads to, while it lasts', async () => {
  const ca = temporary.in('ca')
  await data('ca', 'create', ca, '--name', 'Utopia')
  const made = await data('ca', 'issue', ca, '--purpose', 'issuer', '--name', 'Registry')
  const [, body = ''] = /-----\n([\s\S]+)\n-----/.exec(await readFile(`${ca}/authority.pem`, 'utf8')) ?? []
  const type = 'http://uri.etsi.org/19602/LoTEType/EUPIDProvidersList'
  const service = 'http://uri.etsi.org/19602/SvcType/PID/Issuance'
  const { publicJwk, privateJwk } = generateKey()
  await writeFile(temporary.in('operator.jwk'), JSON.stringify(publicJwk))
  const publish = (nextUpdate: string, sequence: number) => {
    const payload = {
      LoTE: {
        ListAndSchemeInformation: {
          LoTEVersionIdentifier: 1,
          LoTESequenceNumber: sequence,
          LoTEType: type,
          ListIssueDateTime: '2020-01-01T00:00:00Z',
          NextUpdate: nextUpdate,
        },
        TrustedEntitiesList: [
          {
            TrustedEntityServices: [
              {
                ServiceInformation: {
                  ServiceTypeIdentifier: service,
                  ServiceDigitalIdentity: { X509Certificates: [{ val: body.replaceAll('\n', '') }] },
                },
              },
            ],
          },
        ],
      },
    }
    const input = writeSigningInput({ alg: 'ES256' }, payload)
    return writeFile(temporary.in('pid.jwt'), writeJws(input, signerOf(privateJwk).sign(utf8(input))))
  }
  const file = await configure({
    rules: { issuers: [{ party: { anchor: 'pid' }, vcts: [vct] }] },
    entities: [{ type, file: 'pid.jwt', signers: ['operator.jwk'], anchors: { [service]: 'pid' } }],
  })
  const explain = () => run('explain', file, '--vct', vct, '--certificate', String(made.certificate))
  await publish('2999-01-01T00:00:00Z', 2)
  expect((await explain()).out).toContain('The chain proves C=UTO, O=Registry, by the anchor pid.')
  expect((await explain()).code).toBe(0)
  await publish('2999-01-01T00:00:00Z', 1)
  expect((await explain()).out).toContain('undetermined: The list is older than one that was here before.')
  await publish('2021-01-01T00:00:00Z', 3)
  expect((await explain()).out).toContain('undetermined: The list has expired; a newer one is needed.')
})

test.each([
  ['no list', undefined],
  ['a list that is none', 'a.b.c'],
])('TRU-19 with %s where one is named, nobody is trusted, not even by own rules', async (_, text) => {
  const dir = temporary.in('list')
  await data('list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test')
  if (text !== undefined) await writeFile(`${dir}/list.jwt`, text)
  const file = await configure({
    rules: { issuers: [{ party: { didMethod: 'jwk' }, vcts: 'any' }] },
    lists: [{ list: 'urn:uto:trust', file: 'list/list.jwt', signers: ['list/signer.jwk'] }],
  })
  const { code, out } = await run('explain', file, '--issuer', 'did:jwk:a', '--vct', vct)
  expect(code).toBe(1)
  expect(out).toContain('undetermined: A list of trusted parties')
  expect(out).toContain('own rules says trusted')
})

test.each([
  [[]],
  [['ca']],
  [['ca', 'dance', 'x']],
  [['ca', 'create', 'x']],
  [['ca', 'issue', 'x', '--name', 'a']],
  [['ca', 'issue', 'x', '--name', 'a', '--purpose', 'verifier']],
  [['ca', 'issue', 'x', '--name', 'a', '--purpose', 'issuer', '--dns', '*.example']],
  [['ca', 'revoke', 'x']],
  [['list']],
  [['list', 'create', 'x', '--name', 'a']],
  [['list', 'create', 'x', '--name', 'a b', '--environment', 'test']],
  [['list', 'add', 'x']],
  [['list', 'add', 'x', '--issuer', 'a', '--block', 'b']],
  [['list', 'add', 'x', '--block', 'didDomian=evil.example']],
  [['list', 'add', 'x', '--block', 'dns=evil.example']],
  [['list', 'remove', 'x', '--block', 'DidDomain=']],
  [['ca', 'create', 'x', '--name', 'C=UTO, O=Root']],
  [['ca', 'create', 'x', '--name', 'Root,O=Other']],
  [['ca', 'issue', 'x', '--name', 'O = Bar', '--purpose', 'issuer']],
  [['list', 'verify', 'x', '--name', 'a', '--environment', 'b']],
  [['explain']],
])('FCT-9 "facet trust %j" ends with one line and the code usage', async (argv) => {
  const { code, out, err } = await run(...argv)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/\[usage\]\nTry "facet help"\.\n$/)
})

test('TRU-19 a configuration that is broken is refused, and says where', async () => {
  const explain = async (configuration: object): Promise<string> =>
    (await run('explain', await configure(configuration), '--issuer', 'a', '--vct', 'b')).err
  expect(await explain({ anchor: [] })).toContain('[file_unusable]')
  expect(await explain({ environment: 1 })).toContain('[file_unusable]')
  expect(await explain({ anchors: [{ id: 'a', file: 'nowhere.pem' }] })).toContain('[file_unusable]')
  expect(await explain({ rules: { issuers: [{ party: {}, vcts: [] }] } })).toContain('[rule_malformed]')
  await writeFile(temporary.in('not.pem'), 'PEM')
  expect(await explain({ anchors: [{ id: 'a', file: 'not.pem' }] })).toContain('[pem_malformed]')
  expect((await run('list', 'show', temporary.in('nowhere'))).err).toContain('[file_unusable]')
  expect((await run('ca', 'show', temporary.in('nowhere'))).err).toContain('[file_unusable]')
  expect(await readFile(temporary.in('trust.json'), 'utf8')).toContain('not.pem')
})
