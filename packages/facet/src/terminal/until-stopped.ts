/** How long two signals are one: a group that is signalled passes the same one on more than once. */
const SAME_WITHIN_MS = 500

/**
 * Waits until the person or the system asks the process to end. Who asks again, later, does not want
 * to wait for a clean end.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      let first: number | undefined
      process.on(signal, () => {
        first ??= performance.now()
        if (performance.now() - first > SAME_WITHIN_MS) process.exit(code)
        resolve()
      })
    }
  })
}
