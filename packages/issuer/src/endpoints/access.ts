/**
 * Who comes to a protected endpoint, by the access token of the request. RFC 6750 §2, RFC 9449 §7.
 *
 * The only place where tokens are looked at: what stands behind `Access` is proven.
 */
import { readAccessToken } from '@facet-id/protocol/oauth'
import type { WireRequest } from '@facet-id/protocol/wire'
import { accessUnusable } from '../authorization/access.ts'
import { findAccess, type StandingAccess } from '../authorization/access-store.ts'
import { checkStillGood, foreignAccessOf } from '../authorization/endpoints/foreign-access.ts'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'
import { type ProvenSender, provenSender, takeProof } from './sender.ts'

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
 * What the token stands for; proofs of its key were checked. The proof is used up here, whatever becomes of the
 * request: the next one needs another anyway.
 *
 * @throws {IssuerError} `access_token_unusable`; `dpop_proof_missing`, `dpop_proof_invalid`, `dpop_nonce_needed`
 */
export async function accessOf(
  request: WireRequest,
  presented: Presented,
  issuing: Issuing,
): Promise<StandingAccess> {
  const { access, sender } = await provenAccess(request, presented, issuing)
  if (sender !== undefined) await takeProof(sender, issuing)
  return access
}

/** Access, and the proof that came with it; whoever asks takes the proof, whatever becomes of the request. */
export interface ProvenAccess {
  readonly access: StandingAccess
  /** Absent for a bearer token. */
  readonly sender?: ProvenSender
}

/** The same, where the proof is to be taken in the commit of what the request buys. */
export async function provenAccess(
  request: WireRequest,
  { tokenKey, token, scheme }: Presented,
  issuing: Issuing,
): Promise<ProvenAccess> {
  const access = await standingAccess({ token, tokenKey }, issuing)
  // RFC 9449 §7.2: a token that is bound to a key is refused where it comes as a bearer token.
  if ((access.jkt === undefined) !== (scheme === 'Bearer')) throw accessUnusable()
  if (access.jkt === undefined) return { access }
  return { access, sender: await keyProven(access.jkt, { request, token }, issuing) }
}

async function standingAccess(
  token: Pick<Presented, 'token' | 'tokenKey'>,
  issuing: Issuing,
): Promise<StandingAccess> {
  const access = await findAccess(issuing.ports.store, token.tokenKey)
  if (access === undefined) {
    if (issuing.settings.authorization.servers.length === 0) throw accessUnusable()
    return foreignAccessOf(token, issuing)
  }
  if (access.server !== undefined) await checkStillGood(access, token, issuing)
  return access
}

async function keyProven(
  jkt: string,
  { request, token }: { readonly request: WireRequest; readonly token: string },
  issuing: Issuing,
): Promise<ProvenSender> {
  const sender = await provenSender(request, issuing, token)
  if (sender === undefined) {
    throw new IssuerError(
      'dpop_proof_missing',
      'A token that is bound to a key comes with a proof of that key',
    )
  }
  if (sender.jkt !== jkt) {
    throw new IssuerError(
      'dpop_proof_invalid',
      'The key of the DPoP proof is not the one that the token is bound to',
    )
  }
  return sender
}
