/** What an operator decides about one thing that is named. */
import type { Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'
import { ask, print } from '../operating.ts'
import { dataOf } from './configured.ts'

type Decide = (args: Arguments, terminal: Terminal) => Promise<number>

export const revoke: Decide = deciding('revoke', 'issuanceId')
export const approve: Decide = deciding('approve', 'issuanceId')
export const deny: Decide = deciding('deny', 'issuanceId')
export const revokeGrant: Decide = deciding('revoke_grant', 'grantId')
export const resume: Decide = deciding('resume', 'configurationId')

function deciding(operation: string, named: string): Decide {
  return async (args, terminal) => {
    const answer = await ask(dataOf(args), operation, { [named]: args.word() })
    print(answer, args.switches.has('json'), terminal)
    return 0
  }
}
