/** A clock that stands still until it is told to move. */
export interface Clock {
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Milliseconds since the epoch: the same moment. */
  readonly nowMs: () => number
  readonly advance: (seconds: number) => void
}

/** A clock that begins at `start` seconds since the epoch (a day in 2027 unless told). */
export function clock(start = 1_800_000_000): Clock {
  let at = start
  return {
    now: () => Math.floor(at),
    nowMs: () => at * 1000,
    advance: (seconds) => {
      at += seconds
    },
  }
}
