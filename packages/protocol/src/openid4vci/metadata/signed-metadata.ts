/**
 * Issuer metadata as a signed token, for wallets that ask for it.
 * OpenID4VCI 1.0 §12.2.2, §12.2.3.
 *
 * A wallet takes it in two steps. First the token: of what kind it is, and whose key is said to have signed
 * it. Then, when that key was resolved and trusted and the signature verified, what it says: §12.2.3 "the
 * Wallet MUST … resolve the key before processing the metadata".
 */
import {
  checkOf,
  type Jws,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
  writeX5c,
} from '@facet-id/credential/jose'
import { JSON_MEDIA_TYPE, mediaTypeOf, readAnswer } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text, whole } from '../../read.ts'
import type { Scheme } from '../../url.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import type { CredentialIssuerId } from '../credential-issuer-id.ts'
import {
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  METADATA_LENGTH,
  type ReadIssuerMetadata,
  readIssuerMetadata,
} from './credential-issuer-metadata.ts'

export const SIGNED_METADATA_TYP = 'openidvci-issuer-metadata+jwt'

const JWT_MEDIA_TYPE = 'application/jwt'

/** Signed metadata whose signature is still to be verified, with a key that is still to be trusted. */
export interface SignedMetadataJwt {
  /** By which the key is found: certificates, the key's own first; or a DID URL, or any other name. */
  readonly key:
    | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[] }
    | { readonly by: 'kid'; readonly kid: string }
  readonly jws: Jws
  check(key: PublicJwk): SignatureCheck
}

/** What the token says of itself. */
export interface SignedMetadataClaims {
  /** The Credential Issuer Identifier. */
  readonly sub: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds since the epoch; absent: it does not expire. */
  readonly exp?: number
  /** Who signed, if that is another than the issuer. */
  readonly iss?: string
}

/** Characters of the token: base64url makes four of three. */
const LENGTH = METADATA_LENGTH * 2

const claims = members({
  sub: text(),
  iat: whole(0),
  exp: optional(whole(0)),
  iss: optional(text()),
})

true satisfies Same<Plain<SignedMetadataClaims>, Reads<typeof claims>>

/** Asks for metadata, signed where the issuer signs it, and as plain JSON where it does not. */
export function signedMetadataRequest(issuer: CredentialIssuerId): WireRequest {
  return credentialIssuerMetadataRequest(issuer, `${JWT_MEDIA_TYPE}, ${JSON_MEDIA_TYPE};q=0.5`)
}

/**
 * Whether whoever asks likes signed metadata better than plain. RFC 9110 §12.5.1: the weight of the most
 * precise range counts; without `Accept`, or with one that makes no difference, the plain form is given.
 */
export function prefersSignedMetadata({ headers }: Pick<WireRequest, 'headers'>): boolean {
  const ranges = (headers.accept ?? '').split(',', MAX_RANGES).map(readRange)
  return weightOf(JWT_MEDIA_TYPE, ranges) > weightOf(JSON_MEDIA_TYPE, ranges)
}

export function writeSignedMetadataResponse(token: string): WireResponse {
  return { status: 200, headers: { 'content-type': JWT_MEDIA_TYPE }, body: token }
}

/** The token of an answer, or `undefined` when the issuer answered with the plain form. */
export function findSignedMetadata(response: WireResponse): string | undefined {
  return mediaTypeOf(response.headers) === JWT_MEDIA_TYPE ? readAnswer(response, JWT_MEDIA_TYPE) : undefined
}

/**
 * The text to sign. §12.2.3: every parameter stands at the top level of the payload.
 *
 * @param key a chain of certificates without its anchor, or the name of the key
 */
export function writeSignedMetadataInput(
  metadata: CredentialIssuerMetadata,
  { iat, exp }: Pick<SignedMetadataClaims, 'iat' | 'exp'>,
  {
    alg,
    ...key
  }: { readonly alg: JwsAlgorithm } & ({ readonly kid: string } | { readonly x5c: readonly Uint8Array[] }),
): string {
  const payload: Plain<CredentialIssuerMetadata> = metadata
  return writeSigningInput(
    { typ: SIGNED_METADATA_TYP, alg, ...('kid' in key ? { kid: key.kid } : { x5c: writeX5c(key.x5c) }) },
    { sub: metadata.credential_issuer, iat, ...(exp === undefined ? {} : { exp }), ...payload },
  )
}

/**
 * Reads the token. Of its contents nothing is looked at yet.
 *
 * @param algs those that the wallet takes
 * @throws {CredentialError} those of `readJws`: `jws_typ_unexpected`, `jws_alg_not_allowed` …
 * @throws {ProtocolError} `message_malformed` when it names its key in no way or in two
 */
export function readSignedMetadataJwt(
  token: string,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): SignedMetadataJwt {
  const jws = readJws(token, { typ: SIGNED_METADATA_TYP, algs, maxBytes: LENGTH, x5c: 'allowed' })
  const { x5c, kid } = jws.header
  const check = (key: PublicJwk): SignatureCheck => checkOf(jws, key)
  if (x5c !== undefined) return { key: { by: 'x5c', chain: x5c }, jws, check }
  if (kid !== undefined) return { key: { by: 'kid', kid }, jws, check }
  throw new ProtocolError('message_malformed', 'Signed metadata must name its key, by x5c or kid')
}

/**
 * Reads what the token says, once its signature was verified with a trusted key.
 *
 * @param now seconds since the epoch; `skewSeconds` forgives clocks
 * @throws {ProtocolError} `message_malformed`, also when it is about another issuer, from the future or
 * expired; those of {@link readIssuerMetadata}
 */
export function readSignedMetadata(
  { jws }: Pick<SignedMetadataJwt, 'jws'>,
  issuer: CredentialIssuerId,
  {
    now,
    skewSeconds = 60,
    scheme = 'https',
  }: { readonly now: number; readonly skewSeconds?: number; readonly scheme?: Scheme },
): ReadIssuerMetadata {
  const { sub, iat, exp } = readMessage(claims, jws.payload, { name: 'signed metadata' })
  if (sub !== issuer) throw malformed('its "sub" is another issuer than was asked')
  if (iat > now + skewSeconds) throw malformed('it is from the future')
  if (exp !== undefined && exp <= now - skewSeconds) throw malformed('it has expired')
  return readIssuerMetadata(jws.payload, issuer, scheme)
}

interface Range {
  readonly type: string
  readonly weight: number
}

const MAX_RANGES = 20

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  const weight = q === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 0
  return { type, weight }
}

function weightOf(type: string, ranges: readonly Range[]): number {
  const [main] = type.split('/')
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((each) => each.type === wanted)
    if (range !== undefined) return range.weight
  }
  return 0
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The signed metadata is refused: ${why}`)
}
