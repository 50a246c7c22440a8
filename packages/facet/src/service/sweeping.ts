/**
 * Records that expired are absent for every question, but they rest until a store is swept: offers
 * with claims in them, results with what was shown. So a service sweeps when it starts, while it runs
 * and when it ends.
 */
import type { Store } from '@facet-id/store'

const EVERY_MS = 60_000
/** Records that go at a time, so that nobody waits long behind them. */
const BATCH = 500

export interface Sweeping {
  /** Sweeps once more, and never again. Rejects never. */
  stop(): Promise<void>
}

/**
 * Sweeps, and goes on every minute; what fails then is tried again a minute later.
 *
 * @throws {StoreError} what the first sweep met
 */
export async function startSweeping(store: Pick<Store, 'sweep'>): Promise<Sweeping> {
  await sweepAll(store)
  let under: Promise<void> = Promise.resolve()
  const again = (): Promise<void> => {
    under = under.then(() => sweepAll(store)).catch(() => {})
    return under
  }
  // A process that has nothing else to do need not wait for it.
  const timer = setInterval(again, EVERY_MS).unref()
  return {
    stop() {
      clearInterval(timer)
      return again()
    },
  }
}

/** Deletes everything that has expired. */
export async function sweepAll(store: Pick<Store, 'sweep'>): Promise<void> {
  while ((await store.sweep(BATCH)) === BATCH);
}
