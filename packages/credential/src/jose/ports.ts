/**
 * The primitives that the pure packages take as arguments, typed once.
 *
 * Nothing in this package signs, verifies, hashes or draws randomness by itself: it says what must
 * be done, and an adapter (`@facet-id/crypto`) does it. So the core has no platform and no `async`.
 */

import type { EncryptionJwk } from '../jwe/encryption-key.ts'
import type { Jwe, JweEncryption } from '../jwe/jwe.ts'
import type { JwsAlgorithm } from './algorithm.ts'
import type { EcPublicJwk, PublicJwk } from './jwk.ts'

/** What may be answered at once or later; pure code never awaits it, roles do. */
export type MaybePromise<T> = T | Promise<T>

/** Hash names as in the IANA "Named Information Hash Algorithm" registry (RFC 9901 §4.1.1). */
export type HashAlgorithm = 'sha-256' | 'sha-384' | 'sha-512'

/**
 * Digest of an ASCII text, or of bytes, as base64url without padding. Synchronous everywhere. A text is
 * hashed as UTF-8, so that one beyond ASCII has a digest of its own and never that of another.
 */
export type Hash = (alg: HashAlgorithm, data: string | Uint8Array) => string

/**
 * The whole point (`04‖x‖y`) of a compressed one (`02` or `03`, then `x`); absent when there is no such point on
 * the curve.
 */
export type ExpandPoint = (crv: EcPublicJwk['crv'], compressed: Uint8Array) => Uint8Array | undefined

/** That many bytes of cryptographic randomness. */
export type Random = (bytes: number) => Uint8Array

/** Keyed digest (HMAC-SHA-256) of an ASCII text under a key the closure holds, as base64url. */
export type Mac = (ascii: string) => string

/**
 * Opens a zlib stream (RFC 1950). Rejects or throws when the output would pass `maxBytes`, when the
 * stream is not zlib, or when it is cut short.
 */
export type Inflate = (zlib: Uint8Array, maxBytes: number) => MaybePromise<Uint8Array>

/** Compresses into a zlib stream (RFC 1950), at the highest level. */
export type Deflate = (bytes: Uint8Array) => MaybePromise<Uint8Array>

/** Signs with a private key that the closure holds. ECDSA signatures are raw `r‖s` (RFC 7518 §3.4). */
export interface Signer {
  readonly alg: JwsAlgorithm
  /** Value for the `kid` header; absent when the header carries the key in another way. */
  readonly kid?: string
  sign(data: Uint8Array): MaybePromise<Uint8Array>
}

/** One signature that must hold, as data: pure code says it, the crypto adapter answers it. */
export interface SignatureCheck {
  readonly alg: JwsAlgorithm
  readonly key: PublicJwk
  /** What was signed: the signing input of a token, ASCII, or bytes. */
  readonly data: string | Uint8Array
  readonly signature: Uint8Array
}

/** `key_unusable`: the key is no point of its curve, or does not fit the algorithm. */
export type Verdict = 'valid' | 'invalid' | 'key_unusable'

/** Answers each check, in order, one verdict a check; never throws for a bad signature or key. */
export type CheckSignatures = (checks: readonly SignatureCheck[]) => MaybePromise<readonly Verdict[]>

/** Authenticated encryption under a key the closure holds; the output carries its own nonce. */
export type Seal = (plain: Uint8Array, associated: string) => MaybePromise<Uint8Array>

/** Opens what `Seal` made; throws or rejects when the text or the associated data was changed. */
export type Open = (sealed: Uint8Array, associated: string) => MaybePromise<Uint8Array>

/** Whom a message is encrypted to, and how. */
export interface JweRecipient {
  /** Its `kid`, where it has one, goes into the header. */
  readonly key: EncryptionJwk
  readonly enc: JweEncryption
  /** Base64url; absent when nothing is mixed into the key. */
  readonly apu?: string
  readonly apv?: string
}

/**
 * Encrypts to a key by ECDH-ES, with a key of the sender's made for this message alone; compact form out.
 * Throws or rejects when the recipient's key is no point of its curve.
 */
export type SealJwe = (plain: Uint8Array, to: JweRecipient) => MaybePromise<string>

/**
 * Opens what was encrypted to a private key that the closure holds. Whatever is wrong with it, it throws or
 * rejects in one way: who sends must not learn why.
 */
export type OpenJwe = (jwe: Jwe) => MaybePromise<Uint8Array>
