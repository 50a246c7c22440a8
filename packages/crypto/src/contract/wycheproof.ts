/**
 * The public vectors of Wycheproof, for every implementation. Their files are given, since a contract reads no
 * disk.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { type PublicJwk, readPublicJwk, type SignatureCheck } from '@facet-id/credential/jose'
import type { CryptoSuite } from '../suite.ts'
import { type ContractRunner, outcomeOf, type ScenarioTest, scenarios } from './scenario.ts'

/** Files as they are published, parsed. */
export interface WycheproofFiles {
  /** `ecdsa_secp256r1_sha256_p1363_test.json`. */
  readonly ecdsa: SignatureFile
  /** `ed25519_test.json`. */
  readonly ed25519: SignatureFile
  /** `json_web_key_test.json`. */
  readonly jwk: { readonly testGroups: readonly JwkGroup[] }
}

interface SignatureFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed?: string; readonly pk?: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

interface JwkGroup {
  readonly comment: string
  readonly public?: { readonly keys: readonly PublicJwk[] }
}

/** What the file calls keys of kinds that are taken, but that are not fit. */
const unfit = [
  'wrong_algorithm',
  'invalid_algorithm',
  'invalid_use',
  'invalid_point',
  'wrong_curve',
  'wrong_kty',
]

/** Registers one test for each file. */
export function wycheproofContract<S, A>(
  runner: ContractRunner,
  name: string,
  suite: CryptoSuite<S, A>,
  files: WycheproofFiles,
): void {
  const test: ScenarioTest<S, A> = scenarios(runner, name, suite)

  test('KEY-1, KEY-2, KEY-3 agrees with every Wycheproof vector for ES256 in P1363 form', async ({
    suite,
    expect,
  }) => {
    expect(await disagreements(suite, checksOf(files.ecdsa))).toEqual([])
    expect(files.ecdsa.numberOfTests).toBe(262)
  })

  test('KEY-28 agrees with every Wycheproof vector for Ed25519', async ({ suite, expect }) => {
    expect(await disagreements(suite, checksOf(files.ed25519))).toEqual([])
    expect(files.ed25519.numberOfTests).toBe(151)
  })

  test('KEY-4 refuses every Wycheproof JWK that is not fit, at the reader or at the curve', async ({
    suite,
    expect,
  }) => {
    const keys = files.jwk.testGroups.filter(({ comment }) => unfit.includes(comment))
    const given = keys.flatMap((group) => group.public?.keys ?? [])
    const checks = given.map(
      (key): SignatureCheck => ({ alg: 'ES256', key, data: 'x', signature: new Uint8Array(64).fill(1) }),
    )
    expect(await suite.checkSignatures(checks)).toEqual(unfit.map(() => 'key_unusable'))
    // Keys of other kinds (RSA, symmetric) never come so far.
    const all = files.jwk.testGroups.flatMap((group) => group.public?.keys ?? [])
    const readable: string[] = []
    for (const { comment, public: group } of files.jwk.testGroups) {
      for (const key of group?.keys ?? []) {
        if ((await outcomeOf(() => readPublicJwk({ ...key }))) === 'accepted') readable.push(comment)
      }
    }
    expect([all.length, readable]).toEqual([11, ['invalid_point']])
  })
}

interface Vector {
  readonly label: string
  readonly expected: string
  readonly check: SignatureCheck
}

function checksOf({ testGroups }: SignatureFile): readonly Vector[] {
  return testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      label: `${tcId} ${comment}`,
      expected: result,
      check: { ...keyOf(publicKey), data: unhex(msg), signature: unhex(sig) },
    })),
  )
}

function keyOf({
  uncompressed,
  pk,
}: SignatureFile['testGroups'][number]['publicKey']): Pick<SignatureCheck, 'alg' | 'key'> {
  if (pk !== undefined)
    return { alg: 'EdDSA', key: { kty: 'OKP', crv: 'Ed25519', x: writeBase64url(unhex(pk)) } }
  const point = unhex(uncompressed ?? '')
  const x = writeBase64url(point.subarray(1, 33))
  const y = writeBase64url(point.subarray(33))
  return { alg: 'ES256', key: { kty: 'EC', crv: 'P-256', x, y } }
}

/** Vectors whose verdict is another; a key that is unusable verifies nothing, so it is as good as invalid. */
async function disagreements<S, A>(
  suite: CryptoSuite<S, A>,
  vectors: readonly Vector[],
): Promise<readonly string[]> {
  const verdicts = await suite.checkSignatures(vectors.map(({ check }) => check))
  return vectors.flatMap(({ label, expected }, at) => {
    const verdict = verdicts[at] === 'valid' ? 'valid' : 'invalid'
    return verdict === expected ? [] : [`${label}: ${verdicts[at]}`]
  })
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  )
}
