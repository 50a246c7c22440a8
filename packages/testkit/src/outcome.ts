/**
 * What an action came to, as one word: `accepted`, or the `code` of the error it threw or rejected
 * with. Any error without a code is thrown on: it is a bug and not an outcome.
 */
export function outcomeOf(act: () => unknown): string | Promise<string> {
  try {
    const result = act()
    if (result instanceof Promise) return result.then(() => 'accepted', codeOf)
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}
