/** The rules of an allow list, as an operator writes them. */
import type { JsonValue } from '@facet-id/credential/json'
import { type ClaimsPath, readClaimsPath } from '@facet-id/credential/sd-jwt'
import { distinct, malformed, readList, readMembers, readName } from './rule-reader.ts'

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

/** @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated` */
export function readVcts(value: JsonValue | undefined, place: string): readonly string[] | 'any' {
  return value === 'any' ? value : distinct(readList(value, place, readName), (vct) => vct, place)
}

function readVerifierRule(value: JsonValue, place: string): VerifierRule {
  const { id, claims } = readMembers(value, ['id', 'claims'], place)
  return { id: readClientId(id, `${place}.id`), claims: readClaims(claims, `${place}.claims`) }
}

/** @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated` */
export function readClaims(value: JsonValue | undefined, place: string): readonly ClaimsRule[] | 'any' {
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
export function readClientId(value: JsonValue | undefined, place: string): string {
  const id = readName(value, place)
  if (id.startsWith('did:'))
    throw malformed(place, 'must be the full client id: decentralized_identifier:did:…')
  return id
}
