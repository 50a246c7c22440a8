/**
 * Whether a credential keeps the rules of its type: which claims it must have, and which of them its
 * holder can withhold. draft-ietf-oauth-sd-jwt-vc-19 §5.6.3, §5.6.4.
 */
import { CredentialError } from '../../error.ts'
import { type IssuedValue, selectIssued } from './as-issued.ts'
import type { ClaimRule, CredentialType } from './credential-type.ts'

/**
 * Checks all rules of a type.
 *
 * @param disclosures `all`: whoever issues or is issued to sees the whole credential, so what is
 *   mandatory must be in it. `some`: a holder may have withheld what lacks, which is no fault (§5.6)
 * @throws {CredentialError} `type_rule_broken`; `claims_path_type_mismatch`
 */
export function checkClaimRules(
  { claims }: Pick<CredentialType, 'claims'>,
  issued: IssuedValue,
  disclosures: 'all' | 'some',
): void {
  for (const [place, rule] of claims.entries()) {
    const selected = selectIssued(issued, rule.path)
    if (rule.mandatory && disclosures === 'all' && selected.length === 0) {
      throw broken(place, 'is mandatory and is missing')
    }
    checkDisclosure(rule, selected, place)
  }
}

function checkDisclosure({ sd }: ClaimRule, selected: readonly IssuedValue[], place: number): void {
  if (sd === 'always' && selected.some(({ isDisclosure }) => !isDisclosure)) {
    throw broken(place, 'must be one that its holder can withhold, and is not')
  }
  if (sd === 'never' && selected.some(({ isDisclosure }) => isDisclosure)) {
    throw broken(place, 'must be one that nobody can withhold, and is a disclosure')
  }
}

/** Claims are named by their place: their paths are somebody else's words. */
function broken(place: number, why: string): CredentialError {
  return new CredentialError(
    'type_rule_broken',
    `The credential breaks a rule of its type: the claim at claims[${place}] of the type ${why}`,
  )
}
