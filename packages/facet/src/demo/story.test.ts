import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService } from '../service/verifier-service.ts'
import { openWallet } from '../service/wallet.ts'
import { demoPassphrase } from './passphrase.ts'
import { tellStory } from './story.ts'
import type { TranscriptEvent } from './transcript.ts'

const directory = temporaryDirectory()

/** The story, stopped right after this was told. */
async function stoppedAfter(isLast: (event: TranscriptEvent) => boolean): Promise<string> {
  const stopping = new AbortController()
  const stage = { directory: directory.in('demo'), environment: {}, signal: stopping.signal }
  return tellStory(stage, (event) => {
    if (isLast(event)) stopping.abort()
  }).then(
    async (story) => {
      await story.close()
      return 'told'
    },
    (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
  )
}

/** One handle to a store at a time: what opens was closed. */
async function allOpen(): Promise<void> {
  const node = (party: string) => ({
    environment: { FACET_KEY_FILE: directory.in(`demo.keys/${party}.key`) },
    development: true,
    dataDirectory: directory.in(`demo/${party}`),
  })
  await (await startIssuanceNode(node('issuer'))).close()
  await (await startVerifierService({ ...node('verifier'), issuers: [] })).close()
  const wallet = await openWallet({
    dataDirectory: directory.in('demo/wallet'),
    passphrase: await demoPassphrase(directory.in('demo')),
    development: true,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: false }),
      toPresent: () => ({ agreed: false }),
    },
  })
  await wallet.close()
}

test.each([
  'The issuance node is up',
  'A platform is up',
  'The wallet is unlocked',
  'The wallet is closed',
  'and opened again: the credential is still there',
])('FCT-12 stopped after "%s", the story leaves nothing open and can be told again', async (text) => {
  expect(await stoppedAfter((told) => told.event === 'step' && told.text === text)).toBe('AbortError')
  await allOpen()
})

test('FCT-12 stopped while it waits, the story does not wait on', async () => {
  expect(await stoppedAfter(({ event }) => event === 'waiting')).toBe('AbortError')
  await allOpen()
})

test('FCT-9 a story that cannot begin leaves nothing open', async () => {
  const environment = { FACET_KEY_FILE: directory.in('demo.keys/verifier.key') }
  const node = { environment, development: true, dataDirectory: directory.in('demo/verifier') }
  const other = await startVerifierService({ ...node, issuers: [] })
  const stage = { directory: directory.in('demo'), environment: {}, signal: new AbortController().signal }
  expect(await outcomeOf(() => tellStory(stage, () => {}))).toBe('store_locked')
  await other.close()
  await allOpen()
})
