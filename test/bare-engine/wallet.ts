/**
 * A wallet as an application on React Native makes one: the holder, the portable primitives, and what the
 * application brings from outside. Nothing here names a platform.
 */
import { cryptoContract } from '@facet-id/crypto/contract'
import { portableSuite } from '@facet-id/crypto/portable'
import { createHolder, defaultSettings, type Holder, softwareKeys } from '@facet-id/holder'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { createKeyResolver, createStatusLists } from '@facet-id/resolve'
import { memoryStore, sealedStore } from '@facet-id/store'
import { createPageRunner, type PageRunner } from '../browser/page-runner.ts'

export interface Outside {
  /** React Native's `fetch`, of the application. */
  send(request: WireRequest): Promise<WireResponse>
  /** `getRandomValues`, of a package that asks the system. */
  random(bytes: number): ArrayLike<number>
  /** Milliseconds since the epoch. */
  nowMs(): number
  /** What the person types. */
  txCode(): string | undefined
}

export function openWallet({ send, random, nowMs, txCode }: Outside): Holder {
  const suite = portableSuite((bytes) => Uint8Array.from(random(bytes)))
  const { hash, checkSignatures, inflate } = suite
  const now = () => Math.floor(nowMs() / 1000)
  const transport = { send }
  const store = sealedStore(memoryStore({ now: nowMs }), suite.sealerOf(suite.random(32)))
  const { resolveKey } = createKeyResolver()
  const undecided = { decision: 'undetermined', why: 'The person decides.' } as const
  return createHolder(
    {
      store,
      keys: softwareKeys({ store, generateKey, signerOf: suite.signerOf }),
      transport,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive() {
          const code = txCode()
          return { agreed: true, ...(code === undefined ? {} : { txCode: code }) }
        },
        toPresent: ({ items }) => ({ agreed: items.length > 0 }),
      },
      trust: { mayIssue: () => undecided, mayAsk: () => undecided },
      checkSignatures,
      hash,
      random: suite.random,
      now,
      resolveKey,
      statusOf: createStatusLists({ transport, checkSignatures, resolveKey, inflate, now }).statusOf,
    },
    { ...defaultSettings, copies: 3 },
  )

  async function generateKey() {
    const { publicJwk, privateKey } = await suite.generateKey('ES256')
    return { publicJwk, privateJwk: privateKey }
  }
}

/** The contract of the primitives, to be run in here. */
export function openTests(random: Outside['random']): PageRunner {
  const runner = createPageRunner()
  const suite = portableSuite((bytes) => Uint8Array.from(random(bytes)))
  cryptoContract(runner, 'portable', suite)
  return runner
}
