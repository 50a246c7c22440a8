/**
 * The names that SD-JWT keeps for itself, what may stand under them, and where. RFC 9901 §4.1, §4.2.4.
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'

/** Digests of the object they stand in (§4.2.4.1). */
export const digestsName = '_sd'
/** Digest in the place of an array element (§4.2.4.2). */
export const elementName = '...'
/** Hash algorithm, at the top of the payload only (§4.1.1). */
export const hashName = '_sd_alg'

/** Whether no claim may bear this name, neither in the clear nor in a disclosure. */
export function isReservedName(name: string): boolean {
  return name === digestsName || name === elementName || name === hashName
}

/**
 * Refuses the two names that may not stand in just any object.
 *
 * @throws {CredentialError} `claim_name_forbidden`, `sd_alg_not_allowed`
 */
export function refuseReserved(name: string): void {
  if (name === elementName) {
    throw new CredentialError('claim_name_forbidden', '"..." stands in an element of an array only')
  }
  if (name === hashName) {
    throw new CredentialError('sd_alg_not_allowed', '"_sd_alg" stands at the top of the payload only')
  }
}

/**
 * The digests in an object, of claims and decoys; none when it has no `_sd`.
 *
 * @throws {CredentialError} `digest_malformed`
 */
export function readDigests(object: JsonObject): readonly string[] {
  const digests = findMember(object, digestsName)
  if (digests === undefined) return []
  if (isJsonArray(digests) && digests.every((digest) => typeof digest === 'string')) return digests
  throw new CredentialError('digest_malformed', '"_sd" must be a list of texts')
}

/**
 * The digest that stands for an array element; `undefined` for an element in the clear.
 *
 * @throws {CredentialError} `digest_malformed`
 */
export function readPlaceholder(element: JsonValue): string | undefined {
  if (!isJsonObject(element) || !Object.hasOwn(element, elementName)) return undefined
  const digest = findMember(element, elementName)
  if (typeof digest === 'string' && Object.keys(element).length === 1) return digest
  throw new CredentialError('digest_malformed', 'In an array "..." stands alone in its object, with a text')
}

/** `__proto__` is data like any other name, and an assignment would set the prototype instead. */
export function putClaim(into: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    into[name] = value
  }
}
