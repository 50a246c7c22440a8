/** Is what the wallet asks for what its token allows? OpenID4VCI 1.0 §8.2. */
import type { CredentialRequest } from '@facet-id/protocol/openid4vci'
import { type Access, type AllowedCredential, allowedFor } from '../authorization/access.ts'
import { configurationOf, type IssuerSettings } from '../settings.ts'

/**
 * @throws {IssuerError} `credential_identifier_unknown`, `configuration_unknown`,
 * `configuration_not_authorized`; `access_token_unusable` where it was issued on this token
 */
export function credentialAsked(
  asked: CredentialRequest,
  access: Access,
  settings: IssuerSettings,
): AllowedCredential {
  if ('credential_configuration_id' in asked) configurationOf(settings, asked.credential_configuration_id)
  return allowedFor(access, asked)
}
