import { readBase64url, utf8, writeBase64url } from '@facet-id/credential/base64url'
import {
  type EcPublicJwk,
  jwsAlgorithms,
  type PublicJwk,
  type SignatureCheck,
  type Verdict,
} from '@facet-id/credential/jose'
import type { CryptoSuite } from '../suite.ts'
import { bytesOf, joined, numberOf, type ScenarioTest, turned } from './scenario.ts'

const orders: Readonly<Record<EcPublicJwk['crv'], bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
}
/** The size of the field of P-256. */
const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn

const data = 'header.payload'

/** Verdicts: what is valid, what is not, and what is no key. */
export function signaturesContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-6 answers one verdict a check, in order', async ({ suite, expect }) => {
    const checks = await Promise.all(jwsAlgorithms.map((alg) => signed(suite, alg)))
    const [first] = checks
    if (first === undefined) throw new Error('there are algorithms')
    const all = [
      first,
      { ...first, data: 'header.other' },
      ...checks,
      { ...first, key: await strangersKey(suite) },
    ]
    expect(await suite.checkSignatures(all)).toEqual([
      'valid',
      'invalid',
      ...checks.map(() => 'valid'),
      'invalid',
    ])
    expect(await suite.checkSignatures([])).toEqual([])
  })

  test('KEY-1 a signature of another length or form is invalid, for every algorithm', async ({
    suite,
    expect,
  }) => {
    for (const alg of jwsAlgorithms) {
      const check = await signed(suite, alg)
      const { signature } = check
      const wrong = [
        new Uint8Array(0),
        signature.subarray(1),
        signature.subarray(0, -1),
        joined(signature, Uint8Array.of(0)),
        joined(Uint8Array.of(0), signature),
        Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1),
        new Uint8Array(2 ** 20),
      ]
      const verdicts = await suite.checkSignatures(wrong.map((bytes) => ({ ...check, signature: bytes })))
      expect(verdicts).toEqual(wrong.map(() => 'invalid'))
    }
  })

  test('KEY-2, KEY-3 numbers out of range are invalid, and low and high s equally valid', async ({
    suite,
    expect,
  }) => {
    for (const alg of ['ES256', 'ES384', 'ES512'] as const) {
      const check = await signed(suite, alg)
      const { order, width, r, s } = numbersOf(check)
      const pair = (left: bigint, right: bigint): SignatureCheck => ({
        ...check,
        signature: joined(bytesOf(left, width), bytesOf(right, width)),
      })
      const all = 2n ** BigInt(8 * width) - 1n
      const good = [pair(r, s), pair(r, order - s)]
      const bad = [pair(0n, s), pair(r, 0n), pair(0n, 0n), pair(order, s), pair(r, order), pair(all, all)]
      const odd = [pair(1n, 1n), pair(order - 1n, order - 1n), pair(s, r)]
      expect(await suite.checkSignatures([...good, ...bad, ...odd])).toEqual([
        ...good.map(() => 'valid'),
        ...[...bad, ...odd].map(() => 'invalid'),
      ])
    }
  })

  test('KEY-4 a key that is no point, or for something else, is unusable, whatever the signature', async ({
    suite,
    expect,
  }) => {
    const check = await signed(suite, 'ES256')
    const y = check.key.kty === 'EC' ? numberOf(readBase64url(check.key.y)) : 0n
    const encode = (number: bigint): string => writeBase64url(bytesOf(number, 32))
    const changes: readonly object[] = [
      { y: encode(y === 1n ? 2n : y - 1n) },
      { x: encode(0n), y: encode(0n) },
      { x: encode(FIELD) },
      { x: encode(2n ** 256n - 1n) },
      { x: check.key.x.slice(0, -2) },
      { x: `${check.key.x}=` },
      { x: respelled(check.key.x) },
      { x: `${check.key.x}AA` },
      { y: '' },
      { y: undefined },
      { crv: 'P-384' },
      { crv: 'secp256k1' },
      { kty: 'OKP' },
      { alg: 'ES384' },
      { use: 'enc' },
    ]
    const checks = changes.map((change) => ({ ...check, key: changed(check.key, change) }))
    expect(await suite.checkSignatures(checks)).toEqual(changes.map(() => 'key_unusable'))
    // An unusable key is not kept as a usable one, nor does it spoil the right one.
    expect(await suite.checkSignatures(checks)).toEqual(changes.map(() => 'key_unusable'))
    expect(await suite.checkSignatures([check])).toEqual(['valid'])
    const mirrored = changed(check.key, { y: encode(FIELD - y) })
    expect(await suite.checkSignatures([{ ...check, key: mirrored }])).toEqual(['invalid'])
  })

  test('KEY-4 a key of one algorithm is none of any other', async ({ suite, expect }) => {
    const checks = await Promise.all(jwsAlgorithms.map((alg) => signed(suite, alg)))
    const crossed = checks.flatMap((check) =>
      jwsAlgorithms.filter((alg) => alg !== check.alg).map((alg) => ({ ...check, alg })),
    )
    expect(await suite.checkSignatures(crossed)).toEqual(crossed.map(() => 'key_unusable'))
    const none: object = { ...checks[0], alg: 'none' }
    const inherited: object = { ...checks[0], alg: 'constructor' }
    const strayed = [none, inherited] as readonly SignatureCheck[]
    expect(await suite.checkSignatures(strayed)).toEqual(['key_unusable', 'key_unusable'])
  })

  test('KEY-27 a P-256 key and an Ed25519 key of the same x are two keys, in any order', async ({
    suite,
    expect,
  }) => {
    const check = await signed(suite, 'ES256')
    const edwards = await signed(suite, 'EdDSA')
    const twin: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: check.key.x }
    const ask = async (): Promise<readonly boolean[]> => {
      const verdicts = await suite.checkSignatures([check, { ...edwards, key: twin }, check, edwards])
      return verdicts.map((verdict) => verdict === 'valid')
    }
    expect(await ask()).toEqual([true, false, true, true])
    expect(await ask()).toEqual([true, false, true, true])
  })

  test('KEY-28 an Ed25519 key of small order, for which one signature holds for any text, is unusable', async ({
    suite,
    expect,
  }) => {
    const order1 = bytesOf(1n << 248n, 32)
    const order4 = new Uint8Array(32)
    const order2 = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0xec : at === 31 ? 0x7f : 0xff))
    const negative = turned(order1, 255)
    // R is the neutral point and S is 0: with the neutral point as the key, it holds for every text.
    const signature = joined(order1, new Uint8Array(32))
    const checks = [order1, order2, order4, negative].map(
      (point): SignatureCheck => ({
        alg: 'EdDSA',
        key: { kty: 'OKP', crv: 'Ed25519', x: writeBase64url(point) },
        data,
        signature,
      }),
    )
    expect(await suite.checkSignatures(checks)).toEqual(checks.map(() => 'key_unusable'))
  })

  test('KEY-1 what was signed may be bytes, and text beyond ASCII passes for nothing else', async ({
    suite,
    expect,
  }) => {
    const { publicJwk, privateKey } = await suite.generateKey('ES256')
    const bytes = Uint8Array.of(0xff, 0, 0x80)
    const signer = suite.signerOf(privateKey)
    const check = { alg: 'ES256', key: publicJwk, data: bytes, signature: await signer.sign(bytes) } as const
    const ascii = { ...check, data, signature: await signer.sign(utf8(data)) }
    const folded = String.fromCharCode(...Array.from(data, (char) => char.charCodeAt(0) + 0x100))
    const verdicts = [
      check,
      { ...check, data: Uint8Array.of(0xff, 0, 0x81) },
      ascii,
      { ...ascii, data: utf8(data) },
      { ...ascii, data: folded },
    ]
    expect(await suite.checkSignatures(verdicts)).toEqual(['valid', 'invalid', 'valid', 'valid', 'invalid'])
  })

  test('KEY-1 verifies the signatures that the standards print', async ({ suite, expect }) => {
    const verdicts: readonly Verdict[] = await suite.checkSignatures(printed)
    expect(verdicts).toEqual(['valid', 'valid', 'valid'])
  })
}

