import type { Store } from '@facet-id/store'
import { createTrust } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { type Follower, follower, ministry, page, rulesFor, start, url } from './following.test-support.ts'
import { refreshDue } from './refresh-due.ts'
import { listSource } from './sources.ts'

const vct = 'urn:facet:person:1'

function decide({ document, clock }: Follower, issuer = 'did:jwk:a'): string {
  const { decision, why } = createTrust([listSource(document)], clock.now).mayIssue({ issuer, vct })
  return `${decision}: ${why}`
}

const trusted = 'trusted: The issuer is trusted for credentials of this type.'

test('TRU-22 a list is fetched when it is due, and not when somebody is asked about', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition()))
  expect(decide(one)).toBe('undetermined: It has not been fetched yet.')
  await refreshDue([one.document], start)
  for (let at = 0; at < 50; at++) expect(decide(one)).toBe(trusted)
  await refreshDue([one.document], start + 3599)
  expect(one.asked).toEqual([url])
  one.clock.advance(3600)
  await refreshDue([one.document], one.clock.now())
  expect(one.asked).toEqual([url, url])
  expect(one.document.believed()).toMatchObject({ sequence: 1, fetchedAt: start + 3600 })
  // What did not change is the very same: whoever made something of it keeps that.
  const content = one.document.believed()?.content
  await one.document.refresh()
  expect(one.document.believed()?.content).toBe(content)
})

test('TRU-22 many who want it refreshed share one fetch', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition()))
  await Promise.all(Array.from({ length: 20 }, () => one.document.refresh()))
  expect(one.asked).toEqual([url])
  expect(decide(one)).toBe(trusted)
})

test('TRU-22 a list that ends soon is asked for before its end, within bounds', async () => {
  const ours = ministry()
  const dueIn = async (expiresAt: number): Promise<number> => {
    const other = follower(ours)
    other.publish(page(ours.edition({ expiresAt })))
    await other.document.refresh()
    return other.document.dueAt() - start
  }
  expect(await dueIn(start + 1)).toBe(60)
  expect(await dueIn(start + 1000)).toBe(500)
  expect(await dueIn(start + 1_000_000)).toBe(3600)
})

test('TRU-22 whoever fails is asked again later and later, and one success ends that', async () => {
  const ours = ministry()
  const one = follower(ours)
  const waits: number[] = []
  for (let at = 0; at < 8; at++) {
    await one.document.refresh()
    waits.push(one.document.dueAt() - start)
  }
  expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600])
  one.publish(page(ours.edition()))
  await one.document.refresh()
  one.publish(page('nonsense'))
  await one.document.refresh()
  expect(one.document.dueAt() - start).toBe(60)
})

test('TRU-23 while no newer list can be had the old one counts until it expires, and then nobody is trusted', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition({ expiresAt: start + 100, rules: rulesFor('did:jwk:a', ['did:jwk:b']) })))
  await one.document.refresh()
  for (const answer of [
    () => Promise.reject(Object.assign(new Error('SPECIMEN'), { code: 'peer_timed_out' })),
    page('nonsense'),
    page(ministry().edition({ sequence: 2 })),
    page(ours.edition({ sequence: 2, environment: 'production' })),
    page(ours.edition({ sequence: 2, issuedAt: start + 61, expiresAt: start + 99 })),
    page(ours.edition({ sequence: 2, expiresAt: start })),
  ]) {
    one.publish(answer)
    await one.document.refresh()
    expect(one.document.failure()).toMatch(/^[A-Z].+\.$/)
    expect(one.document.failure()).not.toContain('SPECIMEN')
    expect(decide(one)).toBe(trusted)
  }
  one.clock.advance(100)
  expect(decide(one)).toBe('undetermined: The list has expired, and no newer one is here.')
  expect(decide(one, 'did:jwk:b')).toBe('not_trusted: The party is on a block list.')
  const again = one.restarted()
  await again.document.load()
  expect(decide(again)).toBe('undetermined: The list has expired, and no newer one is here.')
  expect(decide(again, 'did:jwk:b')).toBe('not_trusted: The party is on a block list.')
})

test('TRU-23 what is no answer of its kind is no list: redirects, errors, other types', async () => {
  const ours = ministry()
  const one = follower(ours)
  const good = page(ours.edition())
  for (const answer of [
    { ...good, status: 301, headers: { ...good.headers, location: url } },
    { ...good, status: 404 },
    { ...good, status: 500 },
    page(ours.edition(), 'text/html'),
    page(ours.edition(), ''),
    { ...good, headers: {} },
    page(Uint8Array.of(0xff, 0xfe)),
    page(''),
  ]) {
    one.publish(answer)
    await one.document.refresh()
    expect(one.document.believed()).toBeUndefined()
  }
  expect(decide(one)).toMatch(/^undetermined: It is not here, or could not be believed\. /)
  for (const type of ['application/jwt', 'application/JOSE; charset=utf-8']) {
    const other = follower(ours)
    other.publish(page(ours.edition(), type))
    await other.document.refresh()
    expect(decide(other)).toBe(trusted)
  }
})

