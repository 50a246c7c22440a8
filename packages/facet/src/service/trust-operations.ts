/** What an operator does about the trust of a running service: look at it, and have its file read anew. */
import { type JsonValue, readJson } from '@facet-id/credential/json'
import { FacetError } from '../error.ts'
import type { FollowedTrust } from '../trust/followed-trust.ts'
import type { Operations } from './operator.ts'

/** @param followed absent: the service was started without a trust configuration */
export function trustOperations(followed: FollowedTrust | undefined, now: () => number): Operations {
  const given = (): FollowedTrust => {
    if (followed === undefined)
      throw new FacetError(
        'usage',
        'The service was started without --trust FILE: there is nothing to show or reload',
      )
    return followed
  }
  const show = (): JsonValue => {
    const at = now()
    return plain({ at, sources: given().configured().statesAt(at) })
  }
  return {
    async trust() {
      return show()
    },

    async reload_trust() {
      await given().reload()
      return show()
    },
  }
}

function plain(facts: object): JsonValue {
  return readJson(JSON.stringify(facts))
}