const claims =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

/** RFC 7515 A.3 and A.4, RFC 8037 A.4. */
const printed: readonly SignatureCheck[] = [
  {
    alg: 'ES256',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    data: `eyJhbGciOiJFUzI1NiJ9.${claims}`,
    signature: readBase64url(
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    ),
  },
  {
    alg: 'ES512',
    key: {
      kty: 'EC',
      crv: 'P-521',
      x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
      y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
    },
    data: 'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA',
    signature: readBase64url(
      'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
    ),
  },
  {
    alg: 'EdDSA',
    key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    data: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    signature: readBase64url(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    ),
  },
]

async function signed<S, A>(
  suite: CryptoSuite<S, A>,
  alg: SignatureCheck['alg'],
): Promise<SignatureCheck & { readonly key: PublicJwk }> {
  const { publicJwk, privateKey } = await suite.generateKey(alg)
  return { alg, key: publicJwk, data, signature: await suite.signerOf(privateKey).sign(utf8(data)) }
}

async function strangersKey<S, A>(suite: CryptoSuite<S, A>): Promise<PublicJwk> {
  return (await suite.generateKey('ES256')).publicJwk
}

function numbersOf({ key, signature }: SignatureCheck) {
  if (key.kty !== 'EC') throw new Error('only ECDSA has r and s')
  const width = signature.length / 2
  return {
    width,
    order: orders[key.crv],
    r: numberOf(signature.subarray(0, width)),
    s: numberOf(signature.subarray(width)),
  }
}

/** The same bytes with bits set beyond the last of them. */
function respelled(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1)
}

/** A key is what a stranger says it is: some changes here fit no type. */
function changed(key: PublicJwk, change: object): PublicJwk {
  return { ...key, ...change }
}
