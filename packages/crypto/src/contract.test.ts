import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedVectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { cryptoContract, type WycheproofFiles, wycheproofContract } from './contract.ts'
import { random } from './node/random.ts'
import { suite as nodeSuite } from './node/suite.ts'
import { portableSuite } from './portable/suite.ts'
import { suite as webSuite } from './web/suite.ts'

const runner = { test, expect }
const portable = portableSuite(random)

cryptoContract(runner, 'node', nodeSuite)
// Browsers run it too, in `test/browser`; this is Node's own WebCrypto.
cryptoContract(runner, 'web', webSuite)
cryptoContract(runner, 'portable', portable)

const folder = sharedVectors('wycheproof')
const file = (name: string) => JSON.parse(readFileSync(join(folder ?? '', `${name}.json`), 'utf8'))

if (folder === undefined) {
  test.skip('the vectors of Wycheproof are not beside the checkout', () => undefined)
} else {
  const files: WycheproofFiles = {
    ecdsa: file('ecdsa_secp256r1_sha256_p1363_test'),
    ed25519: file('ed25519_test'),
    jwk: file('json_web_key_test'),
  }
  wycheproofContract(runner, 'node', nodeSuite, files)
  wycheproofContract(runner, 'web', webSuite, files)
  wycheproofContract(runner, 'portable', portable, files)
}
