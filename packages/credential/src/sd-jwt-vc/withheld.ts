/**
 * Whether the holder could have withheld what limits the credential. RFC 9901 §9.7: issuers must not
 * conceal such claims, and whoever verifies acts as if they did.
 */
import type { JsonObject } from '../json.ts'
import type { ClaimPlace } from '../sd-jwt/claims-path.ts'
import { readDigests } from '../sd-jwt/reserved-name.ts'
import type { Expectations } from './question.ts'

/**
 * Whether a registered claim that is not there may have been withheld: a digest at the top of the
 * payload stands for nothing that was shown. It may be a decoy; nobody but the issuer can tell.
 *
 * @param payload as signed; it was opened before, so its digests can be read
 * @param disclosed where the claims stand that were shown
 */
export function mayBeWithheld(
  payload: JsonObject,
  disclosed: readonly ClaimPlace[],
  { withheldLimits = 'refused' }: Expectations,
): boolean {
  if (withheldLimits === 'accepted') return false
  return readDigests(payload).length > disclosed.filter(({ length }) => length === 1).length
}
