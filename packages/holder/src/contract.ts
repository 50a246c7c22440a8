/**
 * The contract of the keys that credentials are bound to: every adapter of `HolderKeys` runs it, with its keys
 * in software, in a browser or in hardware. It is the full definition of the port.
 */
import type { CheckSignatures } from '@facet-id/credential/jose'
import { HolderError } from './error.ts'
import type { HolderKey, HolderKeys } from './shelf/keys.ts'

export interface ContractExpectation {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
}

export interface ContractRunner {
  readonly test: (title: string, body: () => Promise<void>) => unknown
  readonly expect: (actual: unknown) => ContractExpectation
}

export interface OpenedKeys {
  readonly keys: HolderKeys
  /** Another handle on the same keys, as after a restart of the application. */
  readonly reopen: () => HolderKeys | Promise<HolderKeys>
}

/**
 * Registers the contract's tests with the runner that is given.
 *
 * @param runner `test` and `expect` of vitest, or anything of that shape
 * @param name which adapter, as it will stand in the titles
 * @param open opens keys of which there are none yet
 * @param checkSignatures what verifies: another implementation than the one that signs tells more
 */
export function holderKeysContract(
  { test, expect }: ContractRunner,
  name: string,
  open: () => OpenedKeys | Promise<OpenedKeys>,
  checkSignatures: CheckSignatures,
): void {
  const data = Uint8Array.from('header.payload', (char) => char.charCodeAt(0))

  async function verdictOf({ alg, publicJwk }: HolderKey, signature: Uint8Array): Promise<unknown> {
    return (await checkSignatures([{ alg, key: publicJwk, data, signature }]))[0]
  }

  test(`KEY-30 a key signs what is checked with its public half, also after a restart [${name}]`, async () => {
    const { keys, reopen } = await open()
    const key = theOne(await keys.create(['a.0']))
    expect(await verdictOf(key, await keys.sign('a.0', data))).toBe('valid')
    expect(await verdictOf(key, await (await reopen()).sign('a.0', data))).toBe('valid')
  })

  test(`KEY-30 asked again for a name, it answers with the same key, in the order asked [${name}]`, async () => {
    const { keys, reopen } = await open()
    const first = await keys.create(['a.0', 'a.1'])
    const more = await (await reopen()).create(['a.1', 'a.2', 'a.0'])
    expect(more.map(({ keyId }) => keyId)).toEqual(['a.1', 'a.2', 'a.0'])
    expect([more[2], more[0]]).toEqual(first)
    expect(await keys.create([])).toEqual([])
    expect(await keys.create(['a.2'])).toEqual(more.slice(1, 2))
  })

  test(`KEY-30 each name has a key of its own [${name}]`, async () => {
    const { keys } = await open()
    const made = await keys.create(['a.0', 'a.1', 'a_0', 'a-0', 'A.0'])
    expect(new Set(made.map(({ publicJwk }) => publicJwk.x)).size).toBe(5)
    const [one, other] = made
    if (one === undefined || other === undefined) throw new Error('five keys were asked for')
    expect(await verdictOf(other, await keys.sign(one.keyId, data))).toBe('invalid')
  })

  test(`KEY-30 of two that make the same key at once, no two keys come [${name}]`, async () => {
    const { keys, reopen } = await open()
    const settled = await Promise.allSettled([keys.create(['a.0']), keys.create(['a.0'])])
    const kept = await (await reopen()).create(['a.0'])
    const told = settled.map((result) =>
      result.status === 'fulfilled' ? theOne(result.value).publicJwk : codeOf(result.reason),
    )
    const same = theOne(kept).publicJwk
    for (const answer of told) expect(answer).toEqual(typeof answer === 'string' ? 'state_contended' : same)
    expect(told.some((answer) => typeof answer !== 'string')).toBe(true)
  })

  test(`KEY-31 what is told of a key is its name, its algorithm and its public half [${name}]`, async () => {
    const { keys } = await open()
    const key = theOne(await keys.create(['a.0']))
    expect(Object.keys(key).sort()).toEqual(['alg', 'keyId', 'publicJwk'])
    const members = key.publicJwk.kty === 'EC' ? ['crv', 'kty', 'x', 'y'] : ['crv', 'kty', 'x']
    expect(Object.keys(key.publicJwk).sort()).toEqual(members)
  })

  test(`KEY-32 a forgotten key signs nothing any more, and forgetting it again is no error [${name}]`, async () => {
    const { keys, reopen } = await open()
    const [gone] = await keys.create(['a.0', 'a.1'])
    await keys.forget(['a.0', 'b.0'])
    await keys.forget(['a.0'])
    await keys.forget([])
    expect(await outcomeOf(keys.sign('a.0', data))).toBe('credential_unknown')
    expect(await outcomeOf((await reopen()).sign('a.0', data))).toBe('credential_unknown')
    expect(await outcomeOf(keys.sign('a.1', data))).toBe('accepted')
    // The name is free again, for another key.
    const anew = theOne(await keys.create(['a.0']))
    expect(anew.publicJwk.x === gone?.publicJwk.x).toBe(false)
    expect(await verdictOf(anew, await keys.sign('a.0', data))).toBe('valid')
  })

  test(`KEY-32 a name that never had a key signs nothing [${name}]`, async () => {
    const { keys } = await open()
    expect(await outcomeOf(keys.sign('constructor', data))).toBe('credential_unknown')
  })
}

function theOne(keys: readonly HolderKey[]): HolderKey {
  const [key] = keys
  if (key === undefined) throw new Error('one key was asked for')
  return key
}

async function outcomeOf(signed: Uint8Array | Promise<Uint8Array>): Promise<string> {
  try {
    await signed
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof HolderError) return error.code
  throw error
}
