/**
 * Claims path pointers: one path that selects claims in a credential.
 * OpenID4VCI 1.0 Appendix C, OpenID4VP 1.0 §7.
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonValue } from '../json.ts'

/** Not empty. A string selects a member, a number an element (from 0), `null` every element. */
export type ClaimsPath = readonly (string | number | null)[]

/** A path without wildcards: where one value stands in the processed claims. */
export type ClaimPlace = readonly (string | number)[]

/** One value that a path selects. */
export interface SelectedClaim {
  readonly value: JsonValue
  readonly at: ClaimPlace
}

/**
 * Reads a claims path pointer.
 *
 * @throws {CredentialError} `claims_path_malformed`
 */
export function readClaimsPath(value: JsonValue): ClaimsPath {
  if (!isJsonArray(value) || value.length === 0) {
    throw new CredentialError('claims_path_malformed', 'A claims path is an array that is not empty')
  }
  return value.map(readComponent)
}

function readComponent(component: JsonValue): string | number | null {
  if (component === null || typeof component === 'string') return component
  if (typeof component === 'number' && Number.isSafeInteger(component) && component >= 0) return component
  throw new CredentialError(
    'claims_path_malformed',
    'A claims path holds strings, null and whole numbers from 0 only',
  )
}

/**
 * What a path selects, in document order; never empty.
 *
 * @throws {CredentialError} `claims_path_type_mismatch` when the path goes into a member of something
 *   that is no object, or an element of something that is no array; `claim_absent` when it selects
 *   nothing; `claims_path_malformed` (OpenID4VCI §C.1.1, OpenID4VP §7.1.1)
 */
export function selectByPath(root: JsonValue, path: ClaimsPath): readonly SelectedClaim[] {
  let selected: readonly SelectedClaim[] = [{ value: root, at: [] }]
  for (const component of readClaimsPath(path)) {
    selected = selected.flatMap((claim) => step(claim, component))
  }
  if (selected.length === 0) throw new CredentialError('claim_absent', 'The claims path selects nothing')
  return selected
}

/** Steps that may still be taken into members and elements; below zero, the walk was broken off. */
export interface StepsLeft {
  left: number
}

/**
 * What a path selects, in document order; empty where it reaches nothing or does not fit the claims. For
 * whom both are one: a query that is held against many credentials. Of arrays only what it goes into is
 * copied, and nothing is thrown.
 *
 * @param steps counted down by the walk; empty, too, where it was broken off. Absent: as many as there are.
 */
export function findByPath(root: JsonValue, path: ClaimsPath, steps?: StepsLeft): readonly SelectedClaim[] {
  if (isPlace(path)) return findAt(root, path, steps)
  const selected: SelectedClaim[] = []
  return collect(root, { path, at: [], selected, steps }) ? selected : []
}

function isPlace(path: ClaimsPath): path is ClaimPlace {
  return !path.includes(null)
}

/** A path without wildcards is itself the one place that it can select: nothing is copied. */
function findAt(root: JsonValue, place: ClaimPlace, steps: StepsLeft | undefined): readonly SelectedClaim[] {
  let value: JsonValue | undefined = root
  for (const component of place) {
    if (steps !== undefined && --steps.left < 0) return []
    if (typeof component === 'string') value = isJsonObject(value) ? findMember(value, component) : undefined
    else value = isJsonArray(value) ? value[component] : undefined
    if (value === undefined) return []
  }
  return [{ value, at: place }]
}

interface Collecting {
  readonly steps: StepsLeft | undefined
  readonly path: ClaimsPath
  /** Where the walk stands; its length says how far it went. */
  readonly at: (string | number)[]
  readonly selected: SelectedClaim[]
}

/** Whether the path fits: one place where it does not is an error, and the claim is not there. */
function collect(value: JsonValue, collecting: Collecting): boolean {
  const { path, at, selected, steps } = collecting
  const component = path[at.length]
  if (component === undefined) {
    // A place that is copied is as much work as the way to it.
    if (steps !== undefined) steps.left -= at.length
    selected.push({ value, at: [...at] })
    return true
  }
  if (typeof component === 'string') {
    if (!isJsonObject(value)) return false
    return collectAt(findMember(value, component), component, collecting)
  }
  if (!isJsonArray(value)) return false
  if (component !== null) return collectAt(value[component], component, collecting)
  return value.every((element, index) => collectAt(element, index, collecting))
}

function collectAt(value: JsonValue | undefined, step: string | number, collecting: Collecting): boolean {
  if (value === undefined) return true
  if (collecting.steps !== undefined && --collecting.steps.left < 0) return false
  collecting.at.push(step)
  const fits = collect(value, collecting)
  collecting.at.pop()
  return fits
}

function step({ value, at }: SelectedClaim, component: string | number | null): readonly SelectedClaim[] {
  if (typeof component === 'string') {
    if (!isJsonObject(value)) throw mismatch('A name in a claims path selects in an object only')
    const member = findMember(value, component)
    return member === undefined ? [] : [{ value: member, at: [...at, component] }]
  }
  if (!isJsonArray(value)) throw mismatch('A number or null in a claims path selects in an array only')
  if (component === null) return value.map((element, index) => ({ value: element, at: [...at, index] }))
  const element = value[component]
  return element === undefined ? [] : [{ value: element, at: [...at, component] }]
}

function mismatch(message: string): CredentialError {
  return new CredentialError('claims_path_type_mismatch', message)
}
