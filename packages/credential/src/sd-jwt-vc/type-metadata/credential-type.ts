/**
 * A type with all that it inherits: what may be shown and what must hold.
 * draft-ietf-oauth-sd-jwt-vc-19 §5.4, §5.5.2, §5.6.5.
 */
import { CredentialError } from '../../error.ts'
import type { ClaimsPath } from '../../sd-jwt/claims-path.ts'
import type { TypeClaimDisplay, TypeDisplay } from './display.ts'
import type { ClaimMetadata, DisclosureRule, TypeMetadata } from './document.ts'
import { malformed, present } from './member.ts'

/** A type as processed, with its parents. */
export interface CredentialType {
  readonly vct: string
  /** For developers. */
  readonly name?: string
  readonly description?: string
  /** The types that it extends, the nearest first. None of them gives anybody a right (§7.7). */
  readonly extends: readonly string[]
  /** Empty when neither it nor a parent has any. */
  readonly display: readonly TypeDisplay[]
  /** Those of the parents first. */
  readonly claims: readonly ClaimRule[]
}

/** What the type says of the claims that one path selects, defaults filled in. */
export interface ClaimRule {
  readonly path: ClaimsPath
  readonly display: readonly TypeClaimDisplay[]
  readonly mandatory: boolean
  readonly sd: DisclosureRule
  readonly svg_id?: string
}

/** Claims of a type with all that it inherits. */
export const claimRulesCount = 2000

/**
 * Joins the documents of a type and its parents.
 *
 * @param documents the type first, then what it extends, up to the one that extends nothing
 * @throws {CredentialError} `type_metadata_inheritance` when a type takes back what a parent demands;
 *   `type_metadata_malformed` when two claims have one `svg_id`, or there are too many
 */
export function joinTypes(documents: readonly TypeMetadata[]): CredentialType {
  const [own] = documents
  if (own === undefined) throw malformed('there is none')
  const rules = new Map<string, ClaimRule>()
  let display: readonly TypeDisplay[] = []
  for (const document of documents.toReversed()) {
    // §5.5.2: the child's display stands in place of the parent's, as a whole.
    display = document.display ?? display
    for (const claim of document.claims ?? []) {
      const key = JSON.stringify(claim.path)
      rules.set(key, inherit(rules.get(key), claim))
    }
  }
  const claims = [...rules.values()]
  checkNames(claims)
  const { vct, name, description } = own
  return present({
    vct,
    name,
    description,
    extends: documents.slice(1).map((each) => each.vct),
    display,
    claims,
  })
}

/** §5.6.5: the child's properties win one by one, and are never mixed. */
function inherit(parent: ClaimRule | undefined, claim: ClaimMetadata): ClaimRule {
  const { path, display, mandatory, sd, svg_id } = claim
  // §5.6.5.1: what was mandatory stays so; only `allowed` can be narrowed.
  if (parent?.mandatory === true && mandatory === false) throw takenBack('mandatory')
  if (parent !== undefined && parent.sd !== 'allowed' && sd !== undefined && sd !== parent.sd)
    throw takenBack('sd')
  return present({
    path,
    display: display ?? parent?.display ?? [],
    mandatory: mandatory ?? parent?.mandatory ?? false,
    sd: sd ?? parent?.sd ?? 'allowed',
    svg_id: svg_id ?? parent?.svg_id,
  })
}

function checkNames(claims: readonly ClaimRule[]): void {
  if (claims.length > claimRulesCount) throw malformed(`a type describes at most ${claimRulesCount} claims`)
  const names = claims.flatMap(({ svg_id }) => svg_id ?? [])
  if (new Set(names).size < names.length) throw malformed('two claims have the same "svg_id"')
}

function takenBack(member: string): CredentialError {
  return new CredentialError(
    'type_metadata_inheritance',
    `The type takes back what a type that it extends demands: "${member}" of a claim`,
  )
}
