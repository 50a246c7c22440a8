/**
 * Judging a trust chain (OpenID Federation 1.0 §10.2): is this entity one of the federation whose anchor is
 * trusted here, and what is its metadata?
 *
 * read → subject, order, times, keys → signatures → constraints → metadata of the superior → policy → outcome
 *
 * Fetching is not done here: a chain is what was sent (`trust_chain`) or collected. Signatures are checked as
 * data, as those of certificates are.
 */
import { checkOf, type PublicJwk, type SignatureCheck, type Verdict } from '@facet-id/credential/jose'
import { findMember, isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import { TrustError } from '../error.ts'
import { type FederationFault, fault, findChainFault, readStatements } from './chain-rules.ts'
import { allowedMetadata } from './constraints.ts'
import { type EntityStatement, isEntityConfiguration } from './entity-statement.ts'
import { applyPolicy, resolvePolicy } from './policy.ts'

export interface FederationAnchor {
  readonly entityId: string
  /** Its federation keys by `kid`, obtained out of band. */
  readonly keys: ReadonlyMap<string, PublicJwk>
}

export interface FederationRules {
  readonly anchors: readonly FederationAnchor[]
  /** The entity that the chain must be about: whoever signed, or whom the client id names. */
  readonly subject: string
  /** Seconds since the epoch. */
  readonly now: number
  /** By how much clocks may differ, seconds. */
  readonly skewSeconds: number
}

export type FederationJudgement =
  | {
      readonly has: 'statements'
      /** Without the configuration of the anchor. */
      readonly statements: readonly EntityStatement[]
      readonly anchor: string
      /** What the anchor says of itself, when it was sent along. */
      readonly anchorConfiguration: EntityStatement | undefined
      readonly checks: readonly SignatureCheck[]
    }
  | { readonly has: 'outcome'; readonly outcome: FederationOutcome }

export type FederationOutcome =
  | {
      readonly outcome: 'proven'
      readonly entityId: string
      readonly anchor: string
      /** Between the two, the nearest superior first. */
      readonly intermediates: readonly string[]
      /** By entity type, after superior and policy. */
      readonly metadata: Readonly<Record<string, JsonObject>>
      /** Keys with which the entity signs in the federation; for protocols it has others, in its metadata. */
      readonly keys: ReadonlyMap<string, PublicJwk>
      /** As the entity carries them: not verified yet. */
      readonly trustMarks: readonly JsonObject[]
      /** What the anchor says of trust marks; absent when its configuration was not in the chain. */
      readonly anchorClaims?: JsonObject
      /** The smallest end of all statements, seconds since the epoch (§10.4). */
      readonly validUntil: number
    }
  | ({ readonly outcome: 'refused' } & FederationFault)

/** @param chain compact statements: that of the subject first, then each superior's; the anchor's own may be left out */
export function beginFederation(chain: readonly string[], rules: FederationRules): FederationJudgement {
  const read = readStatements(chain)
  if ('code' in read) return refused(read)
  const last = read.at(-1)
  const isAnchorsOwn = read.length > 1 && last !== undefined && isEntityConfiguration(last)
  const statements = isAnchorsOwn ? read.slice(0, -1) : read
  const superior = statements.at(-1)
  const anchor = rules.anchors.find(({ entityId }) => entityId === superior?.iss)
  const broken = findChainFault(read, statements, { rules, anchor })
  if (broken !== undefined || anchor === undefined)
    return refused(broken ?? fault(0, 'anchor_unknown', 'The chain leads to no anchor that is trusted here.'))
  const anchorConfiguration = isAnchorsOwn ? last : undefined
  const checks = checksOf(statements, anchor, anchorConfiguration)
  if (checks === undefined)
    return refused(
      fault(0, 'key_unknown', 'A statement is signed with a key that its superior does not name.'),
    )
  return { has: 'statements', statements, anchor: anchor.entityId, anchorConfiguration, checks }
}

/** The signatures that must hold; none when there is an outcome already. */
export function checksOfFederation(judgement: FederationJudgement): readonly SignatureCheck[] {
  return judgement.has === 'statements' ? judgement.checks : []
}

/**
 * Takes in one verdict for each check, in order.
 *
 * @throws {TrustError} `not_ready` for another number of verdicts
 */
export function judgeFederation(
  judgement: FederationJudgement,
  verdicts: readonly Verdict[],
): FederationOutcome {
  if (verdicts.length !== checksOfFederation(judgement).length)
    throw new TrustError('not_ready', 'A trust chain takes one verdict for each signature it asked about')
  if (judgement.has === 'outcome') return judgement.outcome
  const { statements, anchor, anchorConfiguration } = judgement
  const [subject, ...superiors] = statements
  if (subject === undefined || verdicts.some((verdict) => verdict !== 'valid')) {
    const why = 'The signature of a statement does not hold.'
    return { outcome: 'refused', ...fault(0, 'signature_invalid', why) }
  }
  const all = anchorConfiguration === undefined ? statements : [...statements, anchorConfiguration]
  try {
    return {
      outcome: 'proven',
      entityId: subject.sub,
      anchor,
      intermediates: superiors.map(({ iss }) => iss).slice(0, -1),
      metadata: resolveMetadata(subject, superiors),
      keys: superiors[0]?.keys ?? new Map(),
      trustMarks: trustMarksOf(subject),
      ...(anchorConfiguration === undefined ? {} : { anchorClaims: anchorConfiguration.claims }),
      validUntil: Math.min(...all.map(({ exp }) => exp)),
    }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    return { outcome: 'refused', ...fault(0, 'metadata_invalid', `${error.message}.`) }
  }
}

/** §6.1.4.2, §6.2.3: first what the immediate superior says, then entity types that are allowed, then the policy. */
function resolveMetadata(
  subject: EntityStatement,
  superiors: readonly EntityStatement[],
): Readonly<Record<string, JsonObject>> {
  const given = superiors[0]?.metadata ?? {}
  const own = Object.entries(subject.metadata).map(([type, parameters]) => [
    type,
    { ...parameters, ...(Object.hasOwn(given, type) ? given[type] : {}) },
  ])
  let metadata: Readonly<Record<string, JsonObject>> = Object.fromEntries(own)
  for (const { constraints } of superiors) metadata = allowedMetadata(metadata, constraints ?? {})
  const stated = superiors.map(({ metadataPolicy, metadataPolicyCrit }) => ({
    policy: metadataPolicy,
    crit: metadataPolicyCrit,
  }))
  return applyPolicy(metadata, resolvePolicy(stated.toReversed()))
}

/**
 * §10.2: the subject signs its own statement with a key of its own that its superior names too; each superior's
 * statement is signed with a key that the next names; the last with a configured key of the anchor, as is what
 * the anchor says of itself. `undefined` where a key is not there.
 */
function checksOf(
  statements: readonly EntityStatement[],
  anchor: FederationAnchor,
  anchorConfiguration: EntityStatement | undefined,
): readonly SignatureCheck[] | undefined {
  const [subject] = statements
  const signed = statements.map(
    (statement, at) => [statement, statements[at + 1]?.keys ?? anchor.keys] as const,
  )
  if (subject !== undefined) signed.push([subject, subject.keys])
  if (anchorConfiguration !== undefined) signed.push([anchorConfiguration, anchor.keys])
  const checks = signed.flatMap(([{ jws, kid }, keys]) => {
    const key = keys.get(kid)
    return key === undefined ? [] : [checkOf(jws, key)]
  })
  return checks.length === signed.length ? checks : undefined
}

function trustMarksOf({ claims }: EntityStatement): readonly JsonObject[] {
  const marks = findMember(claims, 'trust_marks')
  return isJsonArray(marks) ? marks.filter(isJsonObject) : []
}

function refused(of: FederationFault): FederationJudgement {
  return { has: 'outcome', outcome: { outcome: 'refused', ...of } }
}
