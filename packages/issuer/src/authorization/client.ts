/** Who asks: the wallet as a client of the authorization server. RFC 6749 §2, OpenID4VCI 1.0 §5, §6. */
import type { AuthorizationRequest } from '@facet-id/protocol/oauth/authorization'
import { IssuerError } from '../error.ts'
import type { AuthorizationSettings, RegisteredClient } from './authorization-settings.ts'
import { isRedirectUri, isRegistered } from './redirect-uri.ts'

export interface Client {
  readonly clientId: string
  /** `none`: it says so, and anybody could. */
  readonly provenBy: 'none' | 'private_key_jwt' | 'attestation'
  /** Absent: the operator never heard of it; its attestation speaks for it. */
  readonly registered?: RegisteredClient
  /** Thumbprint of the key of this very wallet, where its attestation binds one (ABCA §9.3). */
  readonly instanceKey?: string
}

/** @throws {IssuerError} `client_unknown` */
export function publicClient(clientId: string | undefined, { clients }: AuthorizationSettings): Client {
  const registered = clientId === undefined ? undefined : registeredAs(clientId, clients)
  if (clientId === undefined || registered === undefined || registered.keys !== undefined)
    throw unknownClient()
  return { clientId, provenBy: 'none', registered }
}

export function registeredAs(
  clientId: string,
  clients: AuthorizationSettings['clients'],
): RegisteredClient | undefined {
  return Object.hasOwn(clients, clientId) ? clients[clientId] : undefined
}

/**
 * Where the browser goes when the person has decided.
 *
 * @throws {IssuerError} `redirect_uri_refused`: then it must not be sent there with the error either
 */
export function redirectUriOf(
  { redirect_uri }: Pick<AuthorizationRequest, 'redirect_uri'>,
  client: Client,
): string {
  const registered = client.registered?.redirectUris ?? []
  const [only] = registered
  if (redirect_uri === undefined && only !== undefined && registered.length === 1) return only
  if (redirect_uri !== undefined && isRedirectUri(redirect_uri)) {
    if (isRegistered(redirect_uri, registered)) return redirect_uri
    // RFC 9126 §2.4: who is authenticated may name an address that was not registered.
    if (client.registered === undefined && client.provenBy === 'attestation') return redirect_uri
  }
  throw new IssuerError(
    'redirect_uri_refused',
    'The redirect_uri is not one that this client has registered, letter by letter',
  )
}

export function unknownClient(): IssuerError {
  return new IssuerError(
    'client_unknown',
    'The client is not known here, or did not prove who it is in the way that it registered',
  )
}
