import { ProtocolError } from '@facet-id/protocol/error'
import { memoryStore } from '@facet-id/store'
import { clock, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createHolder } from './holder.ts'
import { NOW, PERSON_VCT, testIssuer } from './issuer.test-support.ts'
import type { LogEntry } from './presentation/log-store.ts'
import { defaultSettings } from './settings.ts'
import { CLIENT_ID, readAnswer } from './verifier.test-support.ts'
import { keysIn, power, textIn, theOne, type World, world } from './wallet.test-support.ts'

test('what is held survives a restart on the same store, with what was shown of it', async () => {
  const first = world()
  const held = theOne(await first.holder.accept(first.issuer.link))
  await first.holder.present(first.verifier.request())
  const again = world({ store: first.store, verifier: first.verifier })
  expect(await again.holder.credentials()).toEqual([{ ...held, copiesLeft: 3 }])
  expect(await again.holder.present(again.verifier.request())).toEqual({ accepted: true })
  expect(await again.holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 2 }])
  expect(await entriesOf(again)).toEqual(await entriesOf(first))
})

test('what a credential says is for its owner to see, and no copy is spent on it', async () => {
  const { holder, issuer } = world()
  const { credentialId } = theOne(await holder.accept(issuer.link))
  expect(await holder.claims(credentialId)).toMatchObject({ vct: PERSON_VCT })
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 4 }])
  expect(await outcomeOf(() => holder.claims('nobody'))).toBe('credential_unknown')
})

test('forgetting a credential deletes its copies and destroys their keys, and leaves the others', async () => {
  const { holder, store } = world()
  const [one, other] = [await acceptInto(store), await acceptInto(store)]
  expect(await keysIn(store)).toHaveLength(8)
  await holder.forget(one.credentialId)
  expect(await holder.credentials()).toEqual([other])
  expect(await keysIn(store)).toHaveLength(4)
  expect((await textIn(store)).split(one.credentialId)).toHaveLength(2) // in the log only
  expect(await outcomeOf(() => holder.forget(one.credentialId))).toBe('credential_unknown')
})

test('whenever the power fails while a credential is forgotten, it can be forgotten again and no key is left', async () => {
  for (const after of [1, 2]) {
    const store = memoryStore({ now: clock(NOW).nowMs })
    const { credentialId } = await acceptInto(store)
    const failing = power(store, { after })
    await outcomeOf(() => world({ store: failing.store }).holder.forget(credentialId))
    const again = world({ store }).holder
    if (after === 1) await again.forget(credentialId)
    expect(await again.credentials()).toEqual([])
    expect(await keysIn(store)).toEqual([])
  }
})

test('VP-15.5-1 of 50 presentations at once four win, each with a copy of its own, and no copy is sent twice', async () => {
  const { holder, issuer, verifier } = world()
  await holder.accept(issuer.link)
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => outcomeOf(() => holder.present(verifier.request()))),
  )
  expect(count(outcomes)).toEqual({ accepted: 4, copies_spent: 46 })
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 0 }])
  const shown = verifier.answers.filter((body) => body.startsWith('vp_token='))
  const copies = shown.map((body) => readAnswer(body).vpToken.person?.[0]?.split('~')[0])
  expect(new Set(copies).size).toBe(4)
  expect(copies).toHaveLength(4)
  // To the verifier a wallet without copies is one whose person declined.
  const others = verifier.answers.filter((body) => !body.startsWith('vp_token='))
  expect(new Set(others)).toEqual(new Set(['error=access_denied&state=eyJhb_GcO']))
  expect(others).toHaveLength(46)
})

test('a copy is spent before it is sent: a verifier that cannot be reached costs one', async () => {
  const { holder, issuer, verifier } = world({
    around: (transport) => ({
      async send(request) {
        if (request.url.includes('/responses/'))
          throw new ProtocolError('peer_unreachable', 'Nobody is there')
        return transport.send(request)
      },
    }),
  })
  await holder.accept(issuer.link)
  expect(await outcomeOf(() => holder.present(verifier.request()))).toBe('peer_unreachable')
  expect(await holder.credentials()).toMatchObject([{ copies: 4, copiesLeft: 3 }])
})

test('whenever the power fails during a presentation, no copy that was sent is sent again', async () => {
  for (const plan of [{ before: 1 }, { after: 1 }, { before: 2 }, { after: 2 }]) {
    const store = memoryStore({ now: clock(NOW).nowMs })
    await acceptInto(store)
    const failing = power(store, plan)
    const first = world({ store: failing.store, around: failing.around })
    await outcomeOf(() => first.holder.present(first.verifier.request()))
    const again = world({ store, verifier: first.verifier })
    await again.holder.present(again.verifier.request())
    const copies = first.verifier.answers.map((body) => readAnswer(body).vpToken.person?.[0]?.split('~')[0])
    expect(new Set(copies).size).toBe(copies.length)
  }
})

test('the log tells of everything that happened, by name and without values', async () => {
  const { holder, issuer, verifier, person, store } = world()
  const { credentialId } = theOne(await holder.accept(issuer.link))
  await holder.present(verifier.request())
  person.agrees = false
  await outcomeOf(() => holder.present(verifier.request()))
  await holder.forget(credentialId)
  const shown = [{ vct: PERSON_VCT, paths: expect.any(Array) }]
  const entries = await entriesOf({ holder })
  expect(entries).toEqual([
    { at: NOW, event: 'received', credentialIssuer: 'https://issuer.example', vct: PERSON_VCT, copies: 4 },
    { at: NOW, event: 'presenting', verifier: CLIENT_ID, shown },
    { at: NOW, event: 'accepted', verifier: CLIENT_ID, shown },
    { at: NOW, event: 'denied', verifier: CLIENT_ID, shown: [] },
    { at: NOW, event: 'deleted', credentialId },
  ])
  expect(entries[1]).toMatchObject({
    shown: [
      {
        paths: [
          ['age_equal_or_over', '18'],
          ['nationalities', 0],
        ],
      },
    ],
  })
  const kept = JSON.stringify(entries)
  for (const value of ['true', 'UTO', 'Anna', '1974']) expect(kept).not.toContain(value)
  expect(await keysIn(store)).toEqual([])
})

test.each([
  { copies: 0 },
  { copies: 101 },
  { copies: 1.5 },
  { copies: Number.NaN },
  { algs: [] },
  { algs: ['HS256' as 'ES256'] },
  { clockSkew: -1 },
  { clockSkew: Number.NaN },
  { clockSkew: 3600 },
])('settings that cannot work are refused: %j', (settings) => {
  const { ports } = world()
  expect(outcomeOf(() => createHolder(ports, { ...defaultSettings, ...settings }))).toBe('settings_invalid')
})

async function acceptInto(store: World['store']) {
  const issuer = testIssuer()
  return theOne(await world({ issuer, store }).holder.accept(issuer.link))
}

async function entriesOf({ holder }: Pick<World, 'holder'>): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = []
  for await (const entry of holder.log()) entries.push(entry)
  return entries
}

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
