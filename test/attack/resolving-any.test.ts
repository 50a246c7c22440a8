/** Whatever text is asked for as a DID: an answer with a code, and no connection for what is none. */

import { readDid, writeDidKey } from '@facet-id/credential/did'
import { expandPoint, generateKey } from '@facet-id/crypto/node'
import { createDidResolver, findDidError, httpStatusOf } from '@facet-id/resolve'
import { checkSignatures, hash } from '@facet-id/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** The same cases in every run: a test that fails must fail again. */
const SEED = Number(process.env.FACET_FUZZ_SEED ?? 20_270_115)
const RUNS = 2000

const method = fc.constantFrom('key', 'jwk', 'peer', 'web', 'webvh', 'ion', '', 'WEB')
const piece = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    'z',
    'z6Mk',
    'zDna',
    '0',
    '1',
    '2',
    '3',
    '4',
    '.V',
    '.S',
    ':',
    '..',
    '%2e',
    '%2F',
    '%3A80',
    '%00',
    '#',
    '?versionId=',
  ),
  fc.constantFrom(
    'issuer.example',
    '127.0.0.1',
    'localhost',
    '[::1]',
    'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f',
  ),
  fc.base64String({ maxLength: 60 }),
)
const didLike = fc
  .tuple(method, fc.array(piece, { maxLength: 6 }), fc.constantFrom('', ':'))
  .map(([name, pieces, between]) => `did:${name}:${pieces.join(between)}`)
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), didLike)

function resolver(body: string) {
  const asked: string[] = []
  const transport = {
    async send({ url }: { readonly url: string }) {
      asked.push(url)
      return { status: 200, headers: {}, body }
    },
  }
  return { ...createDidResolver({ hash, expandPoint, checkSignatures, transport, now: () => 1 }), asked }
}

test('DRES-1, DRES-4 any text is resolved or refused with a code, and nothing is fetched for what is no DID', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.string({ maxLength: 30 }), async (text, fragment) => {
      const { resolve, resolveKey, asked } = resolver('{}')
      const resolution = await resolve(text)
      const code = findDidError(resolution)
      expect(resolution.didDocument === null).toBe(code !== undefined)
      expect([200, 400, 404, 500, 501]).toContain(httpStatusOf(resolution))
      const kid = `${text}#${fragment}`
      const answer = await resolveKey({ did: text, kid, relationship: 'assertionMethod' })
      expect(Object.keys(answer)).toHaveLength(1)
      // What was fetched was fetched from a domain, by https, and from its folder.
      for (const url of asked) {
        const { protocol, hostname, username, pathname } = new URL(url)
        expect([protocol, username]).toEqual(['https:', ''])
        expect(url.endsWith(pathname)).toBe(true)
        expect(hostname).toMatch(/[a-z]/)
        expect(pathname).toMatch(/\/did(?:\.json|\.jsonl|-witness\.json)$/)
      }
      if (!isDid(text.split(/[/?#]/, 1)[0] ?? '')) expect(asked).toEqual([])
    }),
    { numRuns: RUNS, seed: SEED },
  )
})

test('DID-DOC-6, WVH-L1 any text that is published is a document or log, or refused with a code', async () => {
  const scid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'
  const body = fc.oneof(
    fc.string(),
    fc.json({ maxDepth: 5 }),
    fc.array(fc.json()).map((lines) => lines.join('\n')),
  )
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const { resolve } = resolver(text)
      expect(findDidError(await resolve('did:web:issuer.example'))).toBe('INVALID_DID_DOCUMENT')
      expect(findDidError(await resolve(`did:webvh:${scid}:issuer.example`))).toBe('INVALID_DID')
    }),
    { numRuns: RUNS / 4, seed: SEED },
  )
})

test('DKEY-1 a DID in which one character is another is another DID, or none', async () => {
  const did = writeDidKey(generateKey().publicJwk)
  const { resolve } = resolver('')
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: did.length - 1 }),
      fc.constantFrom(...'1zZ09aA:%#'),
      async (at, character) => {
        const other = did.slice(0, at) + character + did.slice(at + 1)
        const resolution = await resolve(other)
        if (resolution.didDocument !== null) expect(resolution.didDocument.id).toBe(other.split('#', 1)[0])
      },
    ),
    { numRuns: RUNS / 4, seed: SEED },
  )
})

function isDid(text: string): boolean {
  try {
    readDid(text)
    return true
  } catch {
    return false
  }
}
