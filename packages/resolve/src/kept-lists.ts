/** What was found out about status lists. */
import { createKept, type Kept } from './kept.ts'
import type { StatusListAnswer } from './status-list.ts'

export function createKeptLists(maxBytes: number): Kept<StatusListAnswer> {
  return createKept(maxBytes, (answer) => ('list' in answer ? answer.list.bytes.length : 0))
}
