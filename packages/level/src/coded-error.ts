/** What the engine says, as the codes of a store. */
import { StoreError } from '@facet-id/store'

/**
 * The engine's error as a `StoreError`: what has a code already passes as it is.
 */
export function codedError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const { code, text } = detailsOf(error)
  const cause = { cause: error }
  if (/NOT_OPEN$/.test(code)) return closedError(cause)
  if (code === 'LEVEL_LOCKED') {
    return new StoreError(
      'store_locked',
      'The store is open in another process: stop that one first, or give this one a directory of its own',
      cause,
    )
  }
  if (code === 'LEVEL_CORRUPTION') return corruptError('its files are damaged', cause)
  if (
    /No space left on device|Disk quota exceeded|not enough space on the disk/i.test(text) ||
    code === 'ENOSPC'
  ) {
    return new StoreError(
      'store_full',
      'No space is left on the disk: free some, then open the store again; what was acknowledged is kept',
      cause,
    )
  }
  return new StoreError(
    'store_unavailable',
    'The disk or the file system refused: see the cause, mend it, then open the store again',
    cause,
  )
}

export function closedError(options?: { readonly cause: unknown }): StoreError {
  return new StoreError('store_closed', 'The store is closed: open it again', options)
}

/** Damage: the text says what to do, since nothing is repaired behind the owner's back. */
export function corruptError(what: string, options?: { readonly cause: unknown }): StoreError {
  return new StoreError(
    'store_corrupt',
    `The store cannot be read: ${what}. Nothing was repaired or removed. Keep a copy of the directory and restore it from a backup`,
    options,
  )
}

/** The code and text of an error and of those that caused it: the engine wraps what happened. */
function detailsOf(error: unknown): { readonly code: string; readonly text: string } {
  const codes: string[] = []
  const texts: string[] = []
  let current = error
  while (current instanceof Error && codes.length < 4) {
    if ('code' in current && typeof current.code === 'string') codes.push(current.code)
    texts.push(current.message)
    current = current.cause
  }
  // The innermost code says why; `LEVEL_DATABASE_NOT_OPEN` around it only that opening failed.
  return { code: codes.at(-1) ?? '', text: texts.join(' ') }
}
