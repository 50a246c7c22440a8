import { writeFile } from 'node:fs/promises'
import { generateKey } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { readAskingParties } from './asking-parties.ts'
import { readTrustFile } from './configuration-file.ts'

const temporary = temporaryDirectory()

async function read(said: object, files: Readonly<Record<string, unknown>> = {}) {
  for (const [name, what] of Object.entries(files)) await writeFile(temporary.in(name), JSON.stringify(what))
  await writeFile(temporary.in('trust.json'), JSON.stringify({ environment: 'test', ...said }))
  return readAskingParties(await readTrustFile(temporary.in('trust.json')))
}

test('FCT-PARTIES keys are one or a set, and keep the names that they have', async () => {
  const [one, other] = [generateKey().publicJwk, generateKey().publicJwk]
  const { clients, attesters, freely } = await read(
    {
      anchors: [
        { id: 'registry', file: 'a.pem', freely: true },
        { id: 'other', file: 'b.pem' },
      ],
      clients: [{ id: 'platform', addresses: ['https://platform.example'], keys: 'one.jwk' }],
      attesters: [{ id: 'https://attester.example', keys: 'set.jwks' }],
    },
    { 'one.jwk': one, 'set.jwks': { keys: [{ ...one, kid: 'a' }, other] } },
  )
  expect(clients.get('platform')).toEqual({ addresses: ['https://platform.example'], keys: [one] })
  expect(attesters.get('https://attester.example')).toEqual([{ ...one, kid: 'a' }, other])
  expect([...freely]).toEqual(['registry'])
})

test('FCT-PARTIES types of transactions are read with what is in them', async () => {
  const members = {
    amount: { kind: 'text', label: 'Amount' },
    payee: { kind: { members: { name: { kind: 'text', optional: true } } } },
  }
  const types = [{ type: 'payment', members }]
  expect((await read({ transactions: 'types.json' }, { 'types.json': types })).transactionTypes).toEqual(
    types,
  )
})

test.each<[string, unknown]>([
  ['no list', {}],
  ['a type without a name', [{ members: {} }]],
  ['a type without members', [{ type: 'payment' }]],
  ['a member that is a text', [{ type: 'payment', members: { amount: 'text' } }]],
  ['a kind that is none', [{ type: 'payment', members: { amount: { kind: 'money' } } }]],
  ['a label that is a number', [{ type: 'payment', members: { amount: { kind: 'text', label: 1 } } }]],
  [
    'a member that is optional at times',
    [{ type: 'payment', members: { a: { kind: 'text', optional: 1 } } }],
  ],
])('FCT-PARTIES types of transactions: %s is refused', async (_, types) => {
  const unfit = () => read({ transactions: 'types.json' }, { 'types.json': types })
  expect(await outcomeOf(unfit)).toBe('file_unusable')
})

test('FCT-PARTIES keys that are none are refused', async () => {
  const attesters = [{ id: 'https://attester.example', keys: 'a.jwk' }]
  expect(await outcomeOf(() => read({ attesters }, { 'a.jwk': { keys: [] } }))).toBe('file_unusable')
  expect(await outcomeOf(() => read({ attesters }, { 'a.jwk': {} }))).toBe('jwk_malformed')
})
