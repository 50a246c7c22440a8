/**
 * What a test of the contract works with: the suite, and the runner's `expect`. Runners are named by shape, so
 * that the contract runs in a page as it runs in a test. Nothing here leans on a platform.
 */
import { CredentialError } from '@facet-id/credential/error'
import { CryptoError } from '../error.ts'
import type { CryptoSuite } from '../suite.ts'

export interface ContractExpectation {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
}

export interface ContractRunner {
  readonly test: (title: string, body: () => Promise<void>) => unknown
  readonly expect: (actual: unknown) => ContractExpectation
}

/** What the suite calls a private key is nothing to the contract but a handle to give back. */
export interface Scenario<S, A> {
  readonly suite: CryptoSuite<S, A>
  readonly expect: ContractRunner['expect']
}

export type ScenarioTest<S, A> = (title: string, body: (scenario: Scenario<S, A>) => Promise<void>) => void

/** Makes the `test` of the contract's files. */
export function scenarios<S, A>(
  { test, expect }: ContractRunner,
  name: string,
  suite: CryptoSuite<S, A>,
): ScenarioTest<S, A> {
  return (title, body) => {
    test(`${title} [${name}]`, () => body({ suite, expect }))
  }
}

/** `accepted`, or the code of the error. */
export async function outcomeOf(action: () => unknown): Promise<string> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    if (error instanceof CryptoError || error instanceof CredentialError) return error.code
    throw error
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The bytes with one bit of them turned. */
export function turned(bytes: Uint8Array, bit: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}

/** A number of a curve, big-endian. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

export function bytesOf(number: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, at) =>
    Number((number >> BigInt(8 * (width - 1 - at))) & 0xffn),
  )
}
