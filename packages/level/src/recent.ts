/**
 * What was read or written lately, also that something is not there: a look that the engine is spared.
 *
 * A look costs the engine little, but it counts those that had to search two of its files, and after some two hundred
 * rewrites the first of them together with all that it overlaps, as if it were the look that was slow. Most of what a
 * busy node asks for was written a moment ago, or is the same absent record each time.
 */
export interface Recent {
  /** The cell, from memory or else as `read` finds it. */
  find(key: string, read: (key: string) => Uint8Array | undefined): Uint8Array | undefined
  has(key: string): boolean
  /** What is at the key from now on; `undefined`: nothing. */
  note(key: string, cell: Uint8Array | undefined): void
  /** Nothing is certain any more. */
  forget(): void
}

type Cells = Map<string, Uint8Array | undefined>

/** Of one that is remembered beside its key and its cell; roughly. */
const OVERHEAD_BYTES = 250
/** Larger ones would push out hundreds of others. */
const MAX_CELL_BYTES = 2 ** 16

/**
 * Remembers the last that many bytes, and about twice as many at most: once so many have come, what was not asked for
 * since the time before is let go.
 */
export function createRecent(bytes: number): Recent {
  let young: Cells = new Map()
  let old: Cells = new Map()
  let gathered = 0

  function note(key: string, cell: Uint8Array | undefined): void {
    if (cell !== undefined && cell.length > MAX_CELL_BYTES) {
      young.delete(key)
      old.delete(key)
      return
    }
    young.set(key, cell)
    gathered += OVERHEAD_BYTES + key.length + (cell?.length ?? 0)
    if (gathered <= bytes) return
    old = young
    young = new Map()
    gathered = 0
  }

  return {
    find(key, read) {
      if (young.has(key)) return young.get(key)
      const cell = old.has(key) ? old.get(key) : read(key)
      note(key, cell)
      return cell
    },
    has: (key) => young.has(key) || old.has(key),
    note,
    forget() {
      young.clear()
      old.clear()
      gathered = 0
    },
  }
}
