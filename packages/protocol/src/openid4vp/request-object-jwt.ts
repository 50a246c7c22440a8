/**
 * The request object as a token. OpenID4VP 1.0 §5, §5.10.1; RFC 9101.
 *
 * A wallet takes a request in two steps. First the token: of what kind it is, whose key is said to
 * have signed it, and that it answers the link that was followed. Then, when the signature has been
 * verified, what it asks (`request-object.ts`). Until then it is nobody's, and gets no answer, not
 * even an error.
 */
import {
  type Jws,
  type JwsAlgorithm,
  jwsAlgorithms,
  readJws,
  writeSigningInput,
} from '@facet-id/credential/jose'
import { findMember } from '@facet-id/credential/json'
import { ProtocolError } from '../error.ts'
import type { Plain } from '../read.ts'
import { type ClientId, readClientId } from './client-id.ts'
import type { FollowedLink } from './request-link.ts'
import type { RequestObject } from './request-object.ts'

/** A request object whose signature is still to be verified. */
export interface RequestObjectJwt {
  /** The verifier that it claims to be from. */
  readonly clientId: ClientId
  /** DID URL of the key that is said to have signed: one of that verifier's DID. */
  readonly kid: string
  readonly jws: Jws
}

const TYP = 'oauth-authz-req+jwt'

/** Characters of a request object. */
const LENGTH = 65_536

/**
 * Reads the token. What it asks is not read yet, and `iss`, which "MUST be ignored", never is.
 *
 * @param algs those that the wallet takes
 * @throws {CredentialError} those of `readJws`: `jws_typ_unexpected`, `jws_alg_not_allowed` …
 * @throws {ProtocolError} `message_malformed` when it is of another verifier than the link, lacks the
 * wallet's nonce, or names no key of the verifier's DID; `feature_unsupported` as `readClientId`
 */
export function readRequestObjectJwt(
  token: string,
  followed: FollowedLink,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): RequestObjectJwt {
  const jws = readJws(token, { typ: TYP, algs, maxBytes: LENGTH })
  const clientId = readClientId(followed.client_id)
  // §5.10.1: both "MUST be identical, including the Client Identifier Prefix".
  if (findMember(jws.payload, 'client_id') !== clientId.full) {
    throw malformed('it has another client_id than the link')
  }
  // §5.10.1: if it does not contain the nonce, "the Wallet MUST terminate request processing".
  const nonce = followed.request_uri_method === 'post' ? followed.wallet_nonce : undefined
  if (nonce !== undefined && findMember(jws.payload, 'wallet_nonce') !== nonce) {
    throw malformed('it lacks the nonce of the wallet')
  }
  // §5.9.3: the key "MUST be identified by the kid in the JOSE Header".
  const { kid } = jws.header
  if (kid === undefined || !kid.startsWith(`${clientId.id}#`)) {
    throw malformed('its "kid" must name a key of the DID in its client_id')
  }
  return { clientId, kid, jws }
}

/** The text to sign. `kid`: DID URL of the verifier's key. */
export function writeRequestObjectInput(
  object: RequestObject,
  { alg, kid }: { readonly alg: JwsAlgorithm; readonly kid: string },
): string {
  const payload: Plain<RequestObject> = object
  return writeSigningInput({ typ: TYP, alg, kid }, payload)
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The request object is refused: ${why}`)
}
