import {
  writeDidDocument,
  writeDidJwk,
  writeDidKey,
  writeDidWeb,
  writeMultikey,
} from '@facet-id/credential/did'
import { writeDidPeer2 } from '@facet-id/credential/did/peer'
import { placeholderDid, writeSignedEntry, writeWebvhCreation } from '@facet-id/credential/did/webvh'
import { generateKey, hash, signerOf } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { judgingPorts } from './judging-ports.ts'

const now = () => 1_800_000_000
const { publicJwk } = generateKey()
const published = { fragment: 'issuing', key: publicJwk, relationships: ['assertionMethod'] } as const

function webOf(documents: Readonly<Record<string, string>>): Transport {
  return {
    async send({ url }) {
      const body = documents[url]
      return { status: body === undefined ? 404 : 200, headers: {}, body: body ?? '' }
    },
  }
}

test('DID-DOC-3, DID-DOC-4 keys are found for every method, each for what its document lists it', async () => {
  const owner = generateKey('EdDSA')
  const entry = writeWebvhCreation(
    writeDidDocument(placeholderDid('issuer.example'), { keys: [published] }),
    { updateKeys: [writeMultikey(owner.publicJwk)] },
    { hash, now: now(), by: writeMultikey(owner.publicJwk) },
  )
  const web = writeDidWeb('issuer.example')
  const local = writeDidWeb('localhost:8080', [], { localhost: true })
  const documents = {
    'https://issuer.example/.well-known/did.json': JSON.stringify(
      writeDidDocument(web, { keys: [published] }),
    ),
    'https://issuer.example/.well-known/did.jsonl': writeSignedEntry(
      entry,
      signerOf(owner.privateJwk).sign(entry.data),
    ),
    'http://localhost:8080/.well-known/did.json': JSON.stringify(
      writeDidDocument(local, { keys: [published] }),
    ),
  }
  const key = writeDidKey(publicJwk)
  const peer = writeDidPeer2([{ purpose: 'assertionMethod', key: publicJwk }])
  const jwk = writeDidJwk({ ...publicJwk, use: 'sig' })
  const kids: readonly (readonly [did: string, fragment: string])[] = [
    [jwk, '0'],
    [key, key.slice('did:key:'.length)],
    [peer, 'key-1'],
    [web, 'issuing'],
    [entry.did, 'issuing'],
  ]
  const { resolveKey } = judgingPorts({ transport: webOf(documents), now, development: false })
  for (const [did, fragment] of kids) {
    const question = { did, kid: `${did}#${fragment}` }
    const answer = await resolveKey({ ...question, relationship: 'assertionMethod' })
    expect([did, answer]).toEqual([did, { key: expect.objectContaining({ x: publicJwk.x, y: publicJwk.y }) }])
    const isForAll = did === key || did === jwk
    const other = await resolveKey({ ...question, relationship: 'authentication' })
    expect([did, other]).toEqual([did, isForAll ? answer : { refused: expect.any(String) }])
  }
  const question = { did: local, kid: `${local}#issuing`, relationship: 'assertionMethod' } as const
  expect(await resolveKey(question)).toHaveProperty('refused')
  expect(
    await judgingPorts({ transport: webOf(documents), now, development: true }).resolveKey(question),
  ).toHaveProperty('key')
})
