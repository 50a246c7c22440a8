import { checkSignatures, hash } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readRevocationList } from '../certificate/crl.ts'
import type { EditionRules, LastEdition } from '../lists/edition.ts'
import { type Made, now, root } from './authority.test-support.ts'
import { checksOfRevocationList, judgeRevocationList } from './revocation-edition.ts'

function judge(der: Uint8Array, by: readonly Made[], given: Partial<EditionRules> = {}) {
  const list = readRevocationList(der)
  const anchors = by.map(({ certificate }) => ({ id: 'uto', certificate }))
  const verdicts = checkSignatures(checksOfRevocationList(list, anchors))
  return judgeRevocationList(list, verdicts, { now, skewSeconds: 30, hash, ...given })
}

function codeOf(...given: Parameters<typeof judge>): string {
  const outcome = judge(...given)
  return outcome.outcome === 'accepted' ? 'accepted' : outcome.code
}

function lastOf(...given: Parameters<typeof judge>): LastEdition {
  const outcome = judge(...given)
  if (outcome.outcome === 'refused') throw new Error(outcome.code)
  return outcome.last
}

test('TRU-21 a revocation list counts that an anchor with its name signed, now', async () => {
  const [ours, other, namesake] = [await root(), await root({ name: 'C=UTO, O=Other' }), await root()]
  const list = await ours.revoke(['0badc0de'])
  expect(codeOf(list, [ours])).toBe('accepted')
  expect(codeOf(list, [other, ours])).toBe('accepted')
  expect(codeOf(list, [])).toBe('signature_invalid')
  expect(codeOf(list, [other])).toBe('signature_invalid')
  expect(codeOf(list, [namesake])).toBe('signature_invalid')
  expect(codeOf(await ours.revoke([], { from: now + 31, until: now + 100 }), [ours])).toBe('not_yet_valid')
  expect(codeOf(await ours.revoke([], { until: now }), [ours])).toBe('expired')
})

test('TRU-21 an authority that may sign no lists signs none', async () => {
  // keyCertSign alone.
  const ours = await root({ usage: 32 })
  expect(codeOf(await ours.revoke([]), [ours])).toBe('signature_invalid')
})

test('TRU-21 an older revocation list does not come back, nor another under its number', async () => {
  const ours = await root()
  const list = await ours.revoke(['0badc0de'])
  const last = lastOf(list, [ours])
  expect(codeOf(list, [ours], { last })).toBe('accepted')
  expect(codeOf(await ours.revoke([]), [ours], { last })).toBe('forked')
  expect(codeOf(list, [ours], { last: { ...last, sequence: last.sequence + 1 } })).toBe('rolled_back')
  expect(codeOf(await ours.revoke([]), [ours], { last: { ...last, sequence: last.sequence - 1 } })).toBe(
    'accepted',
  )
})
