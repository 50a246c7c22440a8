/**
 * Who comes to a protected endpoint, by the access token of the request. RFC 6750 §2, RFC 9449 §7.
 *
 * The only place where tokens are looked at: what stands behind `Access` is proven.
 */
import { readAccessToken } from '@facet-id/protocol/oauth'
import type { WireRequest } from '@facet-id/protocol/wire'
import { accessUnusable } from '../authorization/access.ts'
import { findAccess, type StandingAccess } from '../authorization/access-store.ts'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'

/** The digest under which a request's token is kept, and takes turns. */
export interface Presented {
  readonly tokenKey: string
  readonly token: string
  readonly scheme: 'Bearer' | 'DPoP'
}

/** @throws {IssuerError} `access_token_missing`, `access_token_malformed` */
export function presentedIn(request: WireRequest, { ports }: Pick<Issuing, 'ports'>): Presented {
  let read: ReturnType<typeof readAccessToken>
  try {
    read = readAccessToken(request)
  } catch (cause) {
    const why =
      'The access token must be sent once, in the Authorization header: Bearer or DPoP, a blank and the token'
    throw new IssuerError('access_token_malformed', why, { cause })
  }
  if (read === undefined) throw new IssuerError('access_token_missing', 'This endpoint needs an access token')
  return { ...read, tokenKey: ports.hash('sha-256', read.token) }
}

/**
 * What the token stands for; proofs of its key were checked.
 *
 * @throws {IssuerError} `access_token_unusable`
 */
export async function accessOf(
  _request: WireRequest,
  { tokenKey, scheme }: Presented,
  issuing: Issuing,
): Promise<StandingAccess> {
  const access = await findAccess(issuing.ports.store, tokenKey)
  if (access === undefined) throw accessUnusable()
  // RFC 9449 §7.2: a token that is bound to a key is refused where it comes as a bearer token.
  if ((access.jkt === undefined) !== (scheme === 'Bearer')) throw accessUnusable()
  return access
}
