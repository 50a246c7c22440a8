/** What this wallet says of itself where a verifier asks for it: the same for all wallets of one release and settings. */
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import type { WalletMetadata } from '@facet-id/protocol/openid4vp'
import type { ClientIdPrefix } from '@facet-id/protocol/openid4vp/client'
import type { HolderPorts } from '../ports.ts'
import type { HolderSettings } from '../settings.ts'

/** The `kid` of the key for one request object: a name that all wallets use, for a key that none uses twice. */
export const ENCRYPTION_KEY_ID = 'request'

/**
 * OpenID4VP 1.0 §5.10, §10.1.
 *
 * @param key made for this one request; absent: the request object comes unencrypted
 */
export function walletMetadata(
  { algs }: HolderSettings,
  { clients, encryption }: Pick<HolderPorts, 'clients' | 'encryption'>,
  key: EncryptionJwk | undefined,
): WalletMetadata {
  const prefixes: readonly ClientIdPrefix[] = [
    'decentralized_identifier',
    'redirect_uri',
    ...(clients?.certificateOf === undefined ? [] : (['x509_hash', 'x509_san_dns'] as const)),
    ...(clients?.attesterKeyOf === undefined ? [] : (['verifier_attestation'] as const)),
    ...(clients?.memberOf === undefined ? [] : (['openid_federation'] as const)),
    ...(clients?.registered === undefined ? [] : (['pre-registered'] as const)),
  ]
  return {
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': algs, 'kb-jwt_alg_values': algs } },
    client_id_prefixes_supported: prefixes,
    response_types_supported: ['vp_token'],
    response_modes_supported: [
      'direct_post',
      ...(encryption === undefined ? [] : ['direct_post.jwt']),
      'fragment',
      'query',
    ],
    request_object_signing_alg_values_supported: algs,
    ...(key === undefined
      ? {}
      : {
          request_object_encryption_alg_values_supported: ['ECDH-ES'],
          request_object_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
          jwks: { keys: [{ ...key, kid: ENCRYPTION_KEY_ID, alg: 'ECDH-ES', use: 'enc' }] },
        }),
  }
}
