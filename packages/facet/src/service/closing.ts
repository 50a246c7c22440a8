/** What was opened, to be closed again in reverse, whatever fails on the way. */

export interface Closing {
  add(end: () => Promise<void> | void): void
  /**
   * Closes all; those after one that fails are closed too. Safe to call twice: the second call waits
   * for the first.
   *
   * @throws what failed first
   */
  close(): Promise<void>
}

export function createClosing(): Closing {
  const ends: (() => Promise<void> | void)[] = []
  let closed: Promise<void> | undefined

  async function closeAll(): Promise<void> {
    const failures: unknown[] = []
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      try {
        await end()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  return {
    add: (end) => void ends.push(end),
    close() {
      closed ??= closeAll()
      return closed
    },
  }
}
