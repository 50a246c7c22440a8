/**
 * One status list, fetched and validated: after this its bits may be believed until they are stale.
 * Token Status List (draft 20) §8.1 to §8.3.
 */
import type { CheckSignatures, Inflate, JwsAlgorithm, MaybePromise } from '@facet-id/credential/jose'
import type { KeyAnswer, KeyMechanism, KeyReference } from '@facet-id/credential/sd-jwt-vc'
import type { StatusBits } from '@facet-id/credential/status-list'
import {
  readStatusListResponse,
  readStatusListToken,
  type StatusListAsked,
  type StatusListToken,
  statusListRequest,
} from '@facet-id/protocol/token-status-list'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { type CertificateIdentity, isSameParty } from '@facet-id/trust'
import type { CertifiedKeyAnswer } from './issuer-keys.ts'
import { isKeyOf, type KeyQuestion } from './key-resolver.ts'

export interface StatusListPorts {
  readonly transport: Transport
  readonly checkSignatures: CheckSignatures
  readonly resolveKey: (question: KeyQuestion) => MaybePromise<KeyAnswer>
  /** Keys of issuers that are no DIDs. Absent: their lists are not believed. */
  readonly issuerKeyOf?: (of: Exclude<KeyReference, { by: 'did' }>) => MaybePromise<CertifiedKeyAnswer>
  readonly inflate: Inflate
  /** Seconds since the epoch. */
  readonly now: () => number
  /** The algorithms that lists may be signed with; absent: all that this release takes. */
  readonly algs?: readonly JwsAlgorithm[]
}

/** Times are seconds. */
export interface StatusListBounds {
  /** A list is not fetched again sooner, whatever its `ttl`; 1. */
  readonly minTtl: number
  /** A list is fetched again at least so often, whatever its `ttl` and `exp`; 86,400. */
  readonly maxTtl: number
  /** For a list that says neither `ttl` nor `exp`; 300. */
  readonly defaultTtl: number
  /** How old a list without `exp` may be; 604,800. */
  readonly maxAge: number
  /** By how much the issuer's clock may be ahead; 60. */
  readonly skew: number
  /** For how long a list that could not be had is not asked for again; 1. */
  readonly failureTtl: number
  /** Of all lists that are kept; 64 MiB. */
  readonly maxKeptBytes: number
}

export interface StatusList {
  readonly bits: StatusBits
  readonly bytes: Uint8Array
  /** When it was asked for, seconds since the epoch: it was so then, at the latest. */
  readonly askedAt: number
  /** Seconds since the epoch; absent when the list has no end. */
  readonly expiresAt?: number
  /** Seconds for which it may be kept, from when it was asked for; never beyond `expiresAt`. */
  readonly keepFor: number
}

/** Who issued the credential. */
export interface ListIssuer {
  readonly issuer: string
  readonly by: KeyMechanism
  /** What its certificate proved; absent unless it is known by one. */
  readonly certificate?: CertificateIdentity
}

/** A list, or why there is none, in words that are safe to show. */
export type StatusListAnswer =
  | { readonly list: StatusList }
  /** It could not be found out. */
  | { readonly undetermined: string }
  /** The list breaks a rule. */
  | { readonly refused: string }

/**
 * Fetches and validates the list at `uri` as one of that issuer. Never rejects.
 *
 * @param of who issued the credential, and how it is known: the list must be signed by it (§11.3)
 */
export async function fetchStatusList(
  { uri, ...issuer }: ListIssuer & { readonly uri: string },
  ports: StatusListPorts,
  bounds: StatusListBounds,
): Promise<StatusListAnswer> {
  const askedAt = ports.now()
  try {
    const response = await ports.transport.send(statusListRequest(uri))
    if (response.status < 200 || response.status > 299) {
      return { undetermined: 'The status list was not given out: its server answered with an error.' }
    }
    const token = readToken(response, {
      uri,
      x5c: issuer.by === 'x5c' ? 'required' : 'forbidden',
      ...(ports.algs === undefined ? {} : { algs: ports.algs }),
    })
    if (token === undefined)
      return { refused: 'What was found is no status list that can be read, or is another one.' }
    const fault = (await faultOfSignature(token, issuer, ports)) ?? faultOfTimes(token, ports.now(), bounds)
    if (fault !== undefined) return fault
    const bytes = await inflated(token, ports.inflate)
    if (bytes === undefined)
      return { refused: 'The status list cannot be opened, or is larger than is read here.' }
    const { bits, exp } = token
    const keepFor = Math.min(
      ttlOf(token, bounds),
      exp === undefined ? Number.POSITIVE_INFINITY : exp - askedAt,
    )
    return { list: { bits, bytes, askedAt, keepFor, ...(exp === undefined ? {} : { expiresAt: exp }) } }
  } catch (error) {
    return faultOfTransport(error)
  }
}

