/** Trust marks (OpenID Federation 1.0 §7): that an entity meets a set of criteria, said by who may say so. */
import {
  checkOf,
  type Jws,
  jwsAlgorithms,
  type PublicJwk,
  readJws,
  type SignatureCheck,
  type Verdict,
} from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { malformed, readEntityId } from './entity-id.ts'
import { readKeys, time } from './entity-statement.ts'

export interface TrustMark {
  readonly jws: Jws
  readonly kid: string
  readonly iss: string
  readonly sub: string
  /** `trust_mark_type`: a URI. */
  readonly type: string
  readonly iat: number
  /** Absent: without end. */
  readonly exp?: number
  /** Of the owner of the type, to whoever issues marks of it. */
  readonly delegation?: TrustMark
}

export interface TrustMarkRules {
  /** The entity that carries the mark. */
  readonly subject: string
  /** Claims of the anchor's configuration: who may issue which marks, and who owns which. */
  readonly anchorClaims: JsonObject
  /** Federation keys of the mark's issuer, for whom trust was established by a chain of its own; absent: it was not. */
  readonly issuerKeys?: ReadonlyMap<string, PublicJwk>
  readonly now: number
  readonly skewSeconds: number
}

export type TrustMarkOutcome =
  | { readonly outcome: 'proven'; readonly type: string }
  | { readonly outcome: 'refused'; readonly why: string }

const kinds = { mark: 'trust-mark+jwt', delegation: 'trust-mark-delegation+jwt' } as const
const maxCharacters = 65_536

/** @throws {TrustError} `statement_malformed` */
export function readTrustMark(text: string, kind: keyof typeof kinds = 'mark'): TrustMark {
  const jws = readToken(text, kind)
  const { payload } = jws
  const { kid } = jws.header
  if (kid === undefined || kid === '') throw malformed('its header must name a key ("kid")')
  const type = findMember(payload, 'trust_mark_type')
  if (typeof type !== 'string' || type === '') throw malformed('"trust_mark_type" must be a text')
  const delegation = kind === 'mark' ? findMember(payload, 'delegation') : undefined
  if (delegation !== undefined && typeof delegation !== 'string')
    throw malformed('"delegation" must be a text')
  return {
    jws,
    kid,
    iss: readEntityId(findMember(payload, 'iss'), 'iss'),
    sub: readEntityId(findMember(payload, 'sub'), 'sub'),
    type,
    iat: time(payload, 'iat'),
    ...(findMember(payload, 'exp') === undefined ? {} : { exp: time(payload, 'exp') }),
    ...(delegation === undefined ? {} : { delegation: readTrustMark(delegation, 'delegation') }),
  }
}

/** The signatures that must hold: of the mark, then of its delegation; `undefined` where a key is not there. */
export function checksOfTrustMark(
  mark: TrustMark,
  rules: TrustMarkRules,
): readonly SignatureCheck[] | undefined {
  const owner = findOwner(rules.anchorClaims, mark.type)
  const signed = [
    [mark, rules.issuerKeys] as const,
    ...(owner === undefined || mark.delegation === undefined ? [] : [[mark.delegation, owner.keys] as const]),
  ]
  const checks = signed.flatMap(([{ jws, kid }, keys]) => {
    const key = keys?.get(kid)
    return key === undefined ? [] : [checkOf(jws, key)]
  })
  return checks.length === signed.length ? checks : undefined
}

/** @param verdicts one for each check, in order; absent where a key was not there */
export function judgeTrustMark(
  mark: TrustMark,
  verdicts: readonly Verdict[] | undefined,
  rules: TrustMarkRules,
): TrustMarkOutcome {
  const { subject, anchorClaims, now, skewSeconds } = rules
  const owner = findOwner(anchorClaims, mark.type)
  const { delegation } = mark
  if (mark.sub !== subject) return refused('The mark is about another entity than the one that carries it.')
  if (!mayIssue(anchorClaims, mark))
    return refused('The anchor does not name the issuer of the mark for its type.')
  if (
    [mark, delegation].some(
      (of) => of !== undefined && (of.iat > now + skewSeconds || (of.exp ?? now + 1) <= now),
    )
  )
    return refused('The mark, or its delegation, is not valid now.')
  if (owner !== undefined) {
    const isDelegated =
      delegation !== undefined &&
      delegation.iss === owner.sub &&
      delegation.sub === mark.iss &&
      delegation.type === mark.type
    if (!isDelegated) return refused('The owner of the type has not delegated it to the issuer of the mark.')
  }
  const expected = owner === undefined ? 1 : 2
  if (verdicts?.length !== expected || verdicts.some((verdict) => verdict !== 'valid'))
    return refused('The signature of the mark, or of its delegation, does not hold.')
  return { outcome: 'proven', type: mark.type }
}

/** `trust_mark_issuers`: by type, a list of entities; an empty one lets any issue (§3.1.2). */
function mayIssue(anchorClaims: JsonObject, { type, iss }: TrustMark): boolean {
  const issuers = memberOf(anchorClaims, 'trust_mark_issuers', type)
  return isJsonArray(issuers) && (issuers.length === 0 || issuers.includes(iss))
}

function findOwner(
  anchorClaims: JsonObject,
  type: string,
): { readonly sub: JsonValue | undefined; readonly keys: ReadonlyMap<string, PublicJwk> } | undefined {
  const owner = memberOf(anchorClaims, 'trust_mark_owners', type)
  if (!isJsonObject(owner)) return undefined
  return { sub: findMember(owner, 'sub'), keys: readKeys(findMember(owner, 'jwks'), 'jwks') }
}

function memberOf(claims: JsonObject, name: string, type: string): JsonValue | undefined {
  const table = findMember(claims, name)
  return isJsonObject(table) ? findMember(table, type) : undefined
}

function readToken(text: string, kind: keyof typeof kinds): Jws {
  try {
    return readJws(text, { typ: kinds[kind], algs: jwsAlgorithms, maxBytes: maxCharacters })
  } catch (cause) {
    throw malformed('it is no signed trust mark of its kind', cause)
  }
}

function refused(why: string): TrustMarkOutcome {
  return { outcome: 'refused', why }
}
