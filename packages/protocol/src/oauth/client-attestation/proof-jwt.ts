/**
 * Client Attestation PoP: an instance of a wallet shows that it has the key of its attestation, to one server
 * and now. OAuth 2.0 Attestation-Based Client Authentication, drafts 07 to 10, §5.1 and §5.2 (-07).
 */
import {
  checkOf,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
} from '@facet-id/credential/jose'
import * as v from 'valibot'
import {
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../../read.ts'
import { readingAttestation } from './attestation-jwt.ts'
import { ATTESTATION_CHALLENGE_LENGTH } from './challenge.ts'

export interface AttestationProofClaims {
  /** The server's identifier (RFC 8414), and no address of an endpoint. */
  readonly aud: string
  /** New for every request. */
  readonly jti: string
  /** Seconds since the epoch; may have a fraction. */
  readonly iat: number
  /** The newest challenge of that server; absent while it gave none. */
  readonly challenge?: string
  /** The client identifier; demanded until draft 07, and gone since. */
  readonly iss?: string
}

/** A proof to be signed. */
export interface AttestationProofContents extends AttestationProofClaims {
  readonly alg: JwsAlgorithm
}

/** A proof as parsed; it proves nothing until `check` holds under the key of the attestation. */
export interface AttestationProof extends AttestationProofClaims {
  readonly alg: JwsAlgorithm
  check(instanceKey: PublicJwk): SignatureCheck
}

export const ATTESTATION_PROOF_HEADER = 'oauth-client-attestation-pop'
export const ATTESTATION_PROOF_TYP = 'oauth-client-attestation-pop+jwt'

const LENGTH = 8192
const JTI_LENGTH = 256

/** RFC 7519 §4.1.3 lets a single audience be a list; one proof is for one server. */
const audience: Reader<string> = v.union(
  [
    text(),
    v.pipe(
      v.strictTuple([text()]),
      v.transform(([only]) => only),
    ),
  ],
  'must name one audience',
)

const claims = members({
  aud: audience,
  jti: text(JTI_LENGTH),
  iat: v.pipe(v.number(), v.minValue(0, 'must not be negative')),
  challenge: optional(text(ATTESTATION_CHALLENGE_LENGTH)),
  iss: optional(text()),
})

true satisfies Same<Plain<AttestationProofClaims>, Reads<typeof claims>>

/** The text that the wallet signs. */
export function writeAttestationProofInput(contents: AttestationProofContents): string {
  const { alg, iss, aud, jti, iat, challenge } = contents
  return writeSigningInput(
    { typ: ATTESTATION_PROOF_TYP, alg },
    {
      ...(iss === undefined ? {} : { iss }),
      aud,
      jti,
      iat,
      ...(challenge === undefined ? {} : { challenge }),
    },
  )
}

/** @throws {ProtocolError} `client_attestation_malformed` */
export function readAttestationProof(
  jwt: string,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): AttestationProof {
  return readingAttestation('attestation proof', () => {
    const jws = readJws(jwt, { typ: ATTESTATION_PROOF_TYP, algs, maxBytes: LENGTH })
    return {
      ...readMessage(claims, jws.payload, { name: 'client attestation proof' }),
      alg: jws.header.alg,
      check: (instanceKey) => checkOf(jws, instanceKey),
    }
  })
}
