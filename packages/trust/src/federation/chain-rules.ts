/** What a chain of entity statements must be before any signature is looked at (OpenID Federation 1.0 §10.2, §6.2). */
import { TrustError } from '../error.ts'
import type { FederationAnchor, FederationRules } from './chain.ts'
import { obeysConstraints } from './constraints.ts'
import { type EntityStatement, isEntityConfiguration, readEntityStatement } from './entity-statement.ts'

export type FederationFaultCode =
  /** A statement cannot be read; its own code is in the words. */
  | 'unreadable'
  /** The chain is about another entity, or does not begin with what an entity says of itself. */
  | 'other_subject'
  /** A statement is not about the issuer of the one before it, or the chain comes back to where it was. */
  | 'order_wrong'
  | 'anchor_unknown'
  | 'key_unknown'
  | 'signature_invalid'
  | 'not_yet_valid'
  | 'expired'
  /** A superior demands something of those below that does not hold. */
  | 'constraint_broken'
  /** Policies contradict each other, or the metadata does not obey them. */
  | 'metadata_invalid'

export interface FederationFault {
  /** Which statement, 0 for that of the subject. */
  readonly at: number
  readonly code: FederationFaultCode
  /** A sentence that is safe to show: nothing that stands in a statement. */
  readonly why: string
}

/** A chain with more intermediates is no federation that anyone runs, and a way to keep others busy. */
const maxStatements = 8

export function fault(at: number, code: FederationFaultCode, why: string): FederationFault {
  return { at, code, why }
}

export function readStatements(chain: readonly string[]): readonly EntityStatement[] | FederationFault {
  if (chain.length < 2 || chain.length > maxStatements)
    return fault(0, 'unreadable', `The chain must have two to ${maxStatements} statements.`)
  const read: EntityStatement[] = []
  for (const [at, text] of chain.entries()) {
    try {
      read.push(readEntityStatement(text))
    } catch (error) {
      if (!(error instanceof TrustError)) throw error
      return fault(at, 'unreadable', `${error.message} (${error.code}).`)
    }
  }
  return read
}

/**
 * @param all as sent
 * @param statements without what the anchor says of itself
 */
export function findChainFault(
  all: readonly EntityStatement[],
  statements: readonly EntityStatement[],
  { rules, anchor }: { readonly rules: FederationRules; readonly anchor: FederationAnchor | undefined },
): FederationFault | undefined {
  const [subject, superior] = statements
  if (subject === undefined || superior === undefined || !isEntityConfiguration(subject))
    return fault(0, 'other_subject', 'The chain does not begin with what its subject says of itself.')
  if (subject.sub !== rules.subject)
    return fault(0, 'other_subject', 'The chain is about another entity than the one that was named.')
  return (
    findOrderFault(all, statements) ??
    findTimeFault(all, rules) ??
    (anchor === undefined
      ? fault(statements.length - 1, 'anchor_unknown', 'The chain leads to no anchor that is trusted here.')
      : findConstraintFault(statements))
  )
}

function findOrderFault(
  all: readonly EntityStatement[],
  statements: readonly EntityStatement[],
): FederationFault | undefined {
  const at = all.findIndex((statement, place) => {
    const before = all[place - 1]
    return (
      before !== undefined &&
      (statement.sub !== before.iss || (place < statements.length && isEntityConfiguration(statement)))
    )
  })
  if (at > 0) return fault(at, 'order_wrong', 'A statement is not about the issuer of the one before it.')
  const issuers = statements.map(({ iss }) => iss)
  if (new Set(issuers).size < issuers.length)
    return fault(0, 'order_wrong', 'The chain comes back to where it was.')
  const [subject, superior] = statements
  // §3.2: "the Entity Identifier of the issuer MUST match one of the authority_hints".
  if (subject?.authorityHints.includes(superior?.iss ?? '') !== true)
    return fault(1, 'order_wrong', 'A superior vouches for the subject whom the subject does not name.')
  return undefined
}

function findTimeFault(
  all: readonly EntityStatement[],
  { now, skewSeconds }: FederationRules,
): FederationFault | undefined {
  const early = all.findIndex(({ iat }) => iat > now + skewSeconds)
  if (early >= 0) return fault(early, 'not_yet_valid', 'A statement of the chain is of a time to come.')
  const late = all.findIndex(({ exp }) => exp <= now)
  return late < 0 ? undefined : fault(late, 'expired', 'A statement of the chain has expired.')
}

/** Each statement binds its subject and all below. */
function findConstraintFault(statements: readonly EntityStatement[]): FederationFault | undefined {
  const subjects = statements.slice(1).map(({ sub }) => sub)
  const at = statements.findIndex(
    ({ constraints }, place) =>
      constraints !== undefined && !obeysConstraints(constraints, subjects.slice(0, place)),
  )
  return at < 0
    ? undefined
    : fault(at, 'constraint_broken', 'A superior demands something of those below that does not hold.')
}
