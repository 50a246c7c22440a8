import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** A P-256 key pair as JWKs. */
export interface KeyPair {
  readonly publicJwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  readonly privateJwk: {
    readonly kty: 'EC'
    readonly crv: 'P-256'
    readonly x: string
    readonly y: string
    readonly d: string
  }
}

/** The algorithms that are tested, and the curve of each. */
const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' } as const
type Alg = keyof typeof curves

/** How an algorithm hashes what it signs; EdDSA does so by itself. */
export const digests: Readonly<Record<Alg, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: null,
}

/** A key pair of any kind. */
export interface AnyKeyPair {
  readonly alg: Alg
  readonly publicJwk:
    | {
        readonly kty: 'EC'
        readonly crv: 'P-256' | 'P-384' | 'P-521'
        readonly x: string
        readonly y: string
      }
    | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  readonly privateJwk: AnyKeyPair['publicJwk'] & { readonly d: string }
}

/** The shape of the `Signer` port. */
export interface TestSigner<A extends Alg = 'ES256'> {
  readonly alg: A
  readonly kid?: string
  sign(data: Uint8Array): Uint8Array
}

/** A fresh P-256 key pair. */
export function keyPair(): KeyPair {
  const { x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  if (x === undefined || y === undefined || d === undefined) throw new Error('an EC key exports x, y and d')
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const
  return { publicJwk, privateJwk: { ...publicJwk, d } }
}

/** A fresh key pair for an algorithm. */
export function keyPairFor(alg: Alg): AnyKeyPair {
  const crv = curves[alg]
  const { privateKey } =
    crv === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: crv })
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' })
  const publicJwk =
    crv === 'Ed25519' ? ({ kty: 'OKP', crv, x } as const) : ({ kty: 'EC', crv, x, y } as const)
  return { alg, publicJwk, privateJwk: { ...publicJwk, d } }
}

/** Signs ES256 with a private JWK. */
export function signerOf(privateJwk: KeyPair['privateJwk'], kid?: string): TestSigner {
  return signerFor('ES256', privateJwk, kid)
}

/** Signs with a private JWK that is one for the algorithm. */
export function signerFor<A extends Alg>(
  alg: A,
  privateJwk: AnyKeyPair['privateJwk'],
  kid?: string,
): TestSigner<A> {
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return {
    alg,
    ...(kid === undefined ? {} : { kid }),
    sign: (data) => new Uint8Array(sign(digests[alg], data, { key, dsaEncoding: 'ieee-p1363' })),
  }
}
