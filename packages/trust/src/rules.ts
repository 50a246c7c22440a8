/** The rules of an allow list, as an operator writes them. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { type ClaimsPath, readClaimsPath } from '@facet-id/credential/sd-jwt'
import { TrustError } from './error.ts'

/** Types, not interfaces: so a list in code is a JSON value too, and passes the same reader. */
export type AllowListRules = {
  readonly issuers: readonly IssuerRule[]
  readonly verifiers: readonly VerifierRule[]
}

export type IssuerRule = {
  /** DID or URL, compared as text. */
  readonly id: string
  /** The types that this issuer may issue; `any` is said in full where it is meant. */
  readonly vcts: readonly string[] | 'any'
}

export type VerifierRule = {
  /** Full client id: `decentralized_identifier:did:…`, compared as text. */
  readonly id: string
  /** What this verifier may ask for. */
  readonly claims: readonly ClaimsRule[] | 'any'
}

/** Claims of one type of credential. A path allows what lies below it too. */
export type ClaimsRule = {
  readonly vct: string
  readonly paths: readonly ClaimsPath[] | 'any'
}

/**
 * Reads rules, out of a configuration for instance. A list with one broken rule is refused whole, and
 * an unknown member is a broken rule: whoever misspelt it meant something by it.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function readAllowListRules(value: JsonValue): AllowListRules {
  const { issuers, verifiers } = readMembers(value, ['issuers', 'verifiers'], 'the rules')
  return {
    issuers: distinct(readList(issuers, 'issuers', readIssuerRule), ({ id }) => id, 'issuers'),
    verifiers: distinct(readList(verifiers, 'verifiers', readVerifierRule), ({ id }) => id, 'verifiers'),
  }
}

function readIssuerRule(value: JsonValue, place: string): IssuerRule {
  const { id, vcts } = readMembers(value, ['id', 'vcts'], place)
  return { id: readName(id, `${place}.id`), vcts: readVcts(vcts, `${place}.vcts`) }
}

function readVcts(value: JsonValue | undefined, place: string): readonly string[] | 'any' {
  return value === 'any' ? value : distinct(readList(value, place, readName), (vct) => vct, place)
}

function readVerifierRule(value: JsonValue, place: string): VerifierRule {
  const { id, claims } = readMembers(value, ['id', 'claims'], place)
  return { id: readClientId(id, `${place}.id`), claims: readClaims(claims, `${place}.claims`) }
}

function readClaims(value: JsonValue | undefined, place: string): readonly ClaimsRule[] | 'any' {
  return value === 'any' ? value : distinct(readList(value, place, readClaimsRule), ({ vct }) => vct, place)
}

function readClaimsRule(value: JsonValue, place: string): ClaimsRule {
  const { vct, paths } = readMembers(value, ['vct', 'paths'], place)
  return {
    vct: readName(vct, `${place}.vct`),
    paths: paths === 'any' ? paths : readList(paths, `${place}.paths`, readPath),
  }
}

function readPath(value: JsonValue, place: string): ClaimsPath {
  try {
    return readClaimsPath(value)
  } catch (cause) {
    throw malformed(place, 'must be a path to claims: an array of names, whole numbers and null', cause)
  }
}

/** A bare DID would never match: what a verifier is called has a prefix (OpenID4VP 1.0 §5.9). */
function readClientId(value: JsonValue | undefined, place: string): string {
  const id = readName(value, place)
  if (id.startsWith('did:'))
    throw malformed(place, 'must be the full client id: decentralized_identifier:did:…')
  return id
}

const blankOrControl = /[\s\p{C}]/u

function readName(value: JsonValue | undefined, place: string): string {
  if (typeof value !== 'string' || value === '' || blankOrControl.test(value)) {
    throw malformed(place, 'must be a text that is not empty, without blanks')
  }
  if (value.includes('*')) {
    throw new TrustError(
      'rule_wildcard',
      `${place} names one party or type: write each out, or "any" for all types`,
    )
  }
  return value
}

function readList<T>(
  value: JsonValue | undefined,
  place: string,
  readItem: (item: JsonValue, place: string) => T,
): readonly T[] {
  if (!isJsonArray(value)) throw malformed(place, 'must be a list')
  return value.map((item, index) => readItem(item, `${place}[${index}]`))
}

function readMembers<Name extends string>(
  value: JsonValue,
  names: readonly Name[],
  place: string,
): { readonly [name in Name]?: JsonValue } {
  if (!isJsonObject(value)) throw malformed(place, 'must be an object')
  if (!hasOnly(value, names)) throw malformed(place, `has no members but ${names.join(' and ')}`)
  return value
}

function hasOnly<Name extends string>(
  value: JsonObject,
  names: readonly Name[],
): value is { readonly [name in Name]: JsonValue } {
  return Object.keys(value).every((name) => names.some((known) => known === name))
}

function distinct<T>(items: readonly T[], nameOf: (item: T) => string, place: string): readonly T[] {
  if (new Set(items.map(nameOf)).size === items.length) return items
  throw new TrustError(
    'rule_repeated',
    `${place} names the same twice: leave one rule, with all that it allows`,
  )
}

function malformed(place: string, what: string, cause?: unknown): TrustError {
  return new TrustError('rule_malformed', `${place} ${what}`, cause === undefined ? {} : { cause })
}
