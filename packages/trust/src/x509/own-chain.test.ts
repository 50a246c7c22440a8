import { checkSignatures } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type Made, now, root } from './authority.test-support.ts'
import { readOwnChain } from './own-chain.ts'
import { purposes } from './purpose.ts'

const rules = { now, purposes: purposes.issuer }

/** What is wrong with a chain that one is about to sign with, or how much of it is sent. */
function said(chain: readonly Made[]): string {
  const own = readOwnChain(
    chain.map(({ der }) => der),
    rules,
  )
  if ('code' in own) return `${own.code} ${own.at}`
  const isSigned = checkSignatures(own.checks).every((verdict) => verdict === 'valid')
  return `${own.certificates.length} sent, ${isSigned ? 'signed' : 'forged'}`
}

test('X509-25 a chain that one signs with is held to all that needs no anchor', async () => {
  const top = await root()
  const between = await top.issue({ name: 'C=UTO, O=Between', pathLength: 0 })
  const own = await between.issue({ purposes: purposes.issuer })
  expect(said([own, between])).toBe('2 sent, signed')
  expect(said([own])).toBe('1 sent, signed')
  expect(said([between, own])).toBe('order_wrong 1')
  expect(said([own, top])).toBe('order_wrong 1')
  expect(said([top])).toBe('leaf_self_signed 0')
  expect(said([])).toBe('unreadable 0')
  expect(said([await between.issue({ purposes: purposes.issuer, until: now - 1 }), between])).toBe(
    'expired 0',
  )
  expect(said([await between.issue({ purposes: purposes.issuer, from: now + 1 }), between])).toBe(
    'not_yet_valid 0',
  )
  expect(said([await between.issue({ purposes: purposes.verifier }), between])).toBe('purpose_wrong 0')
  expect(said([await between.issue({ pathLength: null }), between])).toBe('key_usage_wrong 0')
})

test('X509-25 a root at the end is looked at, and not sent', async () => {
  const top = await root()
  const own = await top.issue({ purposes: purposes.issuer })
  expect(said([own, top])).toBe('1 sent, signed')
  // Another root of the same name: without its key identifier only the signature tells them apart.
  const { keys, ...other } = await root()
  expect(said([own, { ...other, keys }])).toBe('order_wrong 1')
})
