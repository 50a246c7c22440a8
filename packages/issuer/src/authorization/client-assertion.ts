/**
 * Client assertions: a client that the operator registered signs that it is this client. RFC 7523 §3.
 *
 * The audience is the server's identifier, as one text: an assertion that names an endpoint, or several parties,
 * could have been made for somebody else, who then brings it here.
 */
import {
  checkOf,
  type Hash,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import type { Op } from '@facet-id/store'
import type { RegisteredClient } from './authorization-settings.ts'
import { unknownClient } from './client.ts'

export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface ClientAssertion {
  readonly clientId: string
  readonly jti: string
  /** Seconds since the epoch: it is of no use to anybody any more. */
  readonly forgetAt: number
  readonly kid?: string
  check(key: PublicJwk): SignatureCheck
}

const LENGTH = 8192
const JTI_LENGTH = 256
/** Seconds: FAPI 2.0 §5.3.2.1 takes `iat` up to ten ahead, and what lives longer than minutes is no proof. */
const AHEAD = 10
const LIFETIME = 300

/**
 * @throws {IssuerError} `client_unknown`: whatever is wrong, in the same words
 */
export function readClientAssertion(
  token: string,
  { audience, now }: { readonly audience: string; readonly now: number },
): ClientAssertion {
  const jws = read(token)
  const { iss, sub, aud, exp, iat, nbf, jti } = jws.payload
  if (typeof sub !== 'string' || sub === '' || iss !== sub) throw unknownClient()
  if (aud !== audience) throw unknownClient()
  if (typeof jti !== 'string' || jti === '' || jti.length > JTI_LENGTH) throw unknownClient()
  if (typeof exp !== 'number' || exp <= now || exp > now + LIFETIME + AHEAD) throw unknownClient()
  for (const time of [iat, nbf]) {
    if (time !== undefined && (typeof time !== 'number' || time > now + AHEAD)) throw unknownClient()
  }
  const { kid } = jws.header
  return {
    clientId: sub,
    jti,
    forgetAt: Math.ceil(exp),
    ...(kid === undefined ? {} : { kid }),
    check: (key) => checkOf(jws, key),
  }
}

/** An assertion serves one request: whoever copied it comes too late. */
export function assertionUse({ clientId, jti, forgetAt }: ClientAssertion, hash: Hash): Op {
  return {
    op: 'put',
    ns: 'issuer/assertion-used',
    key: hash('sha-256', `${clientId}\n${jti}`),
    value: new Uint8Array(),
    if: 'absent',
    expiresAt: forgetAt * 1000,
  }
}

/** The registered key that it names; absent where it names none of several, or one that was not registered. */
export function assertionKey(
  { keys = [] }: RegisteredClient,
  kid: string | undefined,
): PublicJwk | undefined {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === undefined || key.kid === kid)
  return named.length === 1 ? named[0]?.publicJwk : undefined
}

/** RFC 7523 names no `typ`; of the kinds that have one of their own, this alone is made to say who a client is. */
const KINDS = [{ typ: 'client-authentication+jwt' }, { typ: 'JWT', typAbsent: 'allowed' }] as const

function read(token: string): ReturnType<typeof readJws> {
  let cause: unknown
  for (const kind of KINDS) {
    try {
      return readJws(token, { ...kind, algs: jwsAlgorithms, maxBytes: LENGTH })
    } catch (error) {
      cause = error
    }
  }
  throw Object.assign(unknownClient(), { cause })
}
