import { writeFile } from 'node:fs/promises'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { readTrustFile } from './configuration-file.ts'

const temporary = temporaryDirectory()

async function read(said: object): ReturnType<typeof readTrustFile> {
  const file = temporary.in('trust.json')
  await writeFile(file, JSON.stringify({ environment: 'test', ...said }))
  return readTrustFile(file)
}

const anchor = { id: 'a', file: 'a.pem' }
const list = { list: 'urn:uto:trust', file: 'list.jwt', signers: ['signer.jwk'] }
const entities = {
  type: 'https://uto.example/type',
  file: 'e.jwt',
  signers: ['e.jwk'],
  anchors: { 'urn:s': 'pid' },
}
const federation = { anchor: 'https://anchor.example', keys: 'anchor.jwks' }

const client = { id: 'platform', addresses: ['https://platform.example/responses'] }
const attester = { id: 'https://attester.example', keys: 'attester.jwk' }

test('FCT-PARTIES, TRU-32 what is said of those who ask is read', async () => {
  const said = {
    anchors: [{ ...anchor, freely: true }],
    clients: [{ ...client, keys: 'platform.jwk', requestUris: ['https://platform.example/requests'] }],
    attesters: [attester],
    transactions: 'types.json',
  }
  expect(await read(said)).toMatchObject({
    anchors: [{ freely: true }],
    clients: [{ ...client, keys: temporary.in('platform.jwk') }],
    attesters: [{ keys: temporary.in('attester.jwk') }],
    transactions: temporary.in('types.json'),
  })
  expect(await read({})).toMatchObject({ clients: [], attesters: [] })
})

test('TRU-32 every member that is known is read', async () => {
  const said = {
    anchors: [{ ...anchor, revoked: 'r.pem' }],
    lists: [list],
    entities: [entities],
    federation: [federation],
  }
  expect(await read(said)).toMatchObject({
    anchors: [{ id: 'a', revoked: { file: temporary.in('r.pem') } }],
    lists: [{ list: 'urn:uto:trust', at: { file: temporary.in('list.jwt') } }],
    entities: [{ anchorOf: { 'urn:s': 'pid' } }],
    federation: [{ anchor: 'https://anchor.example' }],
  })
  const shared = {
    ...entities,
    type: 'https://uto.example/other',
    anchors: { 'urn:s': 'pid', 'urn:t': 'pid' },
  }
  expect((await read({ entities: [entities, shared] })).entities).toHaveLength(2)
})

test.each<[string, object]>([
  ['a revocation list under a mistyped name', { anchors: [{ ...anchor, revokd: 'r.pem' }] }],
  ['revocation lists as a list', { anchors: [{ ...anchor, revoked: ['r.pem'] }] }],
  ['a revocation list that is null', { anchors: [{ ...anchor, revoked: null }] }],
  ['an empty revocation list', { anchors: [{ ...anchor, revoked: '' }] }],
  ['an address in a list', { anchors: [{ ...anchor, revokedUrl: ['https://uto.example'] }] }],
  ['a file and an address', { anchors: [{ ...anchor, revoked: 'r', revokedUrl: 'https://uto.example' }] }],
  ['an anchor that is a text', { anchors: ['a.pem'] }],
  ['anchors that are one', { anchors: anchor }],
  ['two anchors of one name', { anchors: [anchor, { ...anchor, file: 'b.pem' }] }],
  ['an anchor by the name of another source', { anchors: [{ ...anchor, id: 'pid' }], entities: [entities] }],
  ['a list with a mistyped member', { lists: [{ ...list, signer: 'signer.jwk' }] }],
  ['a list that nobody signs', { lists: [{ ...list, signers: [] }] }],
  ['a signer without a name', { lists: [{ ...list, signers: [''] }] }],
  ['signers that are a text', { lists: [{ ...list, signers: 'signer.jwk' }] }],
  ['entities with a mistyped member', { entities: [{ ...entities, anchor: 'pid' }] }],
  ['entities that nobody signs', { entities: [{ ...entities, signers: [] }] }],
  ['a name of an anchor that is none', { entities: [{ ...entities, anchors: { 'urn:s': 1 } }] }],
  ['a federation with a mistyped member', { federation: [{ ...federation, trustMark: 'a' }] }],
  ['an anchor that is trusted a little', { anchors: [{ ...anchor, freely: 'yes' }] }],
  ['a client that is answered nowhere', { clients: [{ ...client, addresses: [] }] }],
  ['a client with a mistyped member', { clients: [{ ...client, key: 'platform.jwk' }] }],
  ['one client twice', { clients: [client, client] }],
  ['an attester without keys', { attesters: [{ id: 'https://attester.example' }] }],
  ['types of transactions in place of their file', { transactions: [] }],
  ['a list of federations that is a text', { federation: 'https://anchor.example' }],
])('TRU-32 refuses %s', async (_, said) => {
  expect(await outcomeOf(() => read(said))).toBe('file_unusable')
})
