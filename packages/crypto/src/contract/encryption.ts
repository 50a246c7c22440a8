import { readBase64urlText, utf8, writeBase64url, writeBase64urlText } from '@facet-id/credential/base64url'
import {
  type EncryptionJwk,
  type Jwe,
  jweEncryptions,
  type OpenJwe,
  readEncryptionJwk,
  readJwe,
} from '@facet-id/credential/jwe'
import { bytesOf, outcomeOf, type ScenarioTest, turned } from './scenario.ts'

const plain = utf8('{"vp_token":{}}')
const read = (text: string): Jwe => readJwe(text, { encs: jweEncryptions, maxBytes: 1_000_000 })

/** Messages encrypted to a key. */
export function encryptionContract<S, A>(test: ScenarioTest<S, A>): void {
  test('JWE-SEAL, JWE-OPEN opens what was sealed to its key, whatever was mixed in', async ({
    suite,
    expect,
  }) => {
    const { publicJwk, privateKey } = await suite.generateEncryptionKey()
    const open = suite.openerOf(privateKey)
    const parties = [
      {},
      { apu: 'QWxpY2U' },
      { apv: 'Qm9i' },
      { apu: '', apv: 'Qg' },
      { apu: 'QQ', apv: 'Qg' },
    ]
    for (const enc of jweEncryptions) {
      for (const party of parties) {
        for (const bytes of [plain, new Uint8Array(0), suite.random(10_000)]) {
          const text = await suite.sealJwe(bytes, { key: publicJwk, enc, ...party })
          expect(await open(read(text))).toEqual(bytes)
        }
      }
    }
  })

  test('JWE-SEAL writes what the reader takes: the names of key and parties, and nothing private', async ({
    suite,
    expect,
  }) => {
    const { publicJwk } = await suite.generateEncryptionKey()
    const key: EncryptionJwk = readEncryptionJwk({ ...publicJwk, kid: 'enc-1' })
    const text = await suite.sealJwe(plain, { key, enc: 'A256GCM', apu: 'QWxpY2U', apv: 'Qm9i' })
    const { header } = read(text)
    expect([header.alg, header.enc, header.kid, header.apu, header.apv]).toEqual([
      'ECDH-ES',
      'A256GCM',
      'enc-1',
      'QWxpY2U',
      'Qm9i',
    ])
    const members: Readonly<Record<string, unknown>> = JSON.parse(readBase64urlText(text.split('.')[0] ?? ''))
    expect(Object.keys(members).sort()).toEqual(['alg', 'apu', 'apv', 'enc', 'epk', 'kid'])
    expect(Object.keys(members.epk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    const bare = read(await suite.sealJwe(plain, { key: publicJwk, enc: 'A128GCM' })).header
    expect(Object.keys(bare).sort()).toEqual(['alg', 'enc', 'epk'])
  })

  test('JWE-SEAL makes a key and a vector for each message', async ({ suite, expect }) => {
    const { publicJwk } = await suite.generateEncryptionKey()
    const keys = new Set<string>()
    const vectors = new Set<string>()
    for (const _ of Array.from({ length: 30 })) {
      const { header, iv } = read(await suite.sealJwe(plain, { key: publicJwk, enc: 'A128GCM' }))
      keys.add(header.epk.x)
      vectors.add(writeBase64url(iv))
    }
    expect([keys.size, vectors.size]).toEqual([30, 30])
  })

  test('JWE-SEAL encrypts to nothing that is no point of P-256, or is for something else', async ({
    suite,
    expect,
  }) => {
    const { publicJwk } = await suite.generateEncryptionKey()
    const zero = writeBase64url(new Uint8Array(32))
    const changes: readonly object[] = [
      { x: zero, y: zero },
      { y: publicJwk.x },
      { x: writeBase64url(new Uint8Array(32).fill(0xff)) },
      { x: publicJwk.x.slice(0, -2) },
      { use: 'sig' },
      { alg: 'ECDH-ES+A128KW' },
      { crv: 'P-384' },
      { kty: 'OKP' },
    ]
    for (const change of changes) {
      const key: EncryptionJwk = { ...publicJwk, ...change }
      expect(await outcomeOf(() => suite.sealJwe(plain, { key, enc: 'A128GCM' }))).toBe('key_unusable')
    }
  })

  test('JWE-PARTY encrypts to nobody who is to be the sender as well', async ({ suite, expect }) => {
    const { publicJwk } = await suite.generateEncryptionKey()
    const alike = { key: publicJwk, enc: 'A128GCM', apu: 'QQ', apv: 'QQ' } as const
    expect(await outcomeOf(() => suite.sealJwe(plain, alike))).toBe('jwe_parties_alike')
  })

  test('JWE-OPEN refuses in one way whatever was changed: any bit of text, tag, vector or header', async ({
    suite,
    expect,
  }) => {
    const { publicJwk, privateKey } = await suite.generateEncryptionKey()
    const open = suite.openerOf(privateKey)
    const jwe = read(await suite.sealJwe(plain, { key: publicJwk, enc: 'A128GCM', apu: 'QQ', apv: 'Qg' }))
    const broken = async (change: Partial<Jwe>): Promise<void> => {
      expect(await outcomeOf(() => open({ ...jwe, ...change }))).toBe('jwe_broken')
    }
    for (let bit = 0; bit < 8 * 16; bit += 5) await broken({ tag: turned(jwe.tag, bit) })
    for (let bit = 0; bit < 8 * 12; bit += 5) await broken({ iv: turned(jwe.iv, bit) })
    for (let bit = 0; bit < 8 * plain.length; bit += 5)
      await broken({ ciphertext: turned(jwe.ciphertext, bit) })
    await broken({ ciphertext: jwe.ciphertext.subarray(1) })
    await broken({ ciphertext: new Uint8Array(0) })
    await broken({ tag: jwe.tag.subarray(0, 4) })
    await broken({ tag: new Uint8Array(0) })
    await broken({ iv: jwe.iv.subarray(1) })
  })

  test('JWE-OPEN refuses in one way another apu, apv, enc, key or point', async ({ suite, expect }) => {
    const { publicJwk, privateKey } = await suite.generateEncryptionKey()
    const open = suite.openerOf(privateKey)
    const text = await suite.sealJwe(plain, { key: publicJwk, enc: 'A128GCM', apu: 'QQ', apv: 'Qg' })
    const { epk } = read(text).header
    const zero = writeBase64url(new Uint8Array(32))
    const changes: readonly object[] = [
      { apu: 'QQE' },
      { apv: '' },
      { apu: undefined },
      { apu: 'Qg', apv: 'QQ' },
      { enc: 'A256GCM' },
      { kid: 'other' },
      { epk: { ...epk, x: zero, y: zero } },
      { epk: { ...epk, y: epk.x } },
      { epk: { ...epk, x: writeBase64url(bytesOf(2n ** 256n - 1n, 32)) } },
      { epk: (await suite.generateEncryptionKey()).publicJwk },
    ]
    for (const change of changes) {
      expect(await outcomeOf(() => open(read(withHeader(text, change))))).toBe('jwe_broken')
    }
    const stranger: OpenJwe = suite.openerOf((await suite.generateEncryptionKey()).privateKey)
    expect(await outcomeOf(() => stranger(read(text)))).toBe('jwe_broken')
    expect(await open(read(text))).toEqual(plain)
  })
}

/** The text with members of its header changed, and nothing else. */
function withHeader(text: string, change: object): string {
  const [head = '', ...rest] = text.split('.')
  const header: object = { ...JSON.parse(readBase64urlText(head)), ...change }
  return [writeBase64urlText(JSON.stringify(header)), ...rest].join('.')
}
