/** What our verifier and our holder need of the world, on loopback, and what lives for a whole file of tests. */
import { checkSignatures, expandPoint, hash, inflate, random } from '@facet-id/crypto/node'
import { createDidResolver, createIssuerKeys, createStatusLists } from '@facet-id/resolve'
import { safeTransport } from '@facet-id/resolve/node'
import { afterAll, beforeAll } from 'vitest'

export type Closing = (close: () => void | Promise<void>) => void

/** As long as one test may last. */
const MOST_MS = 60_000

/** Opens it before the tests of a file, and closes what it was given to close after them, the last first. */
export function staying<T extends object>(open: (closing: Closing) => Promise<T>): () => T {
  const closers: (() => void | Promise<void>)[] = []
  let opened: T | undefined
  beforeAll(async () => {
    opened = await open((close) => closers.push(close))
  }, MOST_MS)
  afterAll(async () => {
    for (const close of closers.toReversed()) await close()
  }, MOST_MS)
  return () => {
    if (opened === undefined) throw new Error('the tests have not begun')
    return opened
  }
}

/** Seconds since the epoch. */
export const now = (): number => Math.floor(Date.now() / 1000)

/** The ports that judge credentials and requests. */
export function ourWorld(closing: Closing, clock: () => number = now) {
  const transport = safeTransport({ mode: 'development' })
  closing(() => transport.close())
  const { resolveKey } = createDidResolver({
    hash,
    expandPoint,
    checkSignatures,
    transport,
    now: clock,
    rules: { localhost: true },
  })
  const { issuerKeyOf } = createIssuerKeys({ transport, now: clock, scheme: 'https_or_loopback_http' })
  const { statusOf } = createStatusLists({
    transport,
    checkSignatures,
    resolveKey,
    issuerKeyOf,
    inflate,
    now: clock,
  })
  return { transport, hash, random, now: clock, checkSignatures, resolveKey, issuerKeyOf, statusOf }
}