type Fault = Exclude<StatusListAnswer, { readonly list: StatusList }>

function readToken(response: WireResponse, asked: StatusListAsked): StatusListToken | undefined {
  try {
    return readStatusListToken(readStatusListResponse(response), asked)
  } catch {
    return undefined
  }
}

/** §8.3: "the Status List Token MUST be validated"; §11.3 says by whose key. */
async function faultOfSignature(
  token: StatusListToken,
  issuer: ListIssuer,
  ports: StatusListPorts,
): Promise<Fault | undefined> {
  const answer = await keyOf(token, issuer, ports)
  if (!('key' in answer)) return answer
  const [verdict] = await ports.checkSignatures([token.check(answer.key)])
  return verdict === 'valid'
    ? undefined
    : { refused: 'The status list was changed or forged: its signature is not valid.' }
}

/** In the way in which the issuer of the credential is known, and in no other. */
async function keyOf(
  { alg, kid = '', x5c: chain = [] }: StatusListToken,
  { issuer, by, certificate }: ListIssuer,
  { resolveKey, issuerKeyOf }: StatusListPorts,
): Promise<KeyAnswer> {
  switch (by) {
    case 'did':
      if (!isKeyOf(kid, issuer)) {
        return { refused: 'The status list is not signed by the issuer of the credential.' }
      }
      return resolveKey({ did: issuer, kid, relationship: 'assertionMethod' })
    case 'jwt_vc_issuer':
      return (await issuerKeyOf?.({ by, issuer, kid, alg })) ?? unknownIssuer
    case 'x5c': {
      const answer = (await issuerKeyOf?.({ by, chain })) ?? unknownIssuer
      if (!('key' in answer) || isOf(answer, { issuer, certificate })) return answer
      return { refused: 'The status list is not signed by the issuer of the credential.' }
    }
  }
}

/** The same certificate, or a renewed one of the same party. */
function isOf(
  found: { readonly issuer: string; readonly certificate?: CertificateIdentity },
  { issuer, certificate }: { readonly issuer: string; readonly certificate: CertificateIdentity | undefined },
): boolean {
  if (found.issuer === issuer) return true
  return (
    certificate !== undefined &&
    found.certificate !== undefined &&
    isSameParty(found.certificate, certificate)
  )
}

const unknownIssuer = {
  undetermined: 'The status list is of an issuer whose lists are not looked at here.',
} as const

function faultOfTimes(
  { iat, exp }: StatusListToken,
  now: number,
  { skew, maxAge }: StatusListBounds,
): Fault | undefined {
  // §13.7: nobody may rely on a list after its `exp`, so clocks are given no leave here.
  if (exp !== undefined && exp <= now)
    return { refused: 'The status list has expired: its issuer must publish a new one.' }
  if (iat > now + skew) return { refused: 'The status list says that it was made in the future.' }
  if (exp === undefined && iat + maxAge < now) {
    return { refused: 'The status list is too old: its issuer must publish a new one.' }
  }
  return undefined
}

async function inflated(
  { lst, maxBytes }: StatusListToken,
  inflate: Inflate,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await inflate(lst, maxBytes)
    return bytes.length > maxBytes ? undefined : bytes
  } catch {
    return undefined
  }
}

/** §11.5: what an issuer says is brought within bounds. Without `ttl` the list is fetched anew by `exp` (§13.7). */
function ttlOf({ ttl, exp }: StatusListToken, { minTtl, maxTtl, defaultTtl }: StatusListBounds): number {
  const wished = ttl ?? (exp === undefined ? defaultTtl : maxTtl)
  return Math.min(maxTtl, Math.max(minTtl, wished))
}

function faultOfTransport(error: unknown): Fault {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'peer_timed_out':
      return { undetermined: 'The status list was not given out in time.' }
    case 'peer_unreachable':
      return { undetermined: 'The status list was not given out: its server is not reached.' }
    case 'response_too_large':
      return { refused: 'The status list is larger than is read here.' }
    case 'address_refused':
    case 'https_required':
      return { refused: 'The status list is at an address that is not called from here.' }
    case 'message_malformed':
      return { refused: 'The status list cannot be read, or its address cannot.' }
    default:
      return { undetermined: 'The status list could not be looked at, and it is not known why.' }
  }
}
