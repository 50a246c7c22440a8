/**
 * Status List Token: the status of many credentials, one or more bits each, signed as a JWT.
 * Token Status List (draft 20) §5.1, §8.
 *
 * Reading verifies nothing, and does not inflate: it says which check must hold, and how far the
 * caller may inflate.
 */
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import {
  checkOf,
  type JwsAlgorithm,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  writeSigningInput,
  writeX5c,
} from '@facet-id/credential/jose'
import { isStatusBits, type StatusBits } from '@facet-id/credential/status-list'
import * as v from 'valibot'
import { documentRequest, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/** A list to be signed. */
export interface StatusListClaims {
  /** Where the list is published, and what the credentials' references say. */
  readonly uri: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds since the epoch; nobody may rely on the list after it. */
  readonly exp: number
  /** Seconds for which a copy may be kept before it is fetched again; more than 0. */
  readonly ttl: number
  readonly bits: StatusBits
  /** The bits, compressed with ZLIB (RFC 1950). */
  readonly lst: Uint8Array
}

/** A list as parsed; it says nothing until `check` holds. */
export interface StatusListToken {
  /** Equal to the `uri` that was asked. */
  readonly sub: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Seconds since the epoch; absent when the list does not expire. */
  readonly exp?: number
  /** Seconds, more than 0; absent when the list does not say. */
  readonly ttl?: number
  readonly bits: StatusBits
  /** Compressed with ZLIB (RFC 1950). */
  readonly lst: Uint8Array
  /**
   * Where to stop when `lst` is inflated: the most that so many compressed bytes can hold, and no more than
   * any list that is read here. A list that is larger is refused.
   */
  readonly maxBytes: number
  /** That it says it is signed by. */
  readonly alg: JwsAlgorithm
  /** Names the issuer's key; absent only where certificates do. */
  readonly kid?: string
  /** DER, the certificate of the issuer's key first; absent where the list brings none. */
  readonly x5c?: readonly Uint8Array[]
  check(key: PublicJwk): SignatureCheck
}

export const STATUS_LIST_MEDIA_TYPE = 'application/statuslist+jwt'

const TYP = 'statuslist+jwt'

/** Characters of the token. */
const TOKEN_LENGTH = 4_194_304
/** Bytes of an inflated list: 16 million entries of eight bits, 134 million of one. */
const LIST_BYTES = 16_777_216
/** DEFLATE makes at most so many bytes of one (RFC 1951 §3.2.5): 258 for a match that is told in two bits. */
const MOST_OF_A_BYTE = 1032

const seconds = v.pipe(v.number(), v.minValue(0, 'must not be negative'))

const schema = members({
  sub: text(),
  iat: seconds,
  exp: optional(seconds),
  // §5.1: "The value of the claim MUST be a positive number".
  ttl: optional(
    v.pipe(
      v.number(),
      v.check((ttl) => ttl > 0, 'must be more than 0'),
    ),
  ),
  status_list: members({
    bits: v.custom<StatusBits>(isStatusBits, 'must be 1, 2, 4 or 8'),
    lst: text(TOKEN_LENGTH),
  }),
})

true satisfies Same<
  Plain<
    Pick<StatusListToken, 'sub' | 'iat' | 'exp' | 'ttl'> & { status_list: { bits: StatusBits; lst: string } }
  >,
  Reads<typeof schema>
>

/** How a list names the key that it is signed with: by its `kid`, or by certificates, the anchor left out. */
export type StatusListKey = string | { readonly x5c: readonly Uint8Array[] }

/** The text that the issuer signs. */
export function writeStatusListInput(
  claims: StatusListClaims,
  key: StatusListKey,
  alg: JwsAlgorithm,
): string {
  const { uri, iat, exp, ttl, bits, lst } = claims
  const naming = typeof key === 'string' ? { kid: key } : { x5c: writeX5c(key.x5c) }
  return writeSigningInput(
    { alg, ...naming, typ: TYP },
    { sub: uri, iat, exp, ttl, status_list: { bits, lst: writeBase64url(lst) } },
  )
}

/** Which list is asked for, and what is taken for it. */
export interface StatusListAsked {
  /** What the credential's `status_list` says. */
  readonly uri: string
  /** Absent: all that this release takes. */
  readonly algs?: readonly JwsAlgorithm[]
  /** Whether the issuer is one that is known by certificates, so that the list brings them along; forbidden when absent. */
  readonly x5c?: 'required' | 'forbidden'
}

/**
 * Reads the list that a credential refers to. Whether it has expired is for the caller to see.
 *
 * @throws {ProtocolError} `message_malformed`, also when the list is another one; {CredentialError}
 * those of `readJws` and `readBase64url`
 */
export function readStatusListToken(
  jwt: string,
  { uri, algs = jwsAlgorithms, x5c: certificates = 'forbidden' }: StatusListAsked,
): StatusListToken {
  const isCertified = certificates === 'required'
  const jws = readJws(jwt, {
    typ: TYP,
    algs,
    maxBytes: TOKEN_LENGTH,
    x5c: isCertified ? 'allowed' : 'forbidden',
  })
  const { status_list, ...claims } = readMessage(schema, jws.payload, { name: 'status list token' })
  // §8.3: "The subject claim … MUST be equal to the uri claim in the status_list object".
  if (claims.sub !== uri) throw malformed('it is another list than the one the credential names')
  const { alg, kid, x5c } = jws.header
  if (isCertified && x5c === undefined) throw malformed('its header has no "x5c"')
  if (!isCertified && kid === undefined) throw malformed('its header has no "kid"')
  const lst = readBase64url(status_list.lst)
  if (!isZlib(lst)) throw malformed('"lst" is not in ZLIB format')
  return {
    ...claims,
    bits: status_list.bits,
    lst,
    maxBytes: Math.min(LIST_BYTES, lst.length * MOST_OF_A_BYTE),
    alg,
    ...(kid === undefined ? {} : { kid }),
    ...(x5c === undefined ? {} : { x5c }),
    check: (key) => checkOf(jws, key),
  }
}

/** Asks for a list (§8.1). */
export function statusListRequest(uri: string): WireRequest {
  return documentRequest(uri, STATUS_LIST_MEDIA_TYPE)
}

/**
 * What is published at the list's address.
 *
 * @param ttl seconds for which caches may keep it; absent: they decide
 */
export function writeStatusListResponse(jwt: string, ttl?: number): WireResponse {
  const caching = ttl === undefined ? {} : { 'cache-control': `max-age=${Math.floor(ttl)}` }
  return { status: 200, headers: { 'content-type': STATUS_LIST_MEDIA_TYPE, ...caching }, body: jwt }
}

/**
 * The token that was answered, unread.
 *
 * @throws {ProtocolError} `message_malformed` when the status is not 2xx, `content_type_unexpected`
 */
export function readStatusListResponse(response: WireResponse): string {
  return readAnswer(response, STATUS_LIST_MEDIA_TYPE)
}

/** RFC 1950 §2.2: method 8, a window of 32 KiB or less, check bits, and no preset dictionary. */
function isZlib([cmf = 0, flg = 0]: Uint8Array): boolean {
  return (cmf & 0x0f) === 8 && cmf >> 4 <= 7 && ((cmf << 8) | flg) % 31 === 0 && (flg & 0x20) === 0
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The status list token cannot be used: ${why}`)
}
