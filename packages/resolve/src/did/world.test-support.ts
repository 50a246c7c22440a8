/** A web of documents under test, and what was asked of it. */

import { ECDH } from 'node:crypto'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { type Clock, checkSignatures, clock, hash } from '@facet-id/testkit'
import { createDidResolver, type DidResolver } from './did-resolver.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'

export const startOfTime = 1_800_000_000

export interface World extends DidResolver {
  readonly clock: Clock
  /** URLs that were asked for, in order. */
  readonly asked: readonly string[]
  /** What is published, by URL; all else is 404. */
  readonly web: Map<string, Partial<WireResponse> | Error>
}

const curves = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const

export const expandPoint: DidResolverPorts['expandPoint'] = (crv, compressed) => {
  try {
    const point = ECDH.convertKey(compressed, curves[crv], undefined, undefined, 'uncompressed')
    return typeof point === 'string' ? undefined : new Uint8Array(point)
  } catch {
    return undefined
  }
}

export function worldOf(
  changes: Partial<DidResolverPorts> & { readonly bounds?: Partial<DidResolverBounds> } = {},
): World {
  const time = clock(startOfTime + 1000)
  const asked: string[] = []
  const web: World['web'] = new Map()
  const transport: Transport = {
    async send({ url }) {
      asked.push(url)
      const answer = web.get(url) ?? { status: 404 }
      if (answer instanceof Error) throw answer
      return { status: 200, headers: {}, body: '', ...answer }
    },
  }
  const resolver = createDidResolver({
    hash,
    expandPoint,
    checkSignatures,
    transport,
    now: time.now,
    ...changes,
  })
  return { ...resolver, clock: time, asked, web }
}
