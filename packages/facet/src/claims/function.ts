/** Claims from a function: the least that whoever issues has to write. */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { SubjectAsked, SubjectClaims } from '@facet-id/issuer/issuance'
import { ANSWER_WITHIN, within } from './within.ts'

/**
 * @param find what is said about a subject; `undefined` where nothing may be, for good. Rejects where it cannot
 * tell now: the wallet loses nothing
 * @param milliseconds for which it is waited for; then it counts as not telling (`claims_source_failed`). 8000 when
 * absent
 */
export function claimsFromFunction(
  find: (asked: SubjectAsked) => MaybePromise<JsonObject | undefined>,
  milliseconds: number = ANSWER_WITHIN,
): SubjectClaims {
  return async (asked) => {
    const claims = await within(milliseconds, () => find(asked))
    return claims === undefined ? { answer: 'denied' } : { answer: 'claims', claims }
  }
}
