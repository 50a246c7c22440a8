/** For tests: a key of a server that signs with RSA, by plain `node:crypto`. */
import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { writeBase64url } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'

export interface RsaKey {
  readonly publicJwk: JsonObject
  /** @param header its `alg` is what is signed with; RS256 when absent */
  token(header: JsonObject, payload: JsonObject): string
}

export function rsaKey(kid: string, bits = 2048): RsaKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const { kty = 'RSA', n = '', e = '' } = publicKey.export({ format: 'jwk' })
  return {
    publicJwk: { kty, n, e, kid, use: 'sig' },
    token(header, payload) {
      const full = { alg: 'RS256', kid, ...header }
      const input = writeSigningInput(full, payload)
      const key =
        full.alg === 'PS256'
          ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
          : privateKey
      const digest = full.alg === 'RS512' ? 'sha512' : 'sha256'
      return writeJws(input, sign(digest, Buffer.from(input), key))
    },
  }
}

/** Not signed at all. */
export function unsigned(header: JsonObject, payload: JsonObject): string {
  return `${writeSigningInput(header, payload)}.${writeBase64url(new Uint8Array())}`
}
