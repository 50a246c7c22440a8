/** What parties publish about themselves, one scenario a file: `vectors/published`, `vectors/addresses`. */
import type { WireResponse } from '@facet-id/protocol/wire'
import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { failing, type Publishing, publishing } from './documents.test-support.ts'
import { createIssuerMetadataKeys } from './issuer-metadata.ts'
import { safeTransport } from './node/transport.ts'
import { createTypeDocuments } from './type-metadata.ts'

interface Published {
  readonly of: 'issuer' | 'type'
  /** What it is called. */
  readonly name: string
  readonly pages: Readonly<Record<string, WireResponse | { readonly fails: string }>>
}

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../vectors/published/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, async () => {
    const { of, name, pages } = input as Published
    const world = publishing(
      Object.fromEntries(
        Object.entries(pages).map(([url, page]) => [url, 'fails' in page ? failing(page.fails) : page]),
      ),
    )
    const answer = await (of === 'issuer' ? keyOf(name, world) : documentOf(name, world))
    const found = 'key' in answer || 'document' in answer ? 'found' : Object.keys(answer)[0]
    expect(found).toBe(outcome)
    expect(world.asked.filter((url) => !url.startsWith('https://'))).toEqual([])
  })
}

const keyOf = (issuer: string, { transport, clock }: Publishing) =>
  createIssuerMetadataKeys({ transport, now: clock.now }).keyOf({
    by: 'jwt_vc_issuer',
    issuer,
    alg: 'ES256',
    kid: 'a',
  })

const documentOf = (vct: string, { transport, clock }: Publishing) =>
  createTypeDocuments({
    transport,
    now: clock.now,
    hash,
    publishers: ['https://types.example'],
  }).typeMetadataOf({ vct })

const production = safeTransport({ mode: 'production' })
afterAll(() => production.close())

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../vectors/addresses/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, async () => {
    const { url } = input as { readonly url: string }
    expect(await outcomeOf(() => production.send({ method: 'GET', url, headers: {} }))).toBe(outcome)
  })
}
