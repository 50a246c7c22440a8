/** Claims from a function: the least that whoever issues has to write. */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { SubjectAsked, SubjectClaims } from '@facet-id/issuer/issuance'

/**
 * @param find what is said about a subject; `undefined` where nothing may be, for good. Rejects where it cannot
 * tell now: the wallet loses nothing
 */
export function claimsFromFunction(
  find: (asked: SubjectAsked) => MaybePromise<JsonObject | undefined>,
): SubjectClaims {
  return async (asked) => {
    const claims = await find(asked)
    return claims === undefined ? { answer: 'denied' } : { answer: 'claims', claims }
  }
}
