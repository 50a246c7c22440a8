/** Is what the wallet asks for what its token allows? OpenID4VCI 1.0 §8.2. */
import type { CredentialRequest } from '@facet-id/protocol/openid4vci'
import { IssuerError } from '../error.ts'
import { configurationOf, type IssuerSettings } from '../settings.ts'

/**
 * @throws {IssuerError} `credential_identifier_unknown`, `configuration_unknown`,
 * `configuration_not_authorized`
 */
export function checkConfigurationAsked(
  asked: CredentialRequest,
  allowed: string,
  settings: IssuerSettings,
): void {
  if ('credential_identifier' in asked) {
    throw new IssuerError(
      'credential_identifier_unknown',
      'The token response named no credential identifiers; ask by credential_configuration_id',
    )
  }
  const { credential_configuration_id: id } = asked
  configurationOf(settings, id)
  if (id !== allowed) {
    throw new IssuerError(
      'configuration_not_authorized',
      'The access token is good for another credential configuration',
    )
  }
}
