/**
 * Is what came what was offered and asked for? OpenID4VCI 1.0 §8.3; SD-JWT VC §2.4.
 *
 * Signatures, dates and disclosures are judged before; here it is about substitution: another type,
 * another key, another issuer, too many, the same twice, other contents. One bad copy refuses all.
 */
import { sameKey } from '@facet-id/credential/jose'
import { type JsonObject, sameJson } from '@facet-id/credential/json'
import type { Check, Report, VerifiedCredential } from '@facet-id/credential/sd-jwt-vc'
import type { CredentialType } from '@facet-id/credential/type-metadata'
import { HolderError } from '../error.ts'
import type { CopyRecord } from '../shelf/shelf-store.ts'
import type { OwnKey } from './order-state.ts'

export interface JudgedCopy {
  readonly compact: string
  readonly report: Report
}

export interface Expected {
  readonly credentialId: string
  readonly keys: readonly OwnKey[]
  readonly vct: string
  /** Whether that DID, address or holder of a certificate may be this credential issuer. */
  readonly isIssuer: (identity: string) => boolean
}

export interface Accepted {
  readonly issuer: string
  /** What is known of their type; absent: nothing. */
  readonly type?: CredentialType
  readonly expiresAt?: number
  /** The most digests that stand for nothing in any of the copies. */
  readonly undisclosed: number
  readonly copies: readonly CopyRecord[]
  /** What all of them say, without what differs from copy to copy. */
  readonly contents: JsonObject
  /** In which parts they can be shown, as one text. */
  readonly parts: string
}

/**
 * @throws {HolderError} `credential_refused`, `credential_undetermined`, `credential_substituted`,
 * `issuer_not_trusted`, `issuer_changed`
 */
export function acceptCopies(judged: readonly JudgedCopy[], expected: Expected): Accepted {
  const verified = judged.map(({ compact, report }) => ({ compact, credential: verifiedOf(report) }))
  const credentials = verified.map(({ credential }) => credential)
  const [first, ...others] = credentials
  if (first === undefined || credentials.length > expected.keys.length)
    throw substituted('The issuer sent more copies than keys were proven, or none')
  if (credentials.some(({ vct }) => vct !== expected.vct))
    throw substituted('A copy is of another type than the one that was offered')
  // One that is known by a certificate need not be named in what they say.
  if (others.some((other) => signedAs(other) !== signedAs(first)))
    throw substituted('The copies are not all signed by the same issuer in the same way')
  // §3.3.2: copies are of one set of data and one issuer, so the person may see one and send another.
  if (others.some((other) => !sameJson(contentsOf(other.claims), contentsOf(first.claims))))
    throw substituted('The copies do not all say the same')
  // Nor may one show more along with what is asked for than another, which the person agreed to.
  if (others.some((other) => partsOf(other.disclosed) !== partsOf(first.disclosed)))
    throw substituted('The copies cannot all be shown in the same parts')
  if (!expected.isIssuer(first.issuer)) {
    throw new HolderError(
      'issuer_changed',
      'This credential issuer signed as somebody else before; ask it who it is',
    )
  }
  const used = new Set<string>()
  const copies = verified.map(({ compact, credential }) => {
    const keyId = ownKeyOf(credential, expected.keys)
    // §8.3: a key is bound to one credential at most.
    if (used.has(keyId)) throw substituted('Two copies are bound to the same key')
    used.add(keyId)
    const { expiresAt } = credential
    const { credentialId } = expected
    return { credentialId, compact, keyId, ...(expiresAt === undefined ? {} : { expiresAt }) }
  })
  const expiries = credentials.flatMap(({ expiresAt }) => expiresAt ?? [])
  return {
    issuer: first.issuer,
    copies,
    contents: contentsOf(first.claims),
    parts: partsOf(first.disclosed),
    undisclosed: Math.max(...credentials.map(({ undisclosed }) => undisclosed)),
    ...(first.type === undefined ? {} : { type: first.type }),
    ...(expiries.length === 0 ? {} : { expiresAt: Math.min(...expiries) }),
  }
}

function signedAs({ issuer, issuerKnownBy }: VerifiedCredential): string {
  return `${issuerKnownBy} ${issuer}`
}

/** A copy belongs to the key that it names, whatever its place in the response (§8.3). */
function ownKeyOf({ holderKey }: VerifiedCredential, keys: readonly OwnKey[]): string {
  const own = keys.find(({ publicJwk }) => holderKey !== undefined && sameKey(publicJwk, holderKey))
  if (own === undefined) throw substituted('A copy is bound to a key that is not one of ours')
  return own.keyId
}

/** Claims in which copies of one credential differ. */
const OF_ONE_COPY = ['cnf', 'status', 'iat', 'nbf', 'exp', 'jti']

/** All that a copy says, without what differs from copy to copy. */
export function contentsOf(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !OF_ONE_COPY.includes(name)))
}

/** What can be shown or withheld by itself, as one text. */
export function partsOf(disclosed: VerifiedCredential['disclosed']): string {
  return disclosed
    .map((place) => JSON.stringify(place))
    .sort()
    .join()
}

function verifiedOf({ verified, checks, credential }: Report): VerifiedCredential {
  if (verified && credential !== undefined) return credential
  const first = (which: Check['outcome']): Check | undefined =>
    checks.find(({ outcome }) => outcome === which)
  const open = first('undetermined')
  // What was never looked at is no reason to come back later.
  const failed = first('fail') ?? (open === undefined ? first('skipped') : undefined)
  // Not to be believed is another thing than not to hold.
  if (failed?.code === 'trust') throw new HolderError('issuer_not_trusted', failed.text)
  if (failed !== undefined) {
    throw new HolderError(
      'credential_refused',
      `A received credential fails its check "${failed.code}": ${failed.text}`,
    )
  }
  throw new HolderError(
    'credential_undetermined',
    `The check "${open?.code}" of a received credential has no result: ${open?.text} Resume the issuance later.`,
  )
}

function substituted(text: string): HolderError {
  return new HolderError('credential_substituted', text)
}
