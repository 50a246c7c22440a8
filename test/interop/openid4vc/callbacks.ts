/** What the libraries `@openid4vc/*` ask of their caller, on `node:crypto`. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
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
  const publicJwk = publicKey.export({ format: 'jwk' }) as Jwk
  return {
    signer: { method: 'jwk', alg: 'ES256', publicJwk },
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
      const key = keys.find((one) => signer.method === 'jwk' && one.signer.publicJwk.x === signer.publicJwk.x)
      if (key === undefined) throw new Error('no key of that signer')
      const input = [header, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      return { jwt: `${input}.${key.sign(input)}`, signerJwk: key.signer.publicJwk }
    },
  }
}
