/**
 * The port for the keys that credentials are bound to. It fits keys that never leave the hardware
 * they were made in: they are named, they sign, and nothing else.
 */
import type { JwsAlgorithm, MaybePromise, PublicJwk } from '@facet-id/credential/jose'

export interface HolderKey {
  /** Names the key towards the port; means nothing to anyone else. */
  readonly keyId: string
  readonly publicJwk: PublicJwk
  readonly alg: JwsAlgorithm
}

export interface HolderKeys {
  /** Makes that many keys and keeps them before it answers. */
  create(count: number): MaybePromise<readonly HolderKey[]>
  /** Signs with a key; ECDSA as raw `r‖s`. Rejects with {@link HolderError} `credential_unknown` when it is gone. */
  sign(keyId: string, data: Uint8Array): MaybePromise<Uint8Array>
  /** Destroys keys; those that are gone already are no error. */
  forget(keyIds: readonly string[]): MaybePromise<void>
}
