/** Metadata policies (OpenID Federation 1.0 §6.1.4): read, merged from the most superior down, and applied. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import {
  areCombinable,
  type OperatorName,
  operatorNames,
  operators,
  type ParameterPolicy,
  policyError,
} from './operators.ts'

/** By entity type, then by parameter. */
export type MetadataPolicy = ReadonlyMap<string, ReadonlyMap<string, ParameterPolicy>>

/** What a chain's statement says, for the policy of the chain. */
export interface StatedPolicy {
  /** Absent: none. */
  readonly policy?: JsonObject | undefined
  /** Operators that must be understood. */
  readonly crit: readonly string[]
}

/** Written as one text, and a list for every operator (§6.1.3.1.8). */
const scope = 'scope'

/**
 * The policy of a chain.
 *
 * @param stated of each subordinate statement, the most superior first
 * @throws {TrustError} `policy_malformed`
 */
export function resolvePolicy(stated: readonly StatedPolicy[]): MetadataPolicy {
  const critical = stated.flatMap(({ crit }) => crit)
  // No operator is understood but the standard ones, so what demands another cannot be obeyed.
  if (critical.some((name) => !operatorNames.some((known) => known === name)))
    throw policyError('it demands an operator that is not known')
  return stated.reduce<MetadataPolicy>(
    (merged, { policy }) => (policy === undefined ? merged : mergePolicies(merged, readPolicy(policy))),
    new Map(),
  )
}

/**
 * What is left of metadata when the policy was applied.
 *
 * @throws {TrustError} `policy_malformed`: it does not obey, and must not be used
 */
export function applyPolicy(
  metadata: Readonly<Record<string, JsonObject>>,
  policy: MetadataPolicy,
): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    Object.entries(metadata).map(([type, parameters]) => [type, applyToType(parameters, policy.get(type))]),
  )
}

function applyToType(
  parameters: JsonObject,
  policies: ReadonlyMap<string, ParameterPolicy> | undefined,
): JsonObject {
  const left = new Map(Object.entries(parameters))
  for (const [name, policy] of policies ?? []) {
    const value = applyToParameter(name, left.get(name), policy)
    if (value === undefined) left.delete(name)
    else left.set(name, value)
  }
  return Object.fromEntries(left)
}

function applyToParameter(
  name: string,
  given: JsonValue | undefined,
  policy: ParameterPolicy,
): JsonValue | undefined {
  let value = name === scope && typeof given === 'string' ? scopesOf(given) : given
  for (const operator of operatorNames) {
    const configured = policy[operator]
    if (configured !== undefined) value = operators[operator].apply(configured, value)
  }
  return name === scope && isJsonArray(value) ? value.join(' ') : value
}

function readPolicy(policy: JsonObject): MetadataPolicy {
  return new Map(
    Object.entries(policy).map(([type, parameters]) => {
      if (!isJsonObject(parameters)) throw policyError('the policy of an entity type is no object')
      const read = Object.entries(parameters).map(
        ([name, of]) => [name, readParameterPolicy(name, of)] as const,
      )
      return [type, new Map(read)] as const
    }),
  )
}

function readParameterPolicy(name: string, of: JsonValue): ParameterPolicy {
  if (!isJsonObject(of)) throw policyError('the policy of a parameter is no object')
  const policy: { [operator in OperatorName]?: JsonValue } = {}
  for (const operator of operatorNames) {
    const said = Object.hasOwn(of, operator) ? of[operator] : undefined
    if (said === undefined) continue
    const configured = name === scope && typeof said === 'string' ? scopesOf(said) : said
    if (!operators[operator].takes(configured)) throw policyError(`"${operator}" cannot have such a value`)
    policy[operator] = configured
  }
  return checked(policy)
}

function mergePolicies(superior: MetadataPolicy, subordinate: MetadataPolicy): MetadataPolicy {
  return merged(superior, subordinate, (above, below) => merged(above, below, mergeParameters))
}

function mergeParameters(superior: ParameterPolicy, subordinate: ParameterPolicy): ParameterPolicy {
  const policy: { [operator in OperatorName]?: JsonValue } = { ...superior }
  for (const operator of operatorNames) {
    const above = superior[operator]
    const below = subordinate[operator]
    if (below === undefined) continue
    const both = above === undefined ? below : operators[operator].merge(above, below)
    if (both === undefined) throw policyError(`"${operator}" of two superiors exclude each other`)
    policy[operator] = both
  }
  return checked(policy)
}

function merged<T>(
  superior: ReadonlyMap<string, T>,
  subordinate: ReadonlyMap<string, T>,
  both: (superior: T, subordinate: T) => T,
): ReadonlyMap<string, T> {
  const all = new Map(superior)
  for (const [name, below] of subordinate) {
    const above = all.get(name)
    all.set(name, above === undefined ? below : both(above, below))
  }
  return all
}

function checked(policy: ParameterPolicy): ParameterPolicy {
  if (areCombinable(policy)) return policy
  throw policyError('operators of one parameter contradict each other')
}

function scopesOf(text: string): readonly string[] {
  return text.split(' ').filter((item) => item !== '')
}
