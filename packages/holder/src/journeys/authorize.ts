/** Meets what an authorization needs, step by step; whoever drives it keeps each step. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { jwkThumbprint } from '@facet-id/credential/jose'
import { codeChallengeOf } from '@facet-id/protocol/oauth/authorization'
import { renewed, renewing } from '../authorization/access.ts'
import type {
  Access,
  AuthorizationAnswer,
  AuthorizationNeed,
  AuthorizationWishes,
  Plan,
} from '../authorization/authorization-state.ts'
import { type Sender, senderTaken } from '../authorization/sender.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { peerErrorOf } from '../peer-error.ts'
import { attestationFor } from './attestation.ts'
import { sendSigned } from './send-signed.ts'

export function authorizationWishes({ ports, settings }: Holding): AuthorizationWishes {
  const { redirectUri, responseIssuer, boundTokens, scheme } = settings
  return {
    ...(redirectUri === undefined ? {} : { redirectUri }),
    responseIssuer,
    boundTokens,
    scheme,
    now: ports.now(),
    challengeOf: (verifier) => codeChallengeOf(verifier, ports.hash),
  }
}

/**
 * @throws {HolderError} `authorization_pending` where the browser has not come back: what stands must be kept before,
 * and is resumed with where it came back; `offer_unsupported`
 * @throws {ProtocolError} of the transport
 */
export async function meetAuthorization(
  need: AuthorizationNeed,
  id: string,
  holding: Holding,
): Promise<AuthorizationAnswer> {
  switch (need.need) {
    case 'sender':
      return { answer: 'sender', ...(await senderFor(need.of, holding)) }
    case 'signed_answer':
      return { answer: 'response', response: await sendSigned(need.to, need, holding) }
    case 'browser': {
      const { url, redirectUri } = need
      const { authorize } = holding.ports
      if (authorize === undefined) {
        throw new HolderError(
          'offer_unsupported',
          'This wallet opens no browser; only pre-authorized codes are taken',
        )
      }
      const back = await authorize({ id, url, redirectUri })
      if (back !== undefined) return { answer: 'redirect', url: back }
      throw new HolderError(
        'authorization_pending',
        'The person is at the authorization server; resume with the address at which the browser comes back',
      )
    }
  }
}

/**
 * Access anew, by its refresh token.
 *
 * @throws {HolderError} `grant_ended` where the server gives no more of it; `refused_by_peer`, `token_not_bound`
 */
export async function renewAccess(access: Access, holding: Holding): Promise<Access> {
  const response = await sendSigned(renewing(access), access, holding)
  if (peerErrorOf(response) === 'invalid_grant') {
    throw new HolderError('grant_ended', 'The authorization server ended the access; a new offer is needed')
  }
  return renewed(access, response, authorizationWishes(holding))
}

async function senderFor(
  { id, server, credentialIssuer }: Plan,
  holding: Holding,
): Promise<{ readonly sender: Sender; readonly secrets: { verifier: string; state: string } }> {
  const { ports, settings } = holding
  const { dpopAlgs, attestation: takes } = senderTaken(server)
  const attestation =
    takes === 'unknown' ? undefined : await attestationFor({ issuer: credentialIssuer }, holding)
  if (takes === 'required' && attestation === undefined) {
    throw new HolderError('offer_unsupported', 'The authorization server takes attested wallets only')
  }
  const clientId = attestation?.clientId ?? settings.clientId
  const dpopKey = dpopAlgs === undefined ? undefined : await dpopKeyFor(id, dpopAlgs, holding)
  if (dpopKey === undefined && settings.boundTokens === 'required') {
    throw new HolderError(
      'offer_unsupported',
      'The authorization server binds tokens to no key of this wallet',
    )
  }
  const { issuer: audience, challenge_endpoint: challengeEndpoint } = server
  const sender: Sender = {
    id,
    ...(clientId === undefined ? {} : { clientId }),
    ...(dpopKey === undefined ? {} : { dpopKey: dpopKey.name, dpopJkt: dpopKey.jkt }),
    ...(attestation === undefined
      ? {}
      : {
          attested: {
            issuer: credentialIssuer,
            audience,
            ...(challengeEndpoint === undefined ? {} : { challengeEndpoint }),
          },
        }),
  }
  const secret = (): string => writeBase64url(ports.random(32))
  return { sender, secrets: { verifier: secret(), state: secret() } }
}

/** The name of the key of a grant: one alone has it. */
export function dpopKeyName(id: string): string {
  return `${id}.dpop`
}

async function dpopKeyFor(
  id: string,
  algs: readonly string[],
  { ports }: Holding,
): Promise<{ readonly name: string; readonly jkt: string } | undefined> {
  const name = dpopKeyName(id)
  const [key] = await ports.keys.create([name])
  if (key !== undefined && algs.includes(key.alg)) {
    return { name, jkt: jwkThumbprint(key.publicJwk, ports.hash) }
  }
  await ports.keys.forget([name])
  return undefined
}
