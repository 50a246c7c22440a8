/** Do the claims to issue fit what the configuration describes? OpenID4VCI 1.0 Appendix B.2. */
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJson,
  sameJson,
} from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { IssuerError } from '../error.ts'
import type { Drafting } from '../issuance/issuance.ts'
import type { CopyToRead } from '../issuance/second-opinion.ts'
import { rehearse } from './rehearsal.ts'

/**
 * Refuses claims that the configuration does not describe, the lack of those that it makes mandatory,
 * and what no credential can say, before anything is promised to anyone. Yields the credential as it was
 * rehearsed.
 *
 * @throws {IssuerError} `claims_do_not_fit`
 */
export function checkClaims(drafting: Drafting): CopyToRead {
  const { claims, configuration } = drafting
  const described = configuration.claims.map(({ path }) => path)
  for (const name of Object.keys(claims)) {
    if (!isDescribed(claims[name], startingWith(name, described))) {
      throw misfit(`The claim ${JSON.stringify(name)} is not one that this configuration describes`)
    }
  }
  for (const { path, mandatory } of configuration.claims) {
    if (mandatory === true && !isPresent(claims, path)) {
      throw misfit(`The claim at ${JSON.stringify(path)} is mandatory in this configuration and is missing`)
    }
  }
  try {
    checkJson(claims)
    return rehearse(drafting)
  } catch (cause) {
    throw misfit('A credential cannot say these claims; the cause tells why', cause)
  }
}

/** An offer is kept as JSON, which has no dates and no `NaN`, and makes something else of them. */
function checkJson(claims: JsonObject): void {
  // An absent value has no text; a date becomes one that is no longer the same.
  const kept = readJson(JSON.stringify(claims), { length: Number.POSITIVE_INFINITY })
  if (!sameJson(kept, claims)) throw misfit('A claim is no JSON value: it would be kept as another')
}

/** Whether a path ends here, and so describes the value whole, or paths describe all that is in it. */
function isDescribed(value: JsonValue | undefined, paths: readonly ClaimsPath[]): boolean {
  if (paths.some((path) => path.length === 0)) return true
  if (paths.length === 0) return false
  if (isJsonArray(value)) {
    return value.every((element, index) => isDescribed(element, startingWith(index, paths)))
  }
  return (
    isJsonObject(value) &&
    Object.keys(value).every((name) => isDescribed(value[name], startingWith(name, paths)))
  )
}

/** What is left of the paths that take that step. */
function startingWith(step: string | number, paths: readonly ClaimsPath[]): readonly ClaimsPath[] {
  return paths
    .filter(([first]) => first === step || (first === null && typeof step === 'number'))
    .map(([, ...rest]) => rest)
}

function isPresent(value: JsonValue | undefined, [step, ...rest]: ClaimsPath): boolean {
  if (step === undefined) return value !== undefined
  if (typeof step === 'string') {
    return isJsonObject(value) && Object.hasOwn(value, step) && isPresent(value[step], rest)
  }
  if (!isJsonArray(value)) return false
  return (step === null ? value : value.slice(step, step + 1)).some((element) => isPresent(element, rest))
}

export function misfit(message: string, cause?: unknown): IssuerError {
  return new IssuerError('claims_do_not_fit', message, { cause })
}
