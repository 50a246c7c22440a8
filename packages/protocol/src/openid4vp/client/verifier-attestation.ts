/**
 * Verifier attestation: a JWT in which somebody whom wallets trust vouches for a verifier and for the key
 * that it signs requests with. OpenID4VP 1.0 §12.
 *
 * Reading verifies nothing: whether its signature holds, and whether its issuer is trusted to attest, is for
 * the wallet to find out before the key in it is used.
 */
import {
  type Jws,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  readPublicJwk,
  writeSigningInput,
} from '@facet-id/credential/jose'
import * as v from 'valibot'
import {
  jsonObject,
  list,
  members,
  optional,
  type Plain,
  type Reads,
  readMessage,
  type Same,
  seconds,
  text,
} from '../../read.ts'

/** What is attested. Times are seconds since the epoch. Unknown claims are ignored. */
export interface VerifierAttestation {
  /** Who attests. */
  readonly iss: string
  /** The client identifier without its prefix. */
  readonly sub: string
  readonly iat?: number
  readonly nbf?: number
  readonly exp: number
  readonly cnf: { readonly jwk: PublicJwk }
  /** Where the verifier may be answered; absent: wherever its signed request says. */
  readonly redirect_uris?: readonly string[]
}

/** An attestation whose signature is still to be verified. */
export interface VerifierAttestationJwt {
  readonly attestation: VerifierAttestation
  readonly jws: Jws
}

const NAME = 'verifier attestation'
const TYP = 'verifier-attestation+jwt'

/** Characters of an attestation. */
const LENGTH = 32_768

const schema = members({
  iss: text(),
  sub: text(),
  iat: optional(seconds),
  nbf: optional(seconds),
  exp: seconds,
  cnf: members({
    jwk: v.pipe(
      jsonObject,
      v.transform((jwk): PublicJwk => readPublicJwk(jwk)),
    ),
  }),
  redirect_uris: optional(list(text())),
})

true satisfies Same<Plain<VerifierAttestation>, Reads<typeof schema>>

/**
 * Reads an attestation.
 *
 * @param algs those that the wallet takes
 * @throws {ProtocolError} `message_malformed`, `message_too_large`
 * @throws {CredentialError} those of `readJws` and, of `cnf`, `readPublicJwk`
 */
export function readVerifierAttestation(
  token: string,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): VerifierAttestationJwt {
  const jws = readJws(token, { typ: TYP, algs, maxBytes: LENGTH, x5c: 'allowed' })
  return { attestation: readMessage(schema, jws.payload, { name: NAME }), jws }
}

/** Whether it counts at that time. @param now seconds since the epoch @param skew of clocks, seconds */
export function isInForce({ nbf, exp }: VerifierAttestation, now: number, skew: number): boolean {
  return now < exp + skew && (nbf === undefined || nbf - skew <= now)
}

/** The text to sign. @param header `kid`, or the certificates of `x5c`, by which the key of `iss` is found */
export function writeVerifierAttestationInput(
  attestation: VerifierAttestation,
  { alg, ...header }: { readonly alg: JwsAlgorithm; readonly kid?: string; readonly x5c?: readonly string[] },
): string {
  const payload: Plain<VerifierAttestation> = attestation
  return writeSigningInput({ typ: TYP, alg, ...header }, payload)
}
