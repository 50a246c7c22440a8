/** Checks signatures on several cores. */
import type { CheckSignatures, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { createWorkerPool, type WorkerPoolSettings } from './worker-pool.ts'

export interface CheckPool {
  /**
   * Fits the port `CheckSignatures`. Rejects with {@link CryptoError} `pool_overloaded`, `pool_closed`,
   * `worker_failed`, and never for a bad signature or key.
   */
  readonly checkSignatures: CheckSignatures
  close(): Promise<void>
}

/**
 * Starts a pool. It pays where many checks come at once; a single one takes longer than without.
 *
 * @throws {CryptoError} `pool_settings_invalid`
 */
export function createCheckPool(settings: WorkerPoolSettings): CheckPool {
  // By its name and not by its path: a path in a text is not rewritten when the package is built.
  const module = new URL(import.meta.resolve('@facet-id/crypto/worker'))
  const { run, close } = createWorkerPool<SignatureCheck, Verdict>(module, settings)
  return { checkSignatures: run, close }
}
