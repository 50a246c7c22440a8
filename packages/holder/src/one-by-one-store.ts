/** What reads and writes the same state waits for whoever came before. */
export type OneByOne = <T>(act: () => Promise<T>) => Promise<T>

/** One after the other, in the order in which they came; one that fails holds up no other. */
export function oneByOne(): OneByOne {
  let last: Promise<unknown> = Promise.resolve()
  return async (act) => {
    const before = last
    const mine = (async () => {
      await before
      return act()
    })()
    last = mine.catch(() => undefined)
    return mine
  }
}