test('TRU-24 an older edition does not come back, nor another under its number, also after a restart', async () => {
  const ours = ministry()
  const one = follower(ours)
  const first = page(ours.edition({ rules: rulesFor('did:jwk:old') }))
  one.publish(page(ours.edition({ sequence: 2 })))
  await one.document.refresh()
  for (const next of [one, one.restarted(), one.restarted()]) {
    next.publish(first)
    await next.document.refresh()
    expect(next.document.failure()).toBe('The list is older than one that was here before.')
    expect(decide(next)).toBe(trusted)
    next.publish(page(ours.edition({ sequence: 2, rules: rulesFor('did:jwk:old') })))
    await next.document.refresh()
    expect(next.document.failure()).toBe('The list bears the number of another one that was here before.')
    expect(decide(next)).toBe(trusted)
    expect(decide(next, 'did:jwk:old')).toMatch(/^not_trusted/)
  }
})

test('TRU-24 a start without a network believes what was kept', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition()))
  await one.document.refresh()
  const again = one.restarted()
  await again.document.load()
  expect(decide(again)).toBe(trusted)
  expect(again.asked).toEqual([])
  expect(again.document.dueAt()).toBe(start + 3600)
})

test('TRU-24 what was kept counts no more when its signer was taken out of the configuration', async () => {
  const [ours, successor] = [ministry(), ministry()]
  const one = follower(ours)
  one.publish(page(ours.edition({ sequence: 5 })))
  await one.document.refresh()
  const again = follower(successor, { store: one.store, clock: one.clock })
  await again.document.load()
  expect(decide(again)).toMatch(/^undetermined: .* The list is not signed by anybody who may sign it\.$/)
  again.publish(page(successor.edition({ sequence: 4 })))
  await again.document.refresh()
  expect(decide(again)).toMatch(/^undetermined: .* The list is older than one that was here before\.$/)
  again.publish(page(successor.edition({ sequence: 6 })))
  await again.document.refresh()
  expect(decide(again)).toBe(trusted)
})

/** A process that dies at a commit: before it, or after it and before anything else. */
function dying(store: Store, when: 'before' | 'after'): Store {
  return {
    ...store,
    async commit(ops) {
      if (when === 'after') await store.commit(ops)
      throw new Error('killed')
    },
  }
}

test('TRU-24 attack 36: an edition is believed once it is kept: killed in between, the number is not forgotten', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition({ rules: rulesFor('did:jwk:first') })))
  await one.document.refresh()
  const second = page(ours.edition({ sequence: 2 }))
  const before = follower(ours, { store: dying(one.store, 'before'), clock: one.clock })
  before.publish(second)
  await before.document.refresh()
  // It was not kept, so it is not believed: after a restart nothing would stand against the first.
  expect(decide(before)).toMatch(/^not_trusted/)
  expect(decide(before, 'did:jwk:first')).toBe(trusted)
  const after = follower(ours, { store: dying(one.store, 'after'), clock: one.clock })
  after.publish(second)
  await after.document.refresh()
  const restarted = one.restarted()
  restarted.publish(page(ours.edition({ rules: rulesFor('did:jwk:first') })))
  await restarted.document.refresh()
  expect(decide(restarted)).toBe(trusted)
  expect(decide(restarted, 'did:jwk:first')).toMatch(/^not_trusted/)
})

test('TRU-24 two processes over one store do not undo one another', async () => {
  const ours = ministry()
  const one = follower(ours)
  const two = one.restarted()
  one.publish(page(ours.edition({ sequence: 3 })))
  two.publish(page(ours.edition({ sequence: 2, rules: rulesFor('did:jwk:old') })))
  await Promise.all([one.document.refresh(), two.document.refresh()])
  await Promise.all([one.document.refresh(), two.document.refresh()])
  expect(decide(one)).toBe(trusted)
  expect(decide(two)).toBe(trusted)
  expect(two.document.believed()).toMatchObject({ sequence: 3 })
})

test('TRU-24 what was kept and cannot be read lets no edition in', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition({ sequence: 2 })))
  await one.document.refresh()
  for await (const { key } of one.store.range('trust/edition'))
    await one.store.commit([{ op: 'put', ns: 'trust/edition', key, value: new Uint8Array(4) }])
  const again = one.restarted()
  await again.document.load()
  again.publish(page(ours.edition({ rules: rulesFor('did:jwk:old') })))
  await again.document.refresh()
  expect(again.document.believed()).toBeUndefined()
  expect(again.document.failure()).toMatch(/^What was kept of it cannot be read/)
})

test('TRU-24 a list of megabytes is kept in parts, and the parts of the one before go', async () => {
  const ours = ministry()
  const one = follower(ours)
  const many = (count: number) => ({
    issuers: Array.from({ length: count }, (_, at) => ({
      party: { id: `did:jwk:${'x'.repeat(300)}${at}` },
      vcts: [vct],
    })),
    verifiers: [],
    blocked: [],
  })
  const partsOf = async (): Promise<number> => {
    let parts = 0
    for await (const _ of one.store.range('trust/edition-part')) parts++
    return parts
  }
  one.publish(page(ours.edition({ rules: many(4500) })))
  await one.document.refresh()
  expect(one.document.failure()).toBeUndefined()
  expect(await partsOf()).toBe(3)
  const again = one.restarted()
  await again.document.load()
  expect(again.document.believed()?.content.issuers.length).toBe(4500)
  again.publish(page(ours.edition({ sequence: 2 })))
  await again.document.refresh()
  expect(await partsOf()).toBe(1)
})

test('TRU-22 a clock that was set back does not keep a list from being asked for', async () => {
  const ours = ministry()
  const one = follower(ours)
  one.publish(page(ours.edition({ issuedAt: start - 100_000 })))
  await one.document.refresh()
  await refreshDue([one.document], start - 50_000)
  expect(one.asked.length).toBe(2)
})
