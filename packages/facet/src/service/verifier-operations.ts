/** What an operator does at a verifier: ask, and look at what came of it. */
import { isJsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Verifier } from '@facet-id/verifier'
import { FacetError } from '../error.ts'
import type { Operations } from './operator.ts'

export function verifierOperations(verifier: Verifier): Operations {
  return {
    async ask({ dcql_query }) {
      if (!isJsonObject(dcql_query)) throw new FacetError('usage', 'A request needs a dcql_query')
      const { transactionId, link, expiresAt } = await verifier.request(readDcqlQuery(dcql_query))
      return { transactionId, link, expiresAt }
    },

    async result({ transactionId }) {
      if (typeof transactionId !== 'string') throw new FacetError('usage', 'A result needs a transactionId')
      return plain(await verifier.result(transactionId))
    },
  }
}

function plain(result: object): JsonValue {
  return readJson(JSON.stringify(result))
}
