/**
 * Lists that this process knows to be served: said once a list, in the commit that gives its first entry, and not with
 * every credential again. Another process says it again, which changes nothing.
 */
import type { Op } from '@facet-id/store'
import type { StatusEntry } from './status.ts'
import { openList } from './status-store.ts'

export interface OpenLists {
  /** For the commit that hands out these entries. */
  opening(entries: readonly StatusEntry[]): readonly Op[]
  /** That commit was made: never before, since a refused one has opened nothing. */
  opened(entries: readonly StatusEntry[]): void
}

export function createOpenLists(): OpenLists {
  const known = new Set<number>()
  return {
    opening: (entries) => {
      const lists = new Set(entries.map(({ list }) => list))
      return [...lists].filter((list) => !known.has(list)).map(openList)
    },
    opened(entries) {
      for (const { list } of entries) known.add(list)
    },
  }
}
