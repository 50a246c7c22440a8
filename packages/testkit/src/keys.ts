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

/** The shape of the `Signer` port. */
export interface TestSigner {
  readonly alg: 'ES256'
  readonly kid?: string
  sign(data: Uint8Array): Uint8Array
}

/** A fresh key pair. */
export function keyPair(): KeyPair {
  const { x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  if (x === undefined || y === undefined || d === undefined) throw new Error('an EC key exports x, y and d')
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const
  return { publicJwk, privateJwk: { ...publicJwk, d } }
}

/** Signs ES256 with a private JWK. */
export function signerOf(privateJwk: KeyPair['privateJwk'], kid?: string): TestSigner {
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return {
    alg: 'ES256',
    ...(kid === undefined ? {} : { kid }),
    sign: (data) => new Uint8Array(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })),
  }
}
