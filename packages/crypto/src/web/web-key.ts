/** Keys of WebCrypto: handles that sign and agree, and tell nobody what they hold. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { algorithmRules, type JwsAlgorithm, type PublicJwk } from '@facet-id/credential/jose'
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import { CryptoError } from '../error.ts'
import type { Generated } from '../suite.ts'

/** `CryptoKey`, by the name that it has under every compiler setting. */
export type WebKey = Extract<Awaited<ReturnType<typeof crypto.subtle.generateKey>>, { readonly type: string }>

/** WebCrypto's names of what an algorithm asks of its keys. */
export function keyAlgorithmOf(alg: JwsAlgorithm): { readonly name: string; readonly namedCurve?: string } {
  const { crv } = algorithmRules[alg]
  return crv === 'Ed25519' ? { name: crv } : { name: 'ECDSA', namedCurve: crv }
}

/** WebCrypto's names of how an algorithm signs. */
export function signatureAlgorithmOf(alg: JwsAlgorithm): { readonly name: string; readonly hash: string } {
  const { crv, hash = 'sha-512' } = algorithmRules[alg]
  return { name: crv === 'Ed25519' ? crv : 'ECDSA', hash: hash.toUpperCase() }
}

/**
 * A fresh key pair whose private half cannot be exported, not by us either: it is kept as it is, in a
 * structured clone, which IndexedDB takes.
 *
 * @throws {CryptoError} `algorithm_unsupported`: this browser has no Ed25519
 */
export async function generateKey(alg: JwsAlgorithm): Promise<Generated<PublicJwk, WebKey>> {
  const pair = await generatePair(keyAlgorithmOf(alg), ['sign', 'verify'])
  const { crv } = algorithmRules[alg]
  if (crv === 'Ed25519') {
    const x = writeBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)))
    return { publicJwk: { kty: 'OKP', crv, x }, privateKey: pair.privateKey }
  }
  return {
    publicJwk: { kty: 'EC', crv, ...(await coordinatesOf(pair.publicKey)) },
    privateKey: pair.privateKey,
  }
}

/** A fresh P-256 key pair that others encrypt to; its private half cannot be exported. */
export async function generateEncryptionKey(): Promise<Generated<EncryptionJwk, WebKey>> {
  const pair = await generatePair({ name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits'])
  const publicJwk: EncryptionJwk = {
    kty: 'EC',
    crv: 'P-256',
    ...(await coordinatesOf(pair.publicKey)),
    use: 'enc',
    alg: 'ECDH-ES',
  }
  return { publicJwk, privateKey: pair.privateKey }
}

interface WebKeyPair {
  readonly publicKey: WebKey
  readonly privateKey: WebKey
}

async function generatePair(
  algorithm: { readonly name: string; readonly namedCurve?: string },
  usages: ('sign' | 'verify' | 'deriveBits')[],
): Promise<WebKeyPair> {
  try {
    const pair = await crypto.subtle.generateKey(algorithm, false, usages)
    if ('privateKey' in pair) return pair
  } catch (cause) {
    throw unsupported(algorithm.name, cause)
  }
  throw unsupported(algorithm.name)
}

/** Out of the point `04‖x‖y`, which has zeros in front where the numbers have: not every JWK export does. */
async function coordinatesOf(key: WebKey): Promise<{ readonly x: string; readonly y: string }> {
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key))
  const width = (point.length - 1) / 2
  return {
    x: writeBase64url(point.subarray(1, 1 + width)),
    y: writeBase64url(point.subarray(1 + width)),
  }
}

function unsupported(name: string, cause?: unknown): CryptoError {
  return new CryptoError('algorithm_unsupported', `This platform makes no keys for ${name}`, { cause })
}
