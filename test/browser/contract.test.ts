/**
 * The contracts that ran in Node run in a real Chromium: WebCrypto, the portable primitives, and holder keys in
 * IndexedDB.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeBase64url } from '@facet-id/credential/base64url'
import type { SignatureCheck } from '@facet-id/credential/jose'
import { readJwe } from '@facet-id/credential/jwe'
import type { WycheproofFiles } from '@facet-id/crypto/contract'
import {
  checkSignatures,
  generateEncryptionKey,
  generateKey,
  jweOpenerOf,
  random,
  sealerOf,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import { sharedVectors } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { bundleOf } from './bundle.ts'
import { openPage } from './chromium.ts'
import type {} from './page.ts'
import { createPageRunner } from './page-runner.ts'
import { registerPageTests } from './page-tests.ts'

const opened = await openPage(await bundleOf(fileURLToPath(new URL('page.ts', import.meta.url)), ['browser']))
const lacking = 'lacking' in opened ? opened.lacking : undefined
if (lacking !== undefined) console.log(`There is no Chromium here, so its tests are skipped: ${lacking}`)

const wycheproof = readWycheproof()

/** The page, in tests that are skipped where there is none. */
function thePage() {
  if ('lacking' in opened) throw new Error('there is no page')
  return opened.page
}

if (!('lacking' in opened)) {
  await opened.page.waitForFunction('globalThis.facet !== undefined')
  await opened.page.evaluate((files) => globalThis.facet.begin(files), wycheproof)
}

afterAll(async () => {
  if (!('lacking' in opened)) await opened.close()
})

const titles = createPageRunner()
registerPageTests(titles, { open: () => undefined as never }, wycheproof)

for (const title of titles.titles) {
  test.skipIf(lacking !== undefined)(`${title} in Chromium`, async () => {
    expect(await thePage().evaluate((name) => globalThis.facet.run(name), title)).toBe(undefined)
  })
}

if (wycheproof === undefined) {
  test.skip('the vectors of Wycheproof are not beside the checkout', () => undefined)
}

test.skipIf(lacking !== undefined)('the page ran all of them, and nothing failed beside them', async () => {
  expect(titles.titles.length).toBeGreaterThan(80)
  expect('uncaught' in opened ? opened.uncaught : undefined).toEqual([])
})

test.skipIf(lacking !== undefined)(
  'KEY-29 a key made in Chromium signs for Node, and cannot be exported',
  async () => {
    const signed = await thePage().evaluate((data) => globalThis.facet.services.sign(data), 'header.payload')
    const { exported, ...check } = signed as SignatureCheck & { exported: string }
    expect(exported).toBe('InvalidAccessError')
    expect(checkSignatures([{ ...check, signature: Uint8Array.from(check.signature) }])).toEqual(['valid'])
  },
)

test.skipIf(lacking !== undefined)('KEY-1 Chromium verifies what Node signed', async () => {
  const { publicJwk, privateJwk } = generateKey()
  const signature = [...signerOf(privateJwk).sign(Buffer.from('text'))]
  const ask = (data: string) =>
    thePage().evaluate(([key, text, bytes]) => globalThis.facet.services.check('ES256', key, text, bytes), [
      publicJwk,
      data,
      signature,
    ] as const)
  expect(await ask('text')).toEqual(['valid'])
  expect(await ask('other')).toEqual(['invalid'])
})

test.skipIf(lacking !== undefined)('JWE-INTEROP Chromium and Node open what each other sealed', async () => {
  const { publicJwk, privateJwk } = generateEncryptionKey()
  const sealed = await thePage().evaluate(([text, key]) => globalThis.facet.services.sealJwe(text, key), [
    'to Node',
    publicJwk,
  ] as const)
  const open = jweOpenerOf(privateJwk)
  const jwe = readJwe(sealed, { encs: ['A256GCM'], maxBytes: 10_000 })
  expect(new TextDecoder().decode(await open(jwe))).toBe('to Node')

  const agreement = await thePage().evaluateHandle(() => globalThis.facet.services.agreement())
  const key = await agreement.evaluate(({ publicJwk: jwk }) => jwk)
  const text = await sealJwe(new TextEncoder().encode('to Chromium'), { key: key as never, enc: 'A128GCM' })
  expect(await agreement.evaluate(({ open: openIt }, given) => openIt(given), text)).toBe('to Chromium')
})

test.skipIf(lacking !== undefined)('KEY-11 Chromium opens what Node sealed at rest', async () => {
  const key = random(32)
  const sealed = sealerOf(key).seal(new TextEncoder().encode('kept'), 'place')
  const given = [writeBase64url(key), writeBase64url(sealed)] as const
  expect(await thePage().evaluate(([k, s]) => globalThis.facet.services.openSealed(k, s), given)).toBe('kept')
})

function readWycheproof(): WycheproofFiles | undefined {
  const folder = sharedVectors('wycheproof')
  if (folder === undefined) return undefined
  const file = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  return {
    ecdsa: file('ecdsa_secp256r1_sha256_p1363_test'),
    ed25519: file('ed25519_test'),
    jwk: file('json_web_key_test'),
  }
}
