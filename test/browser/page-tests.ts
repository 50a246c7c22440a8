/**
 * What runs in the page: every contract that a browser's side of a wallet has. The same function says to the
 * test process which titles there are, so that each is a test of its own there.
 */
import { readBase64url } from '@facet-id/credential/base64url'
import { readJwe } from '@facet-id/credential/jwe'
import { cryptoContract, type WycheproofFiles, wycheproofContract } from '@facet-id/crypto/contract'
import { type IndexedDb, indexedDbKeyShelf, webKeys } from '@facet-id/crypto/holder-keys'
import { portableSuite } from '@facet-id/crypto/portable'
import { checkSignatures, random, suite } from '@facet-id/crypto/web'
import { holderKeysContract } from '@facet-id/holder/contract'
import { createDidResolver } from '@facet-id/resolve'
import type { PageRunner } from './page-runner.ts'

const PORTABLE = portableSuite(random)

const didKey = 'did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv'
const keyOfDid = {
  kty: 'EC',
  crv: 'P-256',
  x: 'igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns',
  y: 'efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM',
}

/** @param indexedDb that of the page; nothing touches it before a test runs */
export function registerPageTests(
  runner: PageRunner,
  indexedDb: IndexedDb,
  wycheproof: WycheproofFiles | undefined,
): void {
  cryptoContract(runner, 'web', suite)
  cryptoContract(runner, 'portable', PORTABLE)
  if (wycheproof !== undefined) {
    wycheproofContract(runner, 'web', suite, wycheproof)
    wycheproofContract(runner, 'portable', PORTABLE, wycheproof)
  }
  for (const { name, expandPoint, hash, checkSignatures: check } of [
    { ...suite, name: 'web' },
    { ...PORTABLE, name: 'portable' },
  ]) {
    runner.test(`DKEY-4 ${name}: a page finds the key of a did:key on P-256`, async () => {
      const ports = { hash, expandPoint, checkSignatures: check, now: () => 1_800_000_000 }
      const { resolveKey } = createDidResolver(ports)
      const kid = `${didKey}#${didKey.slice('did:key:'.length)}`
      const answer = await resolveKey({ did: didKey, kid, relationship: 'assertionMethod' })
      runner.expect(answer).toEqual({ key: keyOfDid })
    })
  }
  let databases = 0
  for (const alg of ['ES256', 'EdDSA'] as const) {
    holderKeysContract(
      runner,
      `IndexedDB, ${alg}`,
      async () => {
        const name = `keys-${databases++}`
        const open = async () => webKeys(await indexedDbKeyShelf(indexedDb, name), alg)
        return { keys: await open(), reopen: open }
      },
      PORTABLE.checkSignatures,
    )
  }
}

/** What the other side of an interoperation asks of the page. */
export const pageServices = {
  /** A key that signs and cannot be exported, and a signature of it. */
  async sign(data: string): Promise<object> {
    const { publicJwk, privateKey } = await suite.generateKey('ES256')
    const signature = await suite.signerOf(privateKey).sign(new TextEncoder().encode(data))
    const exported = await crypto.subtle.exportKey('jwk', privateKey).then(
      () => 'exported',
      ({ name }: Error) => name,
    )
    return { alg: 'ES256', key: publicJwk, data, signature: [...signature], exported }
  },

  async check(
    alg: 'ES256',
    key: object,
    data: string,
    signature: readonly number[],
  ): Promise<readonly string[]> {
    return checkSignatures([{ alg, key: key as never, data, signature: Uint8Array.from(signature) }])
  },

  sealJwe(text: string, key: object): string | Promise<string> {
    return suite.sealJwe(new TextEncoder().encode(text), {
      key: key as never,
      enc: 'A256GCM',
      apu: 'QQ',
      apv: 'Qg',
    })
  },

  /** Makes a key, gives its public half to whoever seals, and opens what comes back. */
  async agreement(): Promise<{ readonly publicJwk: object; open(text: string): Promise<string> }> {
    const { publicJwk, privateKey } = await suite.generateEncryptionKey()
    const open = suite.openerOf(privateKey)
    return {
      publicJwk,
      open: async (text) =>
        new TextDecoder().decode(
          await open(readJwe(text, { encs: ['A128GCM', 'A256GCM'], maxBytes: 100_000 })),
        ),
    }
  },

  /** Opens what another implementation sealed at rest. */
  async openSealed(key: string, sealed: string): Promise<string> {
    return new TextDecoder().decode(
      await suite.sealerOf(readBase64url(key)).open(readBase64url(sealed), 'place'),
    )
  },
}
