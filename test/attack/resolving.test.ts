/**
 * Attacks by way of what is fetched: a stranger names an address, and we call it (6, 7), or publishes a history that
 * never was (8). The fetch is the real one, in production mode; what it may not reach stands there and counts.
 */
import { createServer } from 'node:net'
import { writeDidDocument, writeMultikey } from '@facet-id/credential/did'
import {
  placeholderDid,
  readDidLog,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhUpdate,
} from '@facet-id/credential/did/webvh'
import { checkSignatures, expandPoint, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { openWallet } from '@facet-id/facet'
import { createDidResolver, findDidError } from '@facet-id/resolve'
import { type ResolveName, safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTemporaryDirectory } from '../flow/temporary.ts'

const scid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'
const now = () => 1_800_000_000

/** This machine's own service, which nobody outside may make us call. */
let connections = 0
const target = createServer((socket) => {
  connections++
  socket.destroy()
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen({ host: '127.0.0.1', port: 0 }, resolve))
  const address = target.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => new Promise((resolve) => target.close(resolve)))

/** Every name is one of this machine, as its owner may have it. */
function production(address = '127.0.0.1') {
  const names: string[] = []
  const resolveName: ResolveName = async (name) => {
    names.push(name)
    return [{ address, family: address.includes(':') ? 6 : 4 }]
  }
  const transport = safeTransport({ mode: 'production', resolveName })
  const resolver = createDidResolver({ hash, expandPoint, checkSignatures, transport, now })
  return { ...resolver, transport, names }
}

const places = (own: number) => [
  'localhost',
  `localhost%3A${own}`,
  `127.0.0.1%3A${own}`,
  `127.1%3A${own}`,
  `2130706433%3A${own}`,
  `0x7f000001%3A${own}`,
  `0177.0.0.1%3A${own}`,
  `%5B%3A%3A1%5D%3A${own}`,
  `%5B%3A%3Affff%3A127.0.0.1%5D%3A${own}`,
  '169.254.169.254',
  '10.0.0.1',
  '192.168.0.1:a',
  'fe80%3A%3A1',
  `%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1%3A${own}`,
  'issuer.example:..:..:etc',
  'issuer.example:%2e%2e:etc',
  'issuer.example:%2E%2e%2Fetc',
  'issuer.example:a%5C..%5Cb',
  'issuer.example:a%00',
  'issuer.example%2F..',
  'issuer.example%23a',
  'issuer.example%3Fa',
  'user%40issuer.example',
  '%69ssuer.example',
  'issuer%2eexample',
  'issuer.example%3A0',
  'issuer.example%3A99999',
]

test('ATK-7 a DID that names an address or leads out of its folder is no DID: no name is looked up, nothing called', async () => {
  const { resolve, resolveKey, transport, names } = production()
  for (const place of places(port)) {
    for (const did of [`did:web:${place}`, `did:webvh:${scid}:${place}`]) {
      expect([did, findDidError(await resolve(did))]).toEqual([did, 'INVALID_DID'])
      const kid = `${did}#a`
      expect(await resolveKey({ did, kid, relationship: 'assertionMethod' })).toHaveProperty('refused')
    }
  }
  for (const url of [`did:web:issuer.example#@127.0.0.1:${port}`, `did:web:issuer.example/../..`]) {
    // A fragment and a path say nothing of where the document is.
    await resolve(url)
  }
  expect(new Set(names)).toEqual(new Set(['issuer.example']))
  expect(connections).toBe(0)
  transport.close()
})

test.each([
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  'fd00::1',
  'fe80::1',
  '0.0.0.0',
])(
  'ATK-7 a DID whose name leads to %s is refused after the look-up, and nothing is called',
  async (address) => {
    const { resolve, transport, names } = production(address)
    for (const did of [`did:web:inside.example%3A${port}`, `did:webvh:${scid}:inside.example%3A${port}`]) {
      expect(findDidError(await resolve(did))).toBe('INVALID_DID')
    }
    expect(names).toEqual(['inside.example', 'inside.example'])
    expect(connections).toBe(0)
    transport.close()
  },
)

test('ATK-6 a wallet in production calls no address of this machine that a request names, and stores nothing', async () => {
  await inTemporaryDirectory(async (dataDirectory) => {
    const consent = {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    } as const
    const wallet = await openWallet({ dataDirectory, passphrase: 'SPECIMEN', development: false, consent })
    const uris = [
      `http://127.0.0.1:${port}/request`,
      `https://127.0.0.1:${port}/request`,
      `https://127.1:${port}/request`,
      `https://2130706433:${port}/request`,
      `https://[::1]:${port}/request`,
      `https://[::ffff:127.0.0.1]:${port}/request`,
      `https://localhost:${port}/request`,
      `https://x.localhost:${port}/request`,
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/request',
      'http://verifier.example/request',
    ]
    for (const uri of uris) {
      const query = new URLSearchParams({
        client_id: 'decentralized_identifier:did:web:verifier.example',
        request_uri: uri,
      })
      const outcome = await outcomeOf(() => wallet.holder.present(`openid4vp://?${query}`))
      expect([uri, outcome]).toEqual([
        uri,
        expect.stringMatching(/^(?:address_refused|https_required|message_malformed)$/),
      ])
    }
    expect(await wallet.holder.credentials()).toEqual([])
    await wallet.close()
  })
  expect(connections).toBe(0)
})

test('ATK-8 a history that was rewritten is refused, whoever hosts it and whichever key was stolen', async () => {
  const owner = generateKey('EdDSA')
  const thief = generateKey('EdDSA')
  const by = writeMultikey(owner.publicJwk)
  const at = (seconds: number, key = owner) => ({
    hash,
    now: now() - 1000 + seconds,
    by: writeMultikey(key.publicJwk),
  })
  const document = writeDidDocument(placeholderDid('issuer.example'), {
    keys: [{ fragment: 'a', key: owner.publicJwk, relationships: ['assertionMethod'] }],
  })
  const created = writeWebvhCreation(document, { updateKeys: [by] }, at(0))
  const first = writeSignedEntry(created, signerOf(owner.privateJwk).sign(created.data))
  const { did } = created
  const before = readDidLog(first, did, { hash, now: now() }).versions[0]
  if (before === undefined) throw new Error('the log has a version')
  const update = writeWebvhUpdate(before, { parameters: { ttl: 60 } }, at(10))
  const second = writeSignedEntry(update, signerOf(owner.privateJwk).sign(update.data))
  const honest = first + second

  const stolen = writeMultikey(thief.publicJwk)
  const histories: readonly (readonly [string, string])[] = [
    ['the first entry left out', second],
    ['entries in another order', second + first],
    ['an entry twice', first + second + second],
    [
      'another key in the first entry',
      honest.replace(`"updateKeys":["${by}"]`, `"updateKeys":["${stolen}"]`),
    ],
    ['another document', honest.replaceAll('#a', '#b')],
    ['another time', honest.replace('"ttl":60', '"ttl":61')],
    [
      'the proof of another key',
      first + writeSignedEntry(update, signerOf(thief.privateJwk).sign(update.data)),
    ],
    ['no proof', first + second.replace(/,"proof":\[.*\]/, '')],
    ['another suite', first + second.replace('eddsa-jcs-2022', 'ecdsa-jcs-2019')],
    [
      'another SCID in a document',
      first + second.replace(`"id":"${did}"`, `"id":"did:webvh:${scid}:issuer.example"`),
    ],
    ['another method', honest.replace('did:webvh:1.0', 'did:webvh:0.9')],
    ['a whole history of somebody else', honest.replaceAll(by, stolen)],
  ]
  const served = (body: string) =>
    createDidResolver({
      hash,
      expandPoint,
      checkSignatures,
      now,
      transport: { send: async () => ({ status: 200, headers: {}, body }) },
    })
  expect(findDidError(await served(honest).resolve(did))).toBeUndefined()
  for (const [what, body] of histories) {
    expect([what, body !== honest]).toEqual([what, true])
    const resolver = served(body)
    expect([what, findDidError(await resolver.resolve(did))]).toEqual([what, 'INVALID_DID'])
    const answer = await resolver.resolveKey({ did, kid: `${did}#a`, relationship: 'assertionMethod' })
    expect(answer).toHaveProperty('refused')
  }
})
