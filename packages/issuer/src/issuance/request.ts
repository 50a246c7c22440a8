/** Is what the wallet asks for what its token allows? OpenID4VCI 1.0 §8.2. */
import type { Hash, Mac } from '@facet-id/credential/jose'
import type { CredentialRequest } from '@facet-id/protocol/openid4vci'
import { type Access, type AllowedCredential, allowedFor } from '../authorization/access.ts'
import { configurationOf, type IssuerSettings } from '../settings.ts'

/**
 * @throws {IssuerError} `credential_identifier_unknown`, `configuration_unknown`, `configuration_not_authorized`
 */
export function credentialAsked(
  asked: CredentialRequest,
  access: Access,
  settings: IssuerSettings,
): AllowedCredential {
  if ('credential_configuration_id' in asked) configurationOf(settings, asked.credential_configuration_id)
  return allowedFor(access, asked)
}

/**
 * What the issuance is called: as it was offered, or by a name that is the same each time that the same
 * credential is asked for with one token. So a request that is repeated after a crash is the same issuance.
 */
export function issuanceIdOf(
  { tokenKey }: Pick<Access, 'tokenKey'>,
  { issuanceId, configurationId, credentialIdentifier = '' }: AllowedCredential,
  { mac, hash }: { readonly mac: Mac; readonly hash: Hash },
): string {
  if (issuanceId !== undefined) return issuanceId
  const which = hash('sha-256', JSON.stringify([configurationId, credentialIdentifier]))
  return mac(`issuance.${tokenKey}.${which}`).slice(0, ISSUANCE_ID_LENGTH)
}

/** Characters: 16 bytes, as those of offers have. */
const ISSUANCE_ID_LENGTH = 22
