/** Who waits in this process for something to come of a presentation. */
export interface Announcements {
  /** Everybody who waits for it looks again. */
  announce(requestId: string): void
  /** Comes with the next announcement; `stop` lets go. */
  next(requestId: string): { readonly comes: Promise<void>; readonly stop: () => void }
}

export function createAnnouncements(): Announcements {
  const waiting = new Map<string, Set<() => void>>()
  return {
    announce(requestId) {
      for (const come of waiting.get(requestId) ?? []) come()
      waiting.delete(requestId)
    },
    next(requestId) {
      let come = (): void => {}
      const comes = new Promise<void>((resolve) => {
        come = resolve
      })
      const others = waiting.get(requestId) ?? new Set()
      waiting.set(requestId, others.add(come))
      return {
        comes,
        stop() {
          others.delete(come)
          if (others.size === 0 && waiting.get(requestId) === others) waiting.delete(requestId)
        },
      }
    },
  }
}
