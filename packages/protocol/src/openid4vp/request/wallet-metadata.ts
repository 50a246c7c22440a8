/**
 * Wallet metadata: what a wallet tells a verifier that it can do, before it sees the request. OpenID4VP 1.0
 * §5.10, §10.1.
 *
 * It is a text in a form. Members that are not named here are ignored (§10.1).
 */
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import { list, members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import { encryptionKeys, type VpFormats, vpFormats } from '../client/client-metadata.ts'

export interface WalletMetadata {
  readonly vp_formats_supported: VpFormats
  /** Absent: `pre-registered` alone. */
  readonly client_id_prefixes_supported?: readonly string[]
  readonly response_types_supported?: readonly string[]
  readonly response_modes_supported?: readonly string[]
  /** For signed requests; absent where the prefix forbids a signature (§5.10). */
  readonly request_object_signing_alg_values_supported?: readonly string[]
  readonly request_object_encryption_alg_values_supported?: readonly string[]
  readonly request_object_encryption_enc_values_supported?: readonly string[]
  /** Keys of the wallet: present where it wants the request object encrypted. */
  readonly jwks?: { readonly keys: readonly EncryptionJwk[] }
}

const names = optional(list(text()))

const schema = members({
  vp_formats_supported: vpFormats,
  client_id_prefixes_supported: names,
  response_types_supported: names,
  response_modes_supported: names,
  request_object_signing_alg_values_supported: names,
  request_object_encryption_alg_values_supported: names,
  request_object_encryption_enc_values_supported: names,
  jwks: optional(encryptionKeys),
})

true satisfies Same<Plain<WalletMetadata>, Reads<typeof schema>>

/** Characters. */
const LENGTH = 16_384

/** @throws {ProtocolError} `message_malformed`, `message_too_large` */
export function readWalletMetadata(json: string): WalletMetadata {
  return readMessage(schema, json, { name: 'wallet metadata', length: LENGTH })
}

export function writeWalletMetadata(metadata: WalletMetadata): string {
  const plain: Plain<WalletMetadata> = metadata
  return JSON.stringify(plain)
}
