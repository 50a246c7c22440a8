/**
 * The port for the keys that credentials are bound to. It fits keys that never leave the hardware
 * they were made in: they are named, they sign, and nothing else. `@facet-id/holder/contract` is its full
 * definition; `docs/hardware-keys.md` says how a Secure Enclave or a StrongBox comes in.
 */
import type { JwsAlgorithm, MaybePromise, PublicJwk } from '@facet-id/credential/jose'

export interface HolderKey {
  /** Names the key towards the port: letters, digits, `_`, `-` and `.`; means nothing to anyone else. */
  readonly keyId: string
  readonly publicJwk: PublicJwk
  readonly alg: JwsAlgorithm
}

export interface HolderKeys {
  /**
   * Makes a key for each name that has none, keeps it before it answers, and answers in the order of the
   * names. Asked again for a name, it answers with the same key: an interrupted journey leaves none behind.
   *
   * @param algs those that the issuer takes, for adapters that can make keys of several kinds; others pass it over
   */
  create(keyIds: readonly string[], algs?: readonly JwsAlgorithm[]): MaybePromise<readonly HolderKey[]>
  /**
   * Signs with a key; ECDSA as raw `r‖s`. May wait for the person, and rejects as the hardware does when the person
   * says no. Rejects with {@link HolderError} `credential_unknown` when the key is gone.
   */
  sign(keyId: string, data: Uint8Array): MaybePromise<Uint8Array>
  /** Destroys keys; those that are gone already are no error. */
  forget(keyIds: readonly string[]): MaybePromise<void>
}
