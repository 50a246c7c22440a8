/**
 * Access by tokens of other authorization servers: signed ones are verified, others are asked about. What was
 * issued on one is remembered here as for our own.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  looksLikeJwt,
  readAccessTokenClaims,
  readJwtAccessToken,
  type TokenClaims,
} from '@facet-id/protocol/oauth/authorization'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { accessUnusable } from '../access.ts'
import { findAccess, openForeignAccess, type StandingAccess } from '../access-store.ts'
import type { ForeignServer } from '../authorization-settings.ts'
import { foreignAccess } from '../foreign-token.ts'

/** The token of a request, and its digest. */
interface Token {
  readonly token: string
  readonly tokenKey: string
}

/** @throws {IssuerError} `access_token_unusable`, `server_unreachable` */
export async function foreignAccessOf({ token, tokenKey }: Token, issuing: Issuing): Promise<StandingAccess> {
  const { ports, settings } = issuing
  const found = await claimsOf(token, issuing)
  if (found === undefined) throw accessUnusable()
  const { server, claims } = found
  const record = foreignAccess(claims, { server, settings, now: ports.now(), grantId: tokenKey })
  // Whoever else is first with the same token has written the same.
  await ports.store.commit([openForeignAccess(tokenKey, record)])
  const access = await findAccess(ports.store, tokenKey)
  if (access === undefined) throw accessUnusable()
  return access
}

/**
 * A token that was seen before may have been revoked by its server since: one that can be asked is asked again.
 *
 * @throws {IssuerError} `access_token_unusable`, `server_unreachable`
 */
export async function checkStillGood(
  access: StandingAccess,
  { token }: Token,
  issuing: Issuing,
): Promise<void> {
  const server = issuing.settings.authorization.servers.find(({ issuer }) => issuer === access.server)
  // The operator believes it no more.
  if (server === undefined) throw accessUnusable()
  if (server.tokens === 'introspection' && (await introspected(server, token, issuing)) === undefined) {
    throw accessUnusable()
  }
}

interface Found {
  readonly server: ForeignServer
  readonly claims: TokenClaims
}

async function claimsOf(token: string, issuing: Issuing): Promise<Found | undefined> {
  const { servers } = issuing.settings.authorization
  const signing = servers.filter(({ tokens }) => tokens === 'jwt')
  if (signing.length > 0 && looksLikeJwt(token)) {
    const found =
      (await verified(token, signing, issuing)) ?? (await verifiedElsewhere(token, signing, issuing))
    if (found !== undefined) return found
  }
  for (const server of servers.filter(({ tokens }) => tokens === 'introspection')) {
    const claims = await introspected(server, token, issuing)
    if (claims !== undefined) return { server, claims }
  }
  return undefined
}

async function verified(
  token: string,
  servers: readonly ForeignServer[],
  { ports }: Issuing,
): Promise<Found | undefined> {
  const read = readOrNothing(token)
  const server = servers.find(({ issuer }) => issuer === read?.claims.iss)
  if (read === undefined || server === undefined) return undefined
  const { alg, kid, claims } = read
  const key = await ports.serverKey?.({ issuer: server.issuer, alg, ...(kid === undefined ? {} : { kid }) })
  const [verdict] = key === undefined ? [] : await ports.checkSignatures([read.check(key)])
  return verdict === 'valid' ? { server, claims } : undefined
}

/** Signed with an algorithm that is not read here. */
async function verifiedElsewhere(
  token: string,
  servers: readonly ForeignServer[],
  { ports }: Issuing,
): Promise<Found | undefined> {
  for (const server of servers) {
    const payload = await askedOf(() => ports.verifyServerToken?.({ issuer: server.issuer, token }))
    if (payload === undefined) continue
    const claims = claimsOrNothing(payload)
    return claims === undefined ? undefined : { server, claims }
  }
  return undefined
}

async function introspected(
  { issuer }: ForeignServer,
  token: string,
  { ports }: Issuing,
): Promise<TokenClaims | undefined> {
  const said = await askedOf(() => ports.introspect?.({ issuer, token }))
  const { active = false, ...claims } = said ?? {}
  return active ? claims : undefined
}

async function askedOf<T>(ask: () => MaybePromise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throw new IssuerError(
      'server_unreachable',
      'The authorization server does not say what the token is good for',
      {
        cause,
      },
    )
  }
}

function claimsOrNothing(payload: JsonObject): TokenClaims | undefined {
  try {
    return readAccessTokenClaims(payload)
  } catch {
    return undefined
  }
}

function readOrNothing(token: string): ReturnType<typeof readJwtAccessToken> | undefined {
  try {
    return readJwtAccessToken(token)
  } catch {
    // Whatever else it is, it is no access token of that kind.
    return undefined
  }
}
