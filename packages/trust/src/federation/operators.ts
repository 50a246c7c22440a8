/**
 * The standard operators of metadata policies (OpenID Federation 1.0 §6.1.3.1), one table: which values each
 * takes, how two of it merge, what it does to a parameter. Their order in the table is that of application.
 */
import { isJsonArray, type JsonValue, sameJson } from '@facet-id/credential/json'
import { TrustError } from '../error.ts'

export type OperatorName = 'value' | 'add' | 'default' | 'one_of' | 'subset_of' | 'superset_of' | 'essential'

/** What a policy says of one parameter. */
export type ParameterPolicy = { readonly [name in OperatorName]?: JsonValue }

interface Operator {
  takes(configured: JsonValue): boolean
  /** Two of it, of a superior and of a subordinate; `undefined` where they cannot both be obeyed. */
  merge(superior: JsonValue, subordinate: JsonValue): JsonValue | undefined
  /** @throws {TrustError} `policy_malformed` when the parameter may not be so */
  apply(configured: JsonValue, parameter: JsonValue | undefined): JsonValue | undefined
}

const isList = (value: JsonValue): boolean => isJsonArray(value)
const equal = (a: JsonValue, b: JsonValue): JsonValue | undefined => (sameJson(a, b) ? a : undefined)

export const operators: Readonly<Record<OperatorName, Operator>> = {
  value: {
    takes: () => true,
    merge: equal,
    apply: (configured) => (configured === null ? undefined : configured),
  },
  add: {
    takes: isList,
    merge: (a, b) => union(listOf(a), listOf(b)),
    apply: (configured, parameter) =>
      parameter === undefined ? configured : union(parameterList(parameter), listOf(configured)),
  },
  default: {
    takes: (configured) => configured !== null,
    merge: equal,
    apply: (configured, parameter) => parameter ?? configured,
  },
  one_of: {
    takes: (configured) => isList(configured) && listOf(configured).length > 0,
    merge(a, b) {
      const both = intersection(listOf(a), listOf(b))
      return both.length === 0 ? undefined : both
    },
    apply(configured, parameter) {
      if (parameter !== undefined && !includes(listOf(configured), parameter))
        throw policyError('a parameter is none of those that are allowed')
      return parameter
    },
  },
  subset_of: {
    takes: isList,
    merge: (a, b) => intersection(listOf(a), listOf(b)),
    apply: (configured, parameter) =>
      parameter === undefined ? undefined : intersection(parameterList(parameter), listOf(configured)),
  },
  superset_of: {
    takes: isList,
    merge: (a, b) => union(listOf(a), listOf(b)),
    apply(configured, parameter) {
      if (parameter !== undefined && !isSubset(listOf(configured), parameterList(parameter)))
        throw policyError('a parameter lacks a value that it must have')
      return parameter
    },
  },
  essential: {
    takes: (configured) => typeof configured === 'boolean',
    merge: (a, b) => a === true || b === true,
    apply(configured, parameter) {
      if (configured === true && parameter === undefined)
        throw policyError('a parameter is missing that must be there')
      return parameter
    },
  },
}

export const operatorNames: readonly OperatorName[] = [
  'value',
  'add',
  'default',
  'one_of',
  'subset_of',
  'superset_of',
  'essential',
]

/** Pairs that exclude each other, whatever their values (§6.1.3.1.4). */
const apart: readonly (readonly [OperatorName, OperatorName])[] = [
  ['one_of', 'add'],
  ['one_of', 'subset_of'],
  ['one_of', 'superset_of'],
]

/** Whether the operators of one parameter may stand together. */
export function areCombinable(policy: ParameterPolicy): boolean {
  if (apart.some(([a, b]) => policy[a] !== undefined && policy[b] !== undefined)) return false
  const { value, add, subset_of, superset_of } = policy
  if (value !== undefined && !agreesWithValue(value, policy)) return false
  if (add !== undefined && subset_of !== undefined && !isSubset(listOf(add), listOf(subset_of))) return false
  return (
    subset_of === undefined || superset_of === undefined || isSubset(listOf(superset_of), listOf(subset_of))
  )
}

function agreesWithValue(value: JsonValue, policy: ParameterPolicy): boolean {
  const { add, one_of, subset_of, superset_of, essential } = policy
  if (value === null) {
    const others = [add, one_of, subset_of, superset_of, policy.default]
    return essential !== true && others.every((other) => other === undefined)
  }
  if (one_of !== undefined && !includes(listOf(one_of), value)) return false
  if (add === undefined && subset_of === undefined && superset_of === undefined) return true
  if (!isJsonArray(value)) return false
  return (
    (add === undefined || isSubset(listOf(add), value)) &&
    (subset_of === undefined || isSubset(value, listOf(subset_of))) &&
    (superset_of === undefined || isSubset(listOf(superset_of), value))
  )
}

export function policyError(what: string): TrustError {
  return new TrustError('policy_malformed', `The metadata policy cannot be obeyed: ${what}`)
}

function parameterList(value: JsonValue): readonly JsonValue[] {
  if (isJsonArray(value)) return value
  throw policyError('a parameter that must be a list is none')
}

function listOf(value: JsonValue): readonly JsonValue[] {
  return isJsonArray(value) ? value : []
}

function includes(list: readonly JsonValue[], value: JsonValue): boolean {
  return list.some((item) => sameJson(item, value))
}

function union(a: readonly JsonValue[], b: readonly JsonValue[]): readonly JsonValue[] {
  return [...a, ...b.filter((item) => !includes(a, item))]
}

function intersection(a: readonly JsonValue[], b: readonly JsonValue[]): readonly JsonValue[] {
  return a.filter((item) => includes(b, item))
}

function isSubset(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  return a.every((item) => includes(b, item))
}
