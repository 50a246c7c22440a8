/** Key pairs as JWKs (RFC 7518 §6.2, RFC 8037 §2). Every number has its full width, zeros in front included. */
import type { PublicJwk } from '@facet-id/credential/jose'
import type { EncryptionJwk } from '@facet-id/credential/jwe'

/** A private key: keep it sealed, hand it to nobody. `d` has as many bytes as a coordinate, base64url. */
export type PrivateJwk<Jwk extends PublicJwk = PublicJwk> = Jwk & { readonly d: string }

export interface KeyPair<Jwk extends PublicJwk = PublicJwk> {
  readonly publicJwk: Jwk
  readonly privateJwk: PrivateJwk<Jwk>
}

/** The private half of a key that others encrypt to. */
export type EncryptionPrivateJwk = EncryptionJwk & { readonly d: string }

export interface EncryptionKeyPair {
  readonly publicJwk: EncryptionJwk
  readonly privateJwk: EncryptionPrivateJwk
}
