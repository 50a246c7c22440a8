/** A port that fails while an answer is judged: the peer is told nothing, and nothing is settled. */
import { ProtocolError } from '@facet-id/protocol/error'
import { StoreError } from '@facet-id/store'
import { expect, test } from 'vitest'
import type { VerifierPorts } from '../ports.ts'
import { answer, ask, heldOn, stage } from '../stage.test-support.ts'
import { present } from '../wallet.test-support.ts'

const ours = [500, { error: 'server_error' }]
const busy = [503, { error: 'temporarily_unavailable' }]

/** Codes that would be the wallet's fault, had the wallet caused them. */
const misleading = new ProtocolError('message_malformed', 'The list of Anna Maria cannot be read')
const unforeseen = new Error('Anna Maria')
const full = new StoreError('store_full', 'No space is left')

type Failing = (usual: VerifierPorts, fails: () => boolean) => Partial<VerifierPorts>

function rejecting(error: Error): Promise<never> {
  return Promise.reject(error)
}

const failures: readonly [title: string, expected: unknown, failing: Failing][] = [
  ...[misleading, unforeseen, new ProtocolError('peer_unreachable', 'Nobody'), full].flatMap(
    (error): [string, unknown, Failing][] => [
      [
        `the resolver rejects with "${error.message}"`,
        ours,
        ({ resolveKey }, fails) => ({ resolveKey: (of) => (fails() ? rejecting(error) : resolveKey(of)) }),
      ],
      [
        `the status rejects with "${error.message}"`,
        ours,
        ({ statusOf }, fails) => ({ statusOf: (of) => (fails() ? rejecting(error) : statusOf(of)) }),
      ],
      [
        `the crypto rejects with "${error.message}"`,
        ours,
        ({ checkSignatures }, fails) => ({
          checkSignatures: (checks) => (fails() ? rejecting(error) : checkSignatures(checks)),
        }),
      ],
    ],
  ),
  [
    'the trust throws',
    ours,
    ({ trust }, fails) => ({
      trust: {
        ...trust,
        mayIssue(question) {
          if (fails()) throw misleading
          return trust.mayIssue(question)
        },
      },
    }),
  ],
  [
    'the crypto leaves a verdict out',
    ours,
    ({ checkSignatures }, fails) => ({
      checkSignatures: async (checks) => {
        const verdicts = await checkSignatures(checks)
        return fails() ? verdicts.slice(1) : verdicts
      },
    }),
  ],
  [
    'the store is full',
    busy,
    ({ store }, fails) => ({
      store: { ...store, commit: (ops) => (fails() ? rejecting(full) : store.commit(ops)) },
    }),
  ],
  [
    'the store cannot be read',
    ours,
    ({ store }, fails) => ({
      store: {
        ...store,
        get: (ns, key) =>
          fails() ? rejecting(new StoreError('store_corrupt', 'A record is damaged')) : store.get(ns, key),
      },
    }),
  ],
]

test.each(failures)('when %s the answer is taken once it is well again', async (_, expected, failing) => {
  let failingNow = false
  const heard: unknown[] = []
  const on = stage({
    ports: (usual) => ({
      ...failing(usual, () => failingNow),
      onUnforeseen(error) {
        heard.push(error)
        throw new Error('the log is full too')
      },
    }),
  })
  const request = await ask(on)
  const presentation = present(heldOn(on), request.object, { at: on.time.now() })

  failingNow = true
  const failed = await answer(on, request, [presentation])
  expect([failed.status, JSON.parse(failed.body)]).toEqual(expected)
  expect(heard).toEqual([expect.any(Error)])

  failingNow = false
  expect(await on.verifier.result(request.transactionId)).toEqual({ outcome: 'pending' })
  expect((await answer(on, request, [presentation])).status).toBe(200)
  expect(await on.verifier.result(request.transactionId)).toMatchObject({ outcome: 'verified' })
})
