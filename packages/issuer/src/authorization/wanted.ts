/**
 * Which credentials an authorization request asks for. OpenID4VCI 1.0 §5.1.
 *
 * Scopes and details are requests of their own; where both name one credential, the details count (§5.1.2).
 */
import type {
  AuthorizationRequest,
  CredentialAuthorization,
  GrantedCredential,
} from '@facet-id/protocol/oauth/authorization'
import { IssuerError } from '../error.ts'
import { configurationOf, type IssuerSettings } from '../settings.ts'
import type { AllowedCredential } from './access.ts'

export interface Wanted {
  readonly configurationId: string
  /** By its details: then it is granted by credential identifiers (§6.2). */
  readonly byDetails: boolean
}

type Asked = Pick<AuthorizationRequest, 'scope' | 'authorization_details' | 'resource'>

/**
 * @throws {IssuerError} `scope_unknown` where nothing is left that is known here;
 * `authorization_details_refused` for a configuration that is not, or that is another issuer's; `resource_refused`
 */
export function wantedOf(
  { scope = '', authorization_details = [], ...asked }: Asked,
  settings: IssuerSettings,
): readonly Wanted[] {
  checkResource(asked, settings)
  const byDetails = authorization_details.map((entry) => configurationIn(entry, settings))
  const scopes = new Set(scope.split(' '))
  // §5.1.2: unknown scopes are ignored.
  const byScope = Object.entries(settings.configurations).flatMap(([id, configuration]) =>
    scopes.has(configuration.scope) && !byDetails.includes(id) ? [id] : [],
  )
  const wanted = [
    ...[...new Set(byDetails)].map((configurationId) => ({ configurationId, byDetails: true })),
    ...byScope.map((configurationId) => ({ configurationId, byDetails: false })),
  ]
  if (wanted.length > 0) return wanted
  throw new IssuerError(
    'scope_unknown',
    'The request asks for no credential that exists here: name a scope of the metadata, or authorization_details',
  )
}

/**
 * Tokens are for this issuer, whatever `resource` says: whoever wants one for another is told so (RFC 8707 §2).
 *
 * @throws {IssuerError} `resource_refused`
 */
export function checkResource(
  { resource }: { readonly resource?: string },
  { credential_issuer }: Pick<IssuerSettings, 'credential_issuer'>,
): void {
  if (resource === undefined || resource === credential_issuer) return
  throw new IssuerError(
    'resource_refused',
    'The tokens of this server are for the Credential Issuer alone: name its identifier as resource, or none',
  )
}

/**
 * Of what was granted, what the details of a token request leave of it (§6.1.1).
 *
 * @throws {IssuerError} `authorization_details_refused` where they ask for more
 */
export function narrowed(
  allowed: readonly AllowedCredential[],
  details: readonly CredentialAuthorization[] | undefined,
  settings: IssuerSettings,
): readonly AllowedCredential[] {
  if (details === undefined) return allowed
  const ids = new Set(details.map((entry) => configurationIn(entry, settings)))
  const left = allowed.filter(({ configurationId }) => ids.has(configurationId))
  const granted = new Set(left.map(({ configurationId }) => configurationId))
  if ([...ids].some((id) => !granted.has(id))) throw refusedDetails('it asks for more than was granted')
  return left
}

/** What a token response says of credentials that are asked for by identifiers; empty where none is. */
export function grantedOf(allowed: readonly AllowedCredential[]): readonly GrantedCredential[] {
  const named = allowed.filter(({ credentialIdentifier }) => credentialIdentifier !== undefined)
  return [...new Set(named.map(({ configurationId }) => configurationId))].map((id) => ({
    type: 'openid_credential',
    credential_configuration_id: id,
    credential_identifiers: named.flatMap(({ configurationId, credentialIdentifier = '' }) =>
      configurationId === id ? [credentialIdentifier] : [],
    ),
  }))
}

function configurationIn(
  { credential_configuration_id: id, locations }: CredentialAuthorization,
  settings: IssuerSettings,
): string {
  if (locations !== undefined && !locations.includes(settings.credential_issuer)) {
    throw refusedDetails('its locations do not have the identifier of this issuer')
  }
  try {
    configurationOf(settings, id)
    return id
  } catch (cause) {
    throw refusedDetails('its credential_configuration_id is not in the metadata', cause)
  }
}

function refusedDetails(why: string, cause?: unknown): IssuerError {
  return new IssuerError(
    'authorization_details_refused',
    `An entry of authorization_details is refused: ${why}`,
    { cause },
  )
}
