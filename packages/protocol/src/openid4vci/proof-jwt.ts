/**
 * Key proof of type `jwt`: the wallet shows that it has the key to which a credential will be bound.
 * OpenID4VCI 1.0 Appendix F.1, F.4.
 */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { CredentialError } from '@facet-id/credential/error'
import {
  bareJwk,
  checkOf,
  type Jws,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
} from '@facet-id/credential/jose'
import { readJsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import { NONCE_LENGTH } from './nonce.ts'

/** What the wallet says in a proof, and with which key. */
export interface ProofClaims {
  /** The Credential Issuer Identifier. */
  readonly audience: string
  /** The issuer's `c_nonce`; absent when the issuer has no nonce endpoint. */
  readonly nonce?: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly jwk: PublicJwk
  readonly alg: JwsAlgorithm
}

/** A proof as parsed; it proves nothing until `check` holds. */
export interface ProofJwt {
  /** The key that is proven. */
  readonly jwk: PublicJwk
  /** For whom the proof is made: must be the issuer's own identifier. */
  readonly aud: string
  /** Absent when the wallet gave none. */
  readonly nonce?: string
  /** Seconds since the epoch; may have a fraction. */
  readonly iat: number
  readonly check: SignatureCheck
}

export const PROOF_JWT_TYP = 'openid4vci-proof+jwt'

/** Characters of one proof. */
export const PROOF_LENGTH = 8192

const claims = members({
  // §F.1: "the value of this claim MUST be the Credential Issuer Identifier", a string and no list.
  aud: text(),
  nonce: optional(text(NONCE_LENGTH)),
  iat: v.pipe(v.number(), v.minValue(0, 'must not be negative')),
})

true satisfies Same<Plain<Pick<ProofJwt, 'aud' | 'nonce' | 'iat'>>, Reads<typeof claims>>

/**
 * The text that the wallet signs. There is no `iss`: a token for a pre-authorized code was got without
 * a client identifier (§F.1).
 */
export function writeProofInput({ audience, nonce, issuedAt, jwk, alg }: ProofClaims): string {
  return writeSigningInput(
    { alg, typ: PROOF_JWT_TYP, jwk: { ...bareJwk(jwk) } },
    { aud: audience, ...(nonce === undefined ? {} : { nonce }), iat: issuedAt },
  )
}

/**
 * Reads a proof. Its audience, nonce and age are for the issuer to judge.
 *
 * @param algs those that the issuer takes, as its metadata says
 * @throws {ProtocolError} `proof_malformed`; `feature_unsupported` for a proof that names its key by
 * `kid` or `x5c`
 */
export function readProofJwt(jwt: string, algs: readonly JwsAlgorithm[] = jwsAlgorithms): ProofJwt {
  try {
    requireJwk(jwt)
    const jws = readJws(jwt, { typ: PROOF_JWT_TYP, algs, maxBytes: PROOF_LENGTH, jwk: 'required' })
    const jwk = keyOf(jws)
    return { jwk, ...readMessage(claims, jws.payload, { name: 'key proof' }), check: checkOf(jws, jwk) }
  } catch (cause) {
    if (cause instanceof ProtocolError && cause.code === 'feature_unsupported') throw cause
    if (cause instanceof ProtocolError) throw malformed(cause.message, cause)
    if (cause instanceof CredentialError)
      throw malformed(`The key proof cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

/** §F.1: `kid`, `jwk` and `x5c` exclude one another. */
function requireJwk(jwt: string): void {
  if (jwt.length > PROOF_LENGTH) throw malformed(`A key proof has at most ${PROOF_LENGTH} characters`)
  const header = readJsonObject(readBase64urlText(jwt.split('.', 1)[0] ?? ''))
  const named = ['jwk', 'kid', 'x5c'].filter((name) => Object.hasOwn(header, name))
  if (named.length !== 1) throw malformed('A key proof must name its key in one way: by jwk')
  if (named[0] !== 'jwk') {
    throw new ProtocolError('feature_unsupported', 'Only key proofs that carry the key as jwk are supported')
  }
}

function keyOf(jws: Jws): PublicJwk {
  if (jws.header.jwk === undefined) throw malformed('A key proof must carry its key as jwk')
  return jws.header.jwk
}

function malformed(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('proof_malformed', message, { cause })
}
