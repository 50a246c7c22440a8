/** A trust configuration, looked at once: whatever it names at addresses is fetched now, and kept by nobody. */

import { refreshDue } from '@facet-id/resolve/trust'
import { memoryStore } from '@facet-id/store'
import { systemClock } from '../clock.ts'
import { trustFetching, trustTransports } from './followed-trust.ts'
import { type ConfiguredTrust, readTrustConfiguration } from './trust-configuration.ts'

/**
 * Hands the configuration on while its connections are open.
 *
 * @throws {FacetError} and {TrustError} as `readTrustConfiguration`
 */
export async function withTrustNow<T>(
  file: string,
  development: boolean,
  look: (configured: ConfiguredTrust) => Promise<T>,
): Promise<T> {
  const transports = trustTransports(development)
  try {
    const { now } = systemClock
    const store = memoryStore({ now: () => now() * 1000 })
    const configured = await readTrustConfiguration(file, now, trustFetching(transports, store))
    await refreshDue(configured.documents, now())
    return await look(configured)
  } finally {
    transports.close()
  }
}
