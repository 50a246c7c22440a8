import type { SignatureCheck } from '@facet-id/credential/jose'
import { keyPairFor, outcomeOf, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { checkSignatures } from '../verify.ts'
import { createCheckPool } from './check-pool.ts'

const algs = ['ES256', 'ES384', 'ES512', 'EdDSA'] as const
const checks: readonly SignatureCheck[] = Array.from({ length: 300 }, (_, at) => {
  const alg = algs[at % algs.length] ?? 'ES256'
  const { publicJwk, privateJwk } = keyPairFor(alg)
  const signature = signerFor(alg, privateJwk).sign(Buffer.from(`text ${at}`))
  return { alg, key: publicJwk, data: at % 7 === 0 ? 'other' : `text ${at}`, signature }
})

test('KEY-33 workers answer as the calling thread does, in order, however the checks are asked', async () => {
  const pool = createCheckPool({ workers: 2 })
  try {
    const expected = checkSignatures(checks)
    expect(new Set(expected)).toEqual(new Set(['valid', 'invalid']))
    expect(await pool.checkSignatures(checks)).toEqual(expected)
    const one = await Promise.all(checks.map((check) => pool.checkSignatures([check])))
    expect(one.flat()).toEqual(expected)
    expect(await pool.checkSignatures([])).toEqual([])
  } finally {
    await pool.close()
  }
})

test('KEY-33 what is hostile is a verdict among the others, and no failure', async () => {
  const pool = createCheckPool({ workers: 1 })
  try {
    const [good] = checks.slice(1)
    if (good === undefined) throw new Error('there are checks')
    const strayed: object = { ...good, key: { ...good.key, x: null } }
    const asked = [good, strayed as SignatureCheck, { ...good, signature: new Uint8Array(2 ** 20) }, good]
    expect(await pool.checkSignatures(asked)).toEqual(['valid', 'key_unusable', 'invalid', 'valid'])
  } finally {
    await pool.close()
  }
})

test('KEY-33 a pool that was closed says so', async () => {
  const pool = createCheckPool({ workers: 1 })
  await pool.checkSignatures(checks.slice(0, 3))
  await pool.close()
  await pool.close()
  expect(await outcomeOf(() => Promise.resolve(pool.checkSignatures(checks.slice(0, 3))))).toBe('pool_closed')
})
