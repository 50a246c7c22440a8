/** The time, as an argument like everything else of the world; only here is it read. */
export interface Clock {
  /** Seconds since the epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }
