/**
 * `@sd-jwt/core` over our hash and signatures: the second, independent engine that tests hold ours
 * against. What it takes is its own; nothing of ours but primitives is in it.
 */
import { createHash } from 'node:crypto'
import { readBase64url, utf8, writeBase64url } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import { checkSignatures, generateKey, random, signerOf } from '@facet-id/crypto/node'
import { SDJwtInstance } from '@sd-jwt/core'

export const issuerKeys = generateKey()
export const holderKeys = generateKey()
export const issuerSigner = signerOf(issuerKeys.privateJwk)
export const holderSigner = signerOf(holderKeys.privateJwk)

const nodeNames: Readonly<Record<string, string>> = {
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
}

export function sha256(data: string | ArrayBuffer, alg = 'sha-256'): Uint8Array {
  const bytes = typeof data === 'string' ? data : new Uint8Array(data)
  return new Uint8Array(
    createHash(nodeNames[alg] ?? alg)
      .update(bytes)
      .digest(),
  )
}

export const secondEngine = new SDJwtInstance<Record<string, unknown>>({
  hashAlg: 'sha-256',
  hasher: sha256,
  saltGenerator: () => writeBase64url(random(16)),
  signAlg: 'ES256',
  signer: (data) => writeBase64url(issuerSigner.sign(utf8(data))),
  verifier: (data, signature) => holds(issuerKeys.publicJwk, data, signature),
  kbSignAlg: 'ES256',
  kbSigner: (data) => writeBase64url(holderSigner.sign(utf8(data))),
  kbVerifier: (data, signature) => holds(holderKeys.publicJwk, data, signature),
})

function holds(key: PublicJwk, data: string, signature: string): boolean {
  const [verdict] = checkSignatures([{ alg: 'ES256', key, data, signature: readBase64url(signature) }])
  return verdict === 'valid'
}
