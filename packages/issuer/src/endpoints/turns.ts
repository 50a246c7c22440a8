/**
 * Turns: what is done under one name is done one after the other. A store lets one of many win, but only
 * after all have done the work.
 */
export interface Turns {
  /** Acts when whoever came before under that name is done, however that ended. */
  take<T>(name: string, act: () => Promise<T>): Promise<T>
}

/** For one process: other nodes of the same issuer take turns of their own. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    async take(name, act) {
      const before = last.get(name)
      const mine = before === undefined ? act() : before.then(act, act)
      last.set(name, mine)
      try {
        return await mine
      } finally {
        if (last.get(name) === mine) last.delete(name)
      }
    },
  }
}
