/** What the issuer says about itself. OpenID4VCI 1.0 §12.2, §12.3; RFC 8414. */
import { type AuthorizationServerMetadata, PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import {
  type CredentialConfigurationMetadata,
  type CredentialIssuerMetadata,
  readCredentialIssuerId,
} from '@facet-id/protocol/openid4vci'
import type { CredentialConfiguration, IssuerSettings } from './settings.ts'

export function credentialIssuerMetadata(settings: IssuerSettings): CredentialIssuerMetadata {
  const { credential_issuer, batchSize, display, configurations, scheme } = settings
  return {
    credential_issuer: readCredentialIssuerId(credential_issuer, scheme),
    credential_endpoint: `${credential_issuer}/credential`,
    nonce_endpoint: `${credential_issuer}/nonce`,
    batch_credential_issuance: { batch_size: batchSize },
    ...(display.length === 0 ? {} : { display }),
    credential_configurations_supported: Object.fromEntries(
      Object.entries(configurations).map(([id, configuration]) => [id, configurationMetadata(configuration)]),
    ),
  }
}

function configurationMetadata(configuration: CredentialConfiguration): CredentialConfigurationMetadata {
  const { vct, scope, display, claims } = configuration
  return {
    format: 'dc+sd-jwt',
    scope,
    vct,
    cryptographic_binding_methods_supported: ['jwk'],
    credential_signing_alg_values_supported: ['ES256'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: { display, claims },
  }
}

/** The issuer is its own authorization server, limited to what issuing needs. */
export function authorizationServerMetadata({
  credential_issuer,
}: IssuerSettings): AuthorizationServerMetadata {
  return {
    issuer: credential_issuer,
    token_endpoint: `${credential_issuer}/token`,
    grant_types_supported: [PRE_AUTHORIZED_CODE_GRANT],
    'pre-authorized_grant_anonymous_access_supported': true,
    response_types_supported: [],
  }
}
