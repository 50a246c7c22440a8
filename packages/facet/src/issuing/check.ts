/** Whether a node could be started as its operator wants it, and what lacks for HAIP; nobody is called for it. */
import { writeDidJwk } from '@facet-id/credential/did'
import { generateKey, random, signerOf } from '@facet-id/crypto/node'
import { createIssuer, findHaipGaps, profiled } from '@facet-id/issuer'
import { memoryStore } from '@facet-id/store'
import type { Clock } from '../clock.ts'
import { transportFor } from '../service/judging-ports.ts'
import type { Ground } from '../service/node.ts'
import type { IssuingOptions } from './options.ts'
import { issuerParts } from './parts.ts'
import { showingFor } from './shown-persons.ts'
import { certifiedFor } from './signing.ts'

export interface CheckedIssuing {
  /** The names of what would be issued. */
  readonly configurationIds: readonly string[]
  /** All that lacks for HAIP, in words; nothing where all is there. */
  readonly haipGaps: readonly string[]
}

/**
 * @param at where it would be reached
 * @throws {IssuerError} `settings_invalid`; {FacetError} `certificate_unusable`, `usage`
 */
export async function checkIssuing(
  options: IssuingOptions,
  { url, development, clock }: { readonly url: string; readonly development: boolean; readonly clock: Clock },
): Promise<CheckedIssuing> {
  const certified = await certifiedFor(options, clock.now())
  const ground = passingGround(url, clock)
  const showing = await showingFor(ground, { ...options, profile: 'none', development })
  const asking = showing === undefined ? {} : { userAuthentication: showing.userAuthentication }
  const transport = transportFor(development)
  try {
    const world = { transport, now: clock.now, development }
    // What HAIP wants is not demanded here: whatever else is wrong is said first, and then all of that.
    const { ports, settings } = await issuerParts(
      ground,
      { ...options, ...asking, profile: 'none', development },
      { certified, world },
    )
    const { configurationIds } = createIssuer(ports, settings)
    const haipGaps = findHaipGaps({ settings: profiled({ ...settings, profile: 'haip' }), ports })
    return { configurationIds, haipGaps: [...haipGaps, ...((await showing?.haipGaps()) ?? [])] }
  } finally {
    showing?.close()
    transport.close()
  }
}

/** Of the same kinds as that of a node, and gone afterwards. */
function passingGround(url: string, { now }: Clock): Ground {
  const { publicJwk, privateJwk } = generateKey()
  const did = writeDidJwk(publicJwk)
  const kid = `${did}#0`
  const identity = {
    did,
    kid,
    publicJwk,
    signer: { ...signerOf(privateJwk), kid },
    createdAt: now(),
    retired: [],
  }
  return {
    store: memoryStore({ now: () => now() * 1000 }),
    identity,
    identityAs: async () => identity,
    url,
    now,
    deriveKey: () => random(32),
    onUnforeseen: () => {},
  }
}
