/**
 * Key proof of type `jwt`: the wallet shows that it has the key to which a credential will be bound.
 * OpenID4VCI 1.0 Appendix F.1, F.4.
 */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { readDidUrl } from '@facet-id/credential/did'
import { CredentialError } from '@facet-id/credential/error'
import {
  bareJwk,
  checkOf,
  type JwsAlgorithm,
  type JwsHeader,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
  writeX5c,
} from '@facet-id/credential/jose'
import { findMember, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import { NONCE_LENGTH } from '../nonce.ts'

/** What the wallet says in a proof, and with which key. */
export interface ProofClaims {
  /** The Credential Issuer Identifier. */
  readonly audience: string
  /** The wallet's `client_id`; absent when it has none, as with a pre-authorized code. */
  readonly client?: string
  /** The issuer's `c_nonce`; absent when the issuer has no nonce endpoint. */
  readonly nonce?: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly jwk: PublicJwk
  readonly alg: JwsAlgorithm
  /** How the header names the key in place of carrying it: a DID URL, or certificates, the key's own first. */
  readonly named?: { readonly kid: string } | { readonly x5c: readonly Uint8Array[] }
  /** A key attestation that has this key in it, in compact form; absent when none is asked for. */
  readonly keyAttestation?: string
}

/** How a proof names the key that it proves. */
export type ProofKey =
  | { readonly by: 'jwk'; readonly jwk: PublicJwk }
  /** A DID URL with a fragment. */
  | { readonly by: 'did'; readonly kid: string }
  /** DER certificates; the key is that of the first. */
  | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[] }

/** A proof as parsed; it proves nothing until `check` holds for the key that it names. */
export interface ProofJwt {
  readonly key: ProofKey
  readonly alg: JwsAlgorithm
  /** The wallet's `client_id`; absent when it gave none. */
  readonly iss?: string
  /** For whom the proof is made: must be the issuer's own identifier. */
  readonly aud: string
  /** Absent when the wallet gave none. */
  readonly nonce?: string
  /** Seconds since the epoch; may have a fraction. */
  readonly iat: number
  /** In compact form, unread; absent when the proof has none. */
  readonly keyAttestation?: string
  check(key: PublicJwk): SignatureCheck
}

export const PROOF_JWT_TYP = 'openid4vci-proof+jwt'

/** Characters of one proof that carries its key and nothing else. */
const BARE_LENGTH = 8192
/** Characters of a proof that brings certificates or a key attestation. */
export const PROOF_LENGTH = 131_072

const claims = members({
  iss: optional(text()),
  // §F.1: "the value of this claim MUST be the Credential Issuer Identifier", a string and no list.
  aud: text(),
  nonce: optional(text(NONCE_LENGTH)),
  iat: v.pipe(v.number(), v.minValue(0, 'must not be negative')),
})

true satisfies Same<Plain<Pick<ProofJwt, 'iss' | 'aud' | 'nonce' | 'iat'>>, Reads<typeof claims>>

/**
 * The text that the wallet signs. There is no `iss` without `client`: a token for a pre-authorized code was
 * got without a client identifier (§F.1).
 */
export function writeProofInput(proof: ProofClaims): string {
  const { audience, client, nonce, issuedAt, jwk, alg, named, keyAttestation } = proof
  return writeSigningInput(
    {
      alg,
      typ: PROOF_JWT_TYP,
      ...keyMember(jwk, named),
      ...(keyAttestation === undefined ? {} : { key_attestation: keyAttestation }),
    },
    {
      ...(client === undefined ? {} : { iss: client }),
      aud: audience,
      ...(nonce === undefined ? {} : { nonce }),
      iat: issuedAt,
    },
  )
}

/**
 * Reads a proof. Its audience, nonce and age are for the issuer to judge, and so is the attestation.
 *
 * @param algs those that the issuer takes, as its metadata says
 * @throws {ProtocolError} `proof_malformed`
 */
export function readProofJwt(jwt: string, algs: readonly JwsAlgorithm[] = jwsAlgorithms): ProofJwt {
  try {
    const header = readHeader(jwt)
    const naming = namingOf(header)
    const jws = readJws(jwt, {
      typ: PROOF_JWT_TYP,
      algs,
      maxBytes: PROOF_LENGTH,
      jwk: naming === 'jwk' ? 'required' : 'forbidden',
      x5c: naming === 'x5c' ? 'allowed' : 'forbidden',
    })
    return {
      key: keyOf(jws.header),
      alg: jws.header.alg,
      ...readMessage(claims, jws.payload, { name: 'key proof' }),
      ...attestationIn(header),
      check: (key) => checkOf(jws, key),
    }
  } catch (cause) {
    if (cause instanceof ProtocolError) throw malformed(cause.message, cause)
    if (cause instanceof CredentialError)
      throw malformed(`The key proof cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

function readHeader(jwt: string): JsonObject {
  if (jwt.length > PROOF_LENGTH) throw malformed(`A key proof has at most ${PROOF_LENGTH} characters`)
  const header = readJsonObject(readBase64urlText(jwt.split('.', 1)[0] ?? ''), { values: 100 })
  if (jwt.length > BARE_LENGTH && !['x5c', 'key_attestation'].some((name) => Object.hasOwn(header, name))) {
    throw malformed(`A key proof that brings nothing along has at most ${BARE_LENGTH} characters`)
  }
  return header
}

/** §F.1: `kid`, `jwk` and `x5c` exclude one another. */
function namingOf(header: JsonObject): 'jwk' | 'kid' | 'x5c' {
  const [naming, ...more] = (['jwk', 'kid', 'x5c'] as const).filter((name) => Object.hasOwn(header, name))
  if (naming === undefined || more.length > 0) {
    throw malformed('A key proof must name its key in one way: by jwk, kid or x5c')
  }
  return naming
}

function keyOf({ jwk, x5c, kid = '' }: JwsHeader): ProofKey {
  if (jwk !== undefined) return { by: 'jwk', jwk }
  if (x5c !== undefined) return { by: 'x5c', chain: x5c }
  // §F.1: with `kid` "the Credential … MUST be bound to" a DID: the value is a DID URL of its key.
  if (readDidUrl(kid).fragment === undefined) {
    throw malformed('The "kid" of a key proof must be a DID URL that names one key, with a fragment')
  }
  return { by: 'did', kid }
}

function attestationIn(header: JsonObject): Pick<ProofJwt, 'keyAttestation'> {
  const keyAttestation = findMember(header, 'key_attestation')
  if (keyAttestation === undefined) return {}
  if (typeof keyAttestation !== 'string') throw malformed('A "key_attestation" must be a signed token')
  return { keyAttestation }
}

function keyMember(jwk: PublicJwk, named: ProofClaims['named']): JsonObject {
  if (named === undefined) return { jwk: { ...bareJwk(jwk) } }
  return 'kid' in named ? { kid: named.kid } : { x5c: writeX5c(named.x5c) }
}

function malformed(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('proof_malformed', message, { cause })
}
