/** What the libraries `@openid4vc/*` ask of their caller, on `node:crypto`. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import type { CallbackContext, Jwk, JwtSigner } from '@openid4vc/oauth2'
import { clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'

// Everything here is on loopback.
setGlobalConfig({ allowInsecureUrls: true })

export interface PeerKey {
  readonly signer: JwtSigner & { readonly method: 'jwk' }
  sign(data: string): string
}

/** A new P-256 key. */
export function newPeerKey(): PeerKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return {
    signer: { method: 'jwk', alg: 'ES256', publicJwk: { kty, crv, x, y } as Jwk },
    sign: (data) =>
      sign('sha256', Buffer.from(data), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  }
}

type Callbacks = Pick<
  CallbackContext,
  'hash' | 'generateRandom' | 'signJwt' | 'clientAuthentication' | 'fetch'
>

/** @param keys with which it may sign */
export function peerCallbacks(
  keys: readonly PeerKey[],
  clientAuthentication: CallbackContext['clientAuthentication'] = clientAuthenticationAnonymous(),
): Callbacks {
  return {
    fetch,
    hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
    generateRandom: (bytes) => randomBytes(bytes),
    clientAuthentication,
    signJwt(signer, { header, payload }) {
      const named = publicJwkOf(signer)
      const key = keys.find((one) => one.signer.publicJwk.x === named?.x)
      if (key === undefined) throw new Error('no key of that signer')
      const input = [header, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      return { jwt: `${input}.${key.sign(input)}`, signerJwk: key.signer.publicJwk }
    },
  }
}

/** Verifies a token under the key of its signer: a JWK, a `did:jwk` or the first of its certificates. */
export const verifyingJwts: CallbackContext['verifyJwt'] = (signer, { compact }) => {
  const jwk = publicJwkOf(signer)
  const [header, payload, signature = ''] = compact.split('.')
  const verified =
    jwk !== undefined &&
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: createPublicKey({ format: 'jwk', key: jwk as JsonWebKey }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  return verified ? { verified, signerJwk: jwk } : { verified: false }
}

function publicJwkOf(signer: JwtSigner): Jwk | undefined {
  switch (signer.method) {
    case 'jwk':
      return signer.publicJwk
    case 'did': {
      const [, encoded = ''] = /^did:jwk:([^#]+)/.exec(signer.didUrl) ?? []
      return encoded === '' ? undefined : JSON.parse(Buffer.from(encoded, 'base64url').toString())
    }
    case 'x5c': {
      const [first = ''] = signer.x5c
      return new X509Certificate(Buffer.from(first, 'base64')).publicKey.export({ format: 'jwk' }) as Jwk
    }
    default:
      return undefined
  }
}
