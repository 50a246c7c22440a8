/**
 * What may become of a DID, as plain rules: a key is replaced, a service comes or goes, the DID is given
 * up. How its method says that to the world is the method's own.
 */
import type { WebLocationRules } from '@facet-id/credential/did'
import { algorithmOf } from '@facet-id/credential/jose'
import type { DidService, KeptDid, KeptKey } from './custody/kept-did.ts'
import { DidAgentError } from './error.ts'
import { draftKey, type Making } from './methods/method.ts'

const SERVICE_ID = /^[A-Za-z0-9._~-]{1,64}$/
const MAX_SERVICES = 32

/** The longest that a replaced key may still be verified with: ten years. */
const MAX_OVERLAP = 10 * 366 * 24 * 3600

/**
 * Every key for others is replaced by a fresh one in its roles. The old ones stay in the document for
 * `overlap` seconds, so that what they signed is verified until it expires.
 *
 * @throws {DidAgentError} `wish_malformed`; `key_reused`: whoever makes the keys made the same again
 */
export async function withFreshKeys(before: KeptDid, overlap: number, making: Making): Promise<KeptDid> {
  if (!Number.isSafeInteger(overlap) || overlap < 0 || overlap > MAX_OVERLAP) {
    throw new DidAgentError('wish_malformed', 'The overlap is whole seconds, of ten years at the most')
  }
  const keys: KeptKey[] = []
  const fresh: KeptKey[] = []
  let number = nextNumber(before)
  for (const key of before.keys) {
    if (key.state !== 'active' || !isForOthers(key)) {
      keys.push(key)
      continue
    }
    keys.push({ ...key, state: 'retired', until: making.now + overlap })
    const alg = algorithmOf(key.publicJwk)
    fresh.push(await draftKey(`key-${number++}`, key.roles, { making, alg }))
  }
  for (const { at } of fresh) {
    if (before.keys.some((known) => known.at === at)) {
      throw new DidAgentError(
        'key_reused',
        'A key is replaced by another one: where keys come from gave the same again',
      )
    }
  }
  return revised(before, { keys: [...keys, ...fresh] }, making)
}

/** @throws {DidAgentError} `wish_malformed`, `service_taken` */
export function withService(before: KeptDid, service: DidService, making: Making): KeptDid {
  if (before.services.some(({ id }) => id === service.id)) {
    throw new DidAgentError('service_taken', 'The DID has a service of this id: remove that one first')
  }
  const read = readService(service)
  requireSafe(read, making.location)
  return revised(before, { services: [...before.services, read] }, making)
}

/**
 * The world is sent to no address that anybody on the way can read or change.
 *
 * @throws {DidAgentError} `wish_malformed`
 */
export function requireSafe({ serviceEndpoint }: DidService, { localhost }: WebLocationRules): void {
  if (localhost === true || !/^(?:http|ws):/.test(serviceEndpoint)) return
  throw new DidAgentError(
    'wish_malformed',
    'The endpoint of a service is https: or wss: unless the DID is made for development',
  )
}

/** @throws {DidAgentError} `service_unknown` */
export function withoutService(before: KeptDid, id: string, making: Making): KeptDid {
  const services = before.services.filter((service) => service.id !== id)
  if (services.length === before.services.length) {
    throw new DidAgentError('service_unknown', 'The DID has no service of this id')
  }
  return revised(before, { services }, making)
}

/** Without the keys whose time is over. */
export function withoutOldKeys(before: KeptDid, making: Making): KeptDid {
  return revised(before, {}, making)
}

/** No key of it signs or is verified with any more. */
export function givenUp(before: KeptDid, making: Making): KeptDid {
  const keys = before.keys.map((key): KeptKey => ({ ...key, state: 'retired', until: making.now }))
  return { ...revised(before, {}, making), keys, deactivatedAt: making.now }
}

/**
 * Reads a service as the document will have it.
 *
 * @throws {DidAgentError} `wish_malformed`
 */
export function readService({ id, type, serviceEndpoint }: DidService): DidService {
  if (!SERVICE_ID.test(id) || /^key-\d+$/.test(id)) {
    throw new DidAgentError(
      'wish_malformed',
      'The id of a service is 1 to 64 letters, digits and . _ ~ -, and no name of a key',
    )
  }
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(type)) {
    throw new DidAgentError('wish_malformed', 'The type of a service is 1 to 64 letters, digits and . _ -')
  }
  if (
    serviceEndpoint.length > 2048 ||
    !/^[a-z][a-z0-9+.-]*:[\w.~!$&'()*+,;=:@%/?#[\]-]+$/.test(serviceEndpoint)
  ) {
    throw new DidAgentError('wish_malformed', 'The endpoint of a service is an absolute URI')
  }
  return { id, type, serviceEndpoint }
}

/** What changed, without keys whose time is over: they are in no document any more. */
function revised(
  before: KeptDid,
  change: Partial<Pick<KeptDid, 'keys' | 'services'>>,
  { now }: Making,
): KeptDid {
  const { keys, services } = { ...before, ...change }
  if (services.length > MAX_SERVICES) {
    throw new DidAgentError('wish_malformed', `A DID has at most ${MAX_SERVICES} services`)
  }
  const standing = keys.filter(({ state, until }) => state === 'active' || (until ?? 0) > now)
  return { ...before, keys: standing, services, revision: before.revision + 1, notes: numbered(before, keys) }
}

/** Numbers of keys are never given twice, also when the key is long forgotten. */
function nextNumber({ keys, notes }: KeptDid): number {
  const highest = Math.max(0, ...keys.map(({ id }) => Number(/^key-(\d+)$/.exec(id)?.[1] ?? 0)))
  return Math.max(highest + 1, typeof notes?.nextKey === 'number' ? notes.nextKey : 1)
}

function numbered(before: KeptDid, keys: readonly KeptKey[]): NonNullable<KeptDid['notes']> {
  return { ...before.notes, nextKey: nextNumber({ ...before, keys }) }
}

function isForOthers({ roles }: KeptKey): boolean {
  return roles.includes('assertion') || roles.includes('authentication')
}
