/**
 * The contract of a suite of primitives: every implementation runs it. It is the full definition of
 * `CryptoSuite`; the rows `KEY-…` and `JWE-…` of the specification name its tests.
 */
import { digestsContract } from './contract/digests.ts'
import { edwardsContract } from './contract/edwards.ts'
import { encryptionContract } from './contract/encryption.ts'
import { keysContract } from './contract/keys.ts'
import { passphrasesContract } from './contract/passphrases.ts'
import { pointsContract } from './contract/points.ts'
import { type ContractRunner, scenarios } from './contract/scenario.ts'
import { sealingContract } from './contract/sealing.ts'
import { signaturesContract } from './contract/signatures.ts'
import { zlibContract } from './contract/zlib.ts'
import type { CryptoSuite } from './suite.ts'

export type { ContractExpectation, ContractRunner } from './contract/scenario.ts'
export { type WycheproofFiles, wycheproofContract } from './contract/wycheproof.ts'

/**
 * Registers the contract's tests with the runner that is given.
 *
 * @param runner `test` and `expect` of vitest, or anything of that shape
 * @param name which suite, as it will stand in the titles
 */
export function cryptoContract<SigningKey, AgreementKey>(
  runner: ContractRunner,
  name: string,
  suite: CryptoSuite<SigningKey, AgreementKey>,
): void {
  const test = scenarios(runner, name, suite)
  digestsContract(test)
  keysContract(test)
  signaturesContract(test)
  pointsContract(test)
  edwardsContract(test)
  zlibContract(test)
  sealingContract(test)
  encryptionContract(test)
  passphrasesContract(test)
}
