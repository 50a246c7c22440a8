/**
 * How many bytes of bodies are held at a time, over all connections: many bodies that are each within
 * the limit would together take all memory, the more so when they come slowly.
 *
 * Small bodies cost nothing, so that who fills the budget keeps out large ones alone.
 */
export interface BodyBudget {
  /** For one request; nothing is held yet. */
  share(): BodyShare
}

export interface BodyShare {
  /** Whether a body may grow to that many bytes; they are held from then on. */
  mayHold(bytes: number): boolean
  /** Gives back all that is held. Safe to call twice. */
  release(): void
}

/** Of each body these are free: as many as `maxConnections` lets in. */
const freeBytes = 65_536

export function createBodyBudget(maxBytes: number): BodyBudget {
  let left = maxBytes
  return {
    share() {
      let held = 0
      return {
        mayHold(bytes) {
          const more = Math.max(0, bytes - freeBytes - held)
          if (more > left) return false
          left -= more
          held += more
          return true
        },
        release() {
          left += held
          held = 0
        },
      }
    },
  }
}
