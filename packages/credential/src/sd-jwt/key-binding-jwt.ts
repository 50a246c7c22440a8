/**
 * Key Binding JWT: the holder's proof, over one presentation to one verifier, that it has the key the
 * credential was issued to. RFC 9901 §4.3.
 */
import { CredentialError } from '../error.ts'
import type { JwsAlgorithm } from '../jose/algorithm.ts'
import { type Jws, readJws, writeSigningInput } from '../jose/jws.ts'
import type { Hash, HashAlgorithm } from '../jose/ports.ts'
import type { JsonObject } from '../json.ts'

export const keyBindingTyp = 'kb+jwt'

/**
 * Whether a presentation must be bound to the holder's key. Decided beforehand, never by what was
 * sent (§7.3, §9.5).
 */
export type KeyBindingPolicy =
  | {
      readonly binding: 'required'
      /** The nonce of the request. */
      readonly nonce: string
      /** Who asked, in full: over OpenID4VP the client identifier with its prefix. */
      readonly audience: string
      /** How old the key binding JWT may be. */
      readonly maxAgeSeconds: number
    }
  /** An SD-JWT without key binding, as an issuer hands it out (§7.2). */
  | { readonly binding: 'forbidden' }

/** What a holder binds itself to. */
export interface KeyBinding {
  /** The issuer-signed JWT and the chosen disclosures, with the last tilde. */
  readonly sdJwt: string
  readonly nonce: string
  readonly audience: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly alg: JwsAlgorithm
  /** The hash of the SD-JWT's digests: `sdAlg` of the opened SD-JWT. */
  readonly sdAlg: HashAlgorithm
  readonly hash: Hash
  /** Further claims; advised against without a strong reason (§4.3). */
  readonly extra?: JsonObject
}

/**
 * The text that the holder signs. `writeJws` then makes the key binding JWT of it.
 *
 * @throws {CredentialError} `sd_jwt_malformed` when the last tilde is missing: the hash would not match
 */
export function writeKeyBindingInput(binding: KeyBinding): string {
  const { sdJwt, nonce, audience, issuedAt, alg, extra } = binding
  if (!sdJwt.endsWith('~')) {
    throw new CredentialError('sd_jwt_malformed', 'What a key binding JWT covers ends in a tilde')
  }
  const sd_hash = binding.hash(binding.sdAlg, sdJwt)
  return writeSigningInput(
    { alg, typ: keyBindingTyp },
    { ...extra, iat: issuedAt, aud: audience, nonce, sd_hash },
  )
}

/** Larger than any key binding JWT needs to be. */
const maxBytes = 16_384

/**
 * Reads a key binding JWT: its type, its algorithm and its form. Whether its claims answer the
 * request is judged one by one, and its signature by the key in the credential (§7.3).
 *
 * @throws {CredentialError} those of `readJws`
 */
export function readKeyBindingJwt(text: string, algs: readonly JwsAlgorithm[]): Jws {
  return readJws(text, { typ: keyBindingTyp, algs, maxBytes })
}
