/**
 * Key Attestation: whoever provides the wallet, or makes the device, vouches for how keys are kept.
 * OpenID4VCI 1.0 Appendix D. It comes in the header of a `jwt` proof, or is a proof of its own.
 *
 * Reading trusts nobody: the key that signed is named, and whether it may attest is for the issuer to decide
 * before it looks at what is attested.
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
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { readStatusReference, type StatusReference } from '@facet-id/credential/status-list'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import {
  list,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../../read.ts'
import { NONCE_LENGTH } from '../nonce.ts'

/** What is attested. Members are spelled as in the token; times are seconds since the epoch. */
export interface KeyAttestationClaims {
  readonly iat: number
  /** Due in the header of a `jwt` proof. */
  readonly exp?: number
  /** All kept in one place; at least one, none twice. */
  readonly attested_keys: readonly PublicJwk[]
  /** Levels of resistance of that place; absent: nothing is said of it. */
  readonly key_storage?: readonly string[]
  /** Levels of what the person does before a key is used; absent: nothing is said of it. */
  readonly user_authentication?: readonly string[]
  /** Address of the certification of the place. */
  readonly certification?: string
  /** The issuer's `c_nonce`; absent when the attestation was made for no request in particular. */
  readonly nonce?: string
}

/** A key attestation as parsed; nobody vouches for anything until `check` holds for a trusted key. */
export interface KeyAttestation extends KeyAttestationClaims {
  /** By which the key of whoever attests is found: certificates, the key's own first; or its name. */
  readonly signedBy:
    | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[] }
    | { readonly by: 'kid'; readonly kid: string }
  readonly alg: JwsAlgorithm
  /** Where it says whether it still holds; absent: it holds until it expires. */
  readonly status?: StatusReference
  check(key: PublicJwk): SignatureCheck
}

export const KEY_ATTESTATION_TYP = 'key-attestation+jwt'

/** Levels of resistance to attack (App. D.2, ISO 18045), the highest first. Others may name their own. */
export const attackPotentials = [
  'iso_18045_high',
  'iso_18045_moderate',
  'iso_18045_enhanced-basic',
  'iso_18045_basic',
] as const

/** Characters of one attestation: keys, and certificates of whoever signed. */
const LENGTH = 131_072
const KEYS = 100
const LEVELS = 20

const seconds = v.pipe(v.number(), v.minValue(0, 'must not be negative'))

const publicKey: Reader<PublicJwk> = v.pipe(
  v.custom<JsonValue>(() => true),
  v.transform((value) => readPublicJwk(value)),
)

const schema = members({
  iat: seconds,
  exp: optional(seconds),
  attested_keys: v.pipe(
    list(publicKey, KEYS),
    v.check((keys) => new Set(keys.map(textOf)).size === keys.length, 'must not have one key twice'),
  ),
  key_storage: optional(list(text(), LEVELS)),
  user_authentication: optional(list(text(), LEVELS)),
  certification: optional(text()),
  nonce: optional(text(NONCE_LENGTH)),
})

true satisfies Same<Plain<KeyAttestationClaims>, Reads<typeof schema>>

/**
 * The text to sign.
 *
 * @param key a chain of certificates without its anchor, or the name of the key
 * @param status the claim as it stands in credentials; absent: none
 */
export function writeKeyAttestationInput(
  { attested_keys, ...claims }: KeyAttestationClaims,
  key: { readonly alg: JwsAlgorithm } & ({ readonly kid: string } | { readonly x5c: readonly Uint8Array[] }),
  status?: StatusReference,
): string {
  return writeSigningInput(
    {
      alg: key.alg,
      typ: KEY_ATTESTATION_TYP,
      ...('kid' in key ? { kid: key.kid } : { x5c: writeX5c(key.x5c) }),
    },
    {
      ...claims,
      attested_keys: attested_keys.map((jwk) => ({ ...bareJwk(jwk) })),
      ...(status === undefined ? {} : { status: { status_list: { ...status } } }),
    },
  )
}

/**
 * Reads an attestation. Its age, nonce, levels and signer are for the issuer to judge.
 *
 * @param algs those that the issuer takes: the same that its metadata names for proofs (App. F.1, F.3)
 * @throws {ProtocolError} `proof_malformed`
 */
export function readKeyAttestation(
  jwt: string,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): KeyAttestation {
  try {
    const jws = readJws(jwt, { typ: KEY_ATTESTATION_TYP, algs, maxBytes: LENGTH, x5c: 'allowed' })
    const status = readStatusReference(jws.payload)
    return {
      signedBy: signerOf(jws.header),
      alg: jws.header.alg,
      ...readMessage(schema, jws.payload, { name: 'key attestation' }),
      ...(status === undefined ? {} : { status }),
      check: (key) => checkOf(jws, key),
    }
  } catch (cause) {
    if (cause instanceof ProtocolError) throw malformed(cause.message, cause)
    if (cause instanceof CredentialError)
      throw malformed(`The key attestation cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

/**
 * Whether what is attested satisfies what is asked for: of each list that the issuer names, one level at
 * least. Levels are compared as they are spelled (App. D.2).
 */
export function meetsLevels(
  attested: Pick<KeyAttestationClaims, 'key_storage' | 'user_authentication'>,
  asked: { readonly key_storage?: readonly string[]; readonly user_authentication?: readonly string[] },
): boolean {
  return (['key_storage', 'user_authentication'] as const).every((kind) => {
    const levels = attested[kind] ?? []
    return asked[kind] === undefined || asked[kind].some((level) => levels.includes(level))
  })
}

function signerOf({
  x5c,
  kid,
}: {
  readonly x5c?: readonly Uint8Array[]
  readonly kid?: string
}): KeyAttestation['signedBy'] {
  if (x5c !== undefined) return { by: 'x5c', chain: x5c }
  if (kid !== undefined) return { by: 'kid', kid }
  throw malformed('A key attestation must name the key of whoever attests, by x5c or kid')
}

function textOf(key: PublicJwk): string {
  const bare: JsonObject = { ...bareJwk(key) }
  return JSON.stringify(bare)
}

function malformed(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('proof_malformed', message, { cause })
}
