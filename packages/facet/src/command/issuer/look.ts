/** What an operator looks at: issuances, grants, what waits, what wallets said, configurations. Nothing of a person. */
import { isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { ask, print, timeOf } from '../operating.ts'
import { dataOf } from './configured.ts'

type Look = (args: Arguments, terminal: Terminal) => Promise<number>

export const list: Look = looking(
  ['issuances', 'issuances'],
  ['issuance', 'configuration', 'issued', 'copies', 'revoked'],
  (row) => [
    String(row.issuanceId),
    String(row.configurationId),
    timeOf(row.issuedAt),
    String(row.copies),
    timeOf(row.revokedAt),
  ],
)

export const grants: Look = looking(
  ['grants', 'grants'],
  ['grant', 'wallet', 'configurations', 'since', 'until'],
  (row) => [
    String(row.grantId),
    row.clientId === undefined ? '' : String(row.clientId),
    isJsonArray(row.configurationIds) ? row.configurationIds.join(', ') : '',
    timeOf(row.openedAt),
    timeOf(row.expiresAt),
  ],
)

export const notifications: Look = looking(
  ['notifications', 'notifications'],
  ['issuance', 'event', 'told', 'in the words of the wallet'],
  (row) => [
    String(row.issuanceId),
    String(row.event),
    timeOf(row.receivedAt),
    row.description === undefined ? '' : JSON.stringify(row.description),
  ],
)

export const deferred: Look = looking(
  ['deferred', 'deferred'],
  ['issuance', 'configuration', 'state', 'copies', 'until'],
  (row) => [
    String(row.issuanceId),
    String(row.configurationId),
    String(row.state),
    String(row.copies),
    timeOf(row.expiresAt),
  ],
)

export const status: Look = looking(
  ['status', 'configurations'],
  ['configuration', 'state', 'since'],
  (row) => [String(row.configurationId), String(row.state), timeOf(row.stoppedAt)],
)

function looking(
  [operation, member]: readonly [operation: string, member: string],
  head: readonly string[],
  rowOf: (row: JsonObject) => readonly string[],
): Look {
  return async (args, terminal) => {
    const answer = await ask(dataOf(args), operation, {})
    if (args.switches.has('json')) {
      print(answer, true, terminal)
      return 0
    }
    const rows = answer[member]
    const all = (isJsonArray(rows) ? rows : []).filter(isJsonObject)
    createOutput(terminal).table(head, all.map(rowOf))
    return 0
  }
}
