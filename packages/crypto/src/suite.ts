/**
 * The one interface of the primitives. Three implementations have it: `./node` (node:crypto), `./web`
 * (WebCrypto, keys that do not leave) and `./portable` (no platform at all). `./contract` is the full
 * definition: each of them runs it.
 *
 * A role takes what it needs, function by function; whoever wires a role takes the whole.
 */
import type {
  CheckSignatures,
  Deflate,
  ExpandPoint,
  Hash,
  Inflate,
  JwsAlgorithm,
  Mac,
  MaybePromise,
  PublicJwk,
  Random,
  Signer,
} from '@facet-id/credential/jose'
import type { EncryptionJwk, OpenJwe, SealJwe } from '@facet-id/credential/jwe'
import type { PassphraseParams } from './passphrase-cost.ts'
import type { Sealer } from './seal-form.ts'

/**
 * @typeParam SigningKey what a private key is here: a JWK, or a handle that does not tell it
 * @typeParam AgreementKey the same for keys that others encrypt to
 */
export interface CryptoSuite<SigningKey = unknown, AgreementKey = unknown> {
  readonly hash: Hash
  /** Points of P-256, P-384 and P-521 as DIDs carry them. */
  readonly expandPoint: ExpandPoint
  readonly random: Random
  /** Rejects with {@link CryptoError} `zlib_malformed`, `inflate_too_large`. */
  readonly inflate: Inflate
  readonly deflate: Deflate
  readonly checkSignatures: CheckSignatures
  /** Rejects with {@link CryptoError} `algorithm_unsupported` where the platform lacks it. */
  generateKey(alg: JwsAlgorithm): MaybePromise<Generated<PublicJwk, SigningKey>>
  /** @throws {CryptoError} `key_unusable` */
  signerOf(key: SigningKey, kid?: string): Signer
  /** HMAC-SHA-256 under 32 bytes or more. @throws {CryptoError} `key_unusable` */
  macOf(key: Uint8Array): Mac
  /** Whether two texts are equal, in a time that does not tell where they differ. */
  sameText(a: string, b: string): boolean
  /** AES-256-GCM under 32 bytes. @throws {CryptoError} `key_unusable` */
  sealerOf(key: Uint8Array): Sealer
  /** The key for a purpose (HKDF-SHA-256) of 32 bytes or more. @throws {CryptoError} `key_unusable` */
  deriveKey(master: Uint8Array, purpose: string): Uint8Array
  /** The key of a passphrase (scrypt). Rejects with `passphrase_empty`, `passphrase_cost_refused`. */
  passphraseKey(passphrase: string, params: PassphraseParams): Promise<Uint8Array>
  /** A P-256 key that others encrypt to. */
  generateEncryptionKey(): MaybePromise<Generated<EncryptionJwk, AgreementKey>>
  /** Rejects with {@link CryptoError} `key_unusable`, `jwe_parties_alike`. */
  readonly sealJwe: SealJwe
  /** What it gives rejects with {@link CryptoError} `jwe_broken`. @throws {CryptoError} `key_unusable` */
  openerOf(key: AgreementKey): OpenJwe
}

export interface Generated<Public, Private> {
  readonly publicJwk: Public
  readonly privateKey: Private
}
