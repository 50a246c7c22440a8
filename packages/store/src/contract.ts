/**
 * The contract of a store: every adapter runs it. It is the full definition of `Store`; the rows
 * `STO-…` of the specification name its tests.
 */
import { concurrencyContract } from './contract/concurrency.ts'
import { expiryContract } from './contract/expiry.ts'
import { lifetimeContract } from './contract/lifetime.ts'
import { limitsContract } from './contract/limits.ts'
import { logsContract } from './contract/logs.ts'
import { rangeContract } from './contract/range.ts'
import { recordsContract } from './contract/records.ts'
import { type ContractRunner, type OpenStore, scenarios } from './contract/scenario.ts'

export type { ContractExpectation, ContractRunner, OpenedStore, OpenStore } from './contract/scenario.ts'

/**
 * Registers the contract's tests with the runner that is given.
 *
 * @param runner `test` and `expect` of vitest, or anything of that shape
 * @param name which store, as it will stand in the titles
 * @param open opens an empty store that tells the time by the clock it is given; with `reopen`, opens
 *   the same state again after `close`, for stores that outlive their handle
 */
export function storeContract(runner: ContractRunner, name: string, open: OpenStore): void {
  const test = scenarios(runner, name, open)
  recordsContract(test)
  rangeContract(test)
  expiryContract(test)
  logsContract(test)
  concurrencyContract(test)
  limitsContract(test)
  lifetimeContract(test)
}
