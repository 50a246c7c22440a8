/**
 * Client Attestation: a wallet provider says that an instance of its wallet has a key.
 * OAuth 2.0 Attestation-Based Client Authentication, drafts 07 to 10, §4 and §5.1 (-07).
 *
 * The attestation proves nothing by itself: whoever has its key shows so in a second token, or in a DPoP
 * proof, which come beside it.
 */
import { CredentialError } from '@facet-id/credential/error'
import {
  bareJwk,
  checkOf,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  readPublicJwk,
  type SignatureCheck,
  writeSigningInput,
  writeX5c,
} from '@facet-id/credential/jose'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import {
  jsonObject,
  members,
  optional,
  type Plain,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../../read.ts'

/** What a wallet provider says. */
export interface AttestationClaims {
  /** The client identifier. */
  readonly sub: string
  /** Seconds since the epoch; the attestation is good before it. */
  readonly exp: number
  readonly iat?: number
  readonly nbf?: number
  /** Who says it; demanded until draft 07, and gone since. */
  readonly iss?: string
}

/** An attestation to be signed. */
export interface ClientAttestationContents extends AttestationClaims {
  /** The key of the wallet's instance. */
  readonly jwk: PublicJwk
  /** The provider's. */
  readonly alg: JwsAlgorithm
  readonly kid?: string
  /** DER certificates of the provider's key, its own first, the anchor left out. */
  readonly x5c?: readonly Uint8Array[]
}

/** An attestation as parsed; it says nothing until `check` holds under a key of a provider that is believed. */
export interface ClientAttestation extends AttestationClaims {
  readonly jwk: PublicJwk
  readonly alg: JwsAlgorithm
  readonly kid?: string
  readonly x5c?: readonly Uint8Array[]
  check(providerKey: PublicJwk): SignatureCheck
}

export const CLIENT_ATTESTATION_HEADER = 'oauth-client-attestation'
export const CLIENT_ATTESTATION_TYP = 'oauth-client-attestation+jwt'

/** Characters: room for some certificates. */
const LENGTH = 32_768

const seconds = v.pipe(v.number(), v.minValue(0, 'must not be negative'))

const claims = members({
  sub: text(),
  exp: seconds,
  iat: optional(seconds),
  nbf: optional(seconds),
  iss: optional(text()),
})
const confirmation = members({ cnf: members({ jwk: jsonObject }) })

true satisfies Same<Plain<AttestationClaims>, Reads<typeof claims>>

/** The text that the wallet provider signs. */
export function writeClientAttestationInput(contents: ClientAttestationContents): string {
  const { sub, exp, iat, nbf, iss, jwk, alg, kid, x5c } = contents
  return writeSigningInput(
    {
      typ: CLIENT_ATTESTATION_TYP,
      alg,
      ...(kid === undefined ? {} : { kid }),
      ...(x5c === undefined ? {} : { x5c: writeX5c(x5c) }),
    },
    {
      ...(iss === undefined ? {} : { iss }),
      sub,
      ...(iat === undefined ? {} : { iat }),
      ...(nbf === undefined ? {} : { nbf }),
      exp,
      cnf: { jwk: { ...bareJwk(jwk) } },
    },
  )
}

/**
 * Reads an attestation. Whether its provider is believed, and for how long it is good, is for the server to
 * judge. Claims that are not named here are ignored (§4).
 *
 * @throws {ProtocolError} `client_attestation_malformed`
 */
export function readClientAttestation(
  jwt: string,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): ClientAttestation {
  return readingAttestation('attestation', () => {
    const jws = readJws(jwt, { typ: CLIENT_ATTESTATION_TYP, algs, maxBytes: LENGTH, x5c: 'allowed' })
    const name = { name: 'client attestation' }
    const { alg, kid, x5c } = jws.header
    return {
      ...readMessage(claims, jws.payload, name),
      jwk: readPublicJwk(readMessage(confirmation, jws.payload, name).cnf.jwk),
      alg,
      ...(kid === undefined ? {} : { kid }),
      ...(x5c === undefined ? {} : { x5c }),
      check: (providerKey) => checkOf(jws, providerKey),
    }
  })
}

/** Whatever is wrong with one of the two tokens has one code. */
export function readingAttestation<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof ProtocolError || cause instanceof CredentialError)) throw cause
    const why = `The client ${what} cannot be read: ${cause.message}`
    throw new ProtocolError('client_attestation_malformed', why, { cause })
  }
}
