/**
 * DPoP proof: whoever sends a request shows that it has the key that its tokens are bound to.
 * RFC 9449 §4.
 *
 * ```
 * DPoP: eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7…
 * ```
 */
import { CredentialError } from '@facet-id/credential/error'
import {
  bareJwk,
  checkOf,
  type Hash,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
} from '@facet-id/credential/jose'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireRequest } from '../../wire.ts'
import { htuOf } from './htu.ts'
import { DPOP_NONCE_LENGTH } from './nonce.ts'

/** What is said in a proof, and with which key. */
export interface DpopClaims {
  /** The request that it is made for; its query and fragment are left out. */
  readonly request: Pick<WireRequest, 'method' | 'url'>
  /** At least 96 bits that nobody can guess, and new for every request, also for one that is repeated (§4.2). */
  readonly jti: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** The newest nonce of that server; absent while it gave none. */
  readonly nonce?: string
  /** Where an access token goes with the request: its digest, see {@link accessTokenHash}. */
  readonly ath?: string
  readonly jwk: PublicJwk
  readonly alg: JwsAlgorithm
}

/** A proof as parsed; it proves nothing until `check` holds. */
export interface DpopProof {
  /** The key that is proven. */
  readonly jwk: PublicJwk
  readonly jti: string
  readonly htm: string
  /** As it was written; `normalizedHtu` makes it comparable. */
  readonly htu: string
  /** Seconds since the epoch; may have a fraction. */
  readonly iat: number
  readonly nonce?: string
  readonly ath?: string
  readonly check: SignatureCheck
}

export const DPOP_HEADER = 'dpop'
export const DPOP_TYP = 'dpop+jwt'

/** Characters of one proof. */
const LENGTH = 8192
/** Characters of a `jti`, which servers remember (§11.1). */
const JTI_LENGTH = 256

const claims = members({
  jti: text(JTI_LENGTH),
  htm: text(32),
  htu: text(),
  iat: v.pipe(v.number(), v.minValue(0, 'must not be negative')),
  nonce: optional(text(DPOP_NONCE_LENGTH)),
  ath: optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'must be a SHA-256 digest'))),
})

true satisfies Same<Plain<Omit<DpopProof, 'jwk' | 'check'>>, Reads<typeof claims>>

/** The text that the sender signs. */
export function writeDpopInput({ request, jti, issuedAt, nonce, ath, jwk, alg }: DpopClaims): string {
  return writeSigningInput(
    { typ: DPOP_TYP, alg, jwk: { ...bareJwk(jwk) } },
    {
      jti,
      htm: request.method,
      htu: htuOf(request.url),
      iat: issuedAt,
      ...(nonce === undefined ? {} : { nonce }),
      ...(ath === undefined ? {} : { ath }),
    },
  )
}

/** §4.2: "base64url encoding of the SHA-256 hash of the ASCII encoding of the associated access token's value". */
export function accessTokenHash(accessToken: string, hash: Hash): string {
  return hash('sha-256', accessToken)
}

/**
 * The proof that came with a request; `undefined` when none came. Whether it was made for this request, and
 * when, is for the server to judge.
 *
 * @param algs those that the server takes, as its metadata says
 * @throws {ProtocolError} `dpop_proof_malformed`, also for two of them (§4.3: "not more than one DPoP HTTP request
 * header field")
 */
export function findDpopProof(
  { headers }: Pick<WireRequest, 'headers'>,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): DpopProof | undefined {
  const header = headers[DPOP_HEADER]
  if (header === undefined) return undefined
  // Header fields that are sent twice arrive joined by a comma, which no token has.
  if (header.includes(',')) throw malformed('A request carries one DPoP proof, in one DPoP header')
  return readDpopProof(header, algs)
}

/** @throws {ProtocolError} `dpop_proof_malformed` */
export function readDpopProof(jwt: string, algs: readonly JwsAlgorithm[] = jwsAlgorithms): DpopProof {
  try {
    const jws = readJws(jwt, { typ: DPOP_TYP, algs, maxBytes: LENGTH, jwk: 'required' })
    const { jwk } = jws.header
    if (jwk === undefined) throw malformed('A DPoP proof must carry its key as jwk')
    return { jwk, ...readMessage(claims, jws.payload, { name: 'DPoP proof' }), check: checkOf(jws, jwk) }
  } catch (cause) {
    if (cause instanceof ProtocolError) throw malformed(cause.message, cause)
    if (cause instanceof CredentialError)
      throw malformed(`The DPoP proof cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

function malformed(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('dpop_proof_malformed', message, { cause })
}
