/**
 * The signature algorithms that are taken, and the one kind of key that each of them has: what a key
 * may sign is decided by its curve and never by what a token claims (RFC 8725 §3.1).
 *
 * RFC 7518 §3.4, RFC 8037 §3.1. This table is the one place where an algorithm is added; decision 0008
 * says what else ML-DSA will need.
 */
import type { HashAlgorithm } from './ports.ts'

/** Signature algorithms (JOSE names). `EdDSA` is Ed25519 only. */
export type JwsAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

/** What one algorithm asks of keys and signatures. */
export interface AlgorithmRule {
  readonly kty: 'EC' | 'OKP'
  readonly crv: 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
  /** What is signed is first hashed so; absent where the algorithm hashes by itself. */
  readonly hash?: HashAlgorithm
  /** Bytes of `x`, and of `y` where there is one. */
  readonly coordinateBytes: number
  /** ECDSA: raw `r‖s`; DER is longer or shorter. */
  readonly signatureBytes: number
}

export const algorithmRules: Readonly<Record<JwsAlgorithm, AlgorithmRule>> = {
  ES256: { kty: 'EC', crv: 'P-256', hash: 'sha-256', coordinateBytes: 32, signatureBytes: 64 },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'sha-384', coordinateBytes: 48, signatureBytes: 96 },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'sha-512', coordinateBytes: 66, signatureBytes: 132 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', coordinateBytes: 32, signatureBytes: 64 },
}

/** All of them, for readers whose caller does not narrow the choice. */
export const jwsAlgorithms: readonly JwsAlgorithm[] = ['ES256', 'ES384', 'ES512', 'EdDSA']

/** Whether a text names an algorithm that is taken; `none` and HMACs are none. */
export function isJwsAlgorithm(name: unknown): name is JwsAlgorithm {
  return jwsAlgorithms.some((alg) => alg === name)
}
