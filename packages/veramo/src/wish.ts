/** Reads what a DID is to be, as it comes through agent calls and command lines. */
import { readMultikey } from '@facet-id/credential/did'
import { isJwsAlgorithm, type JwsAlgorithm } from '@facet-id/credential/jose'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { DidService, MethodName } from './custody/kept-did.ts'
import { DidAgentError, notSupported } from './error.ts'
import type { DidWish, WitnessRule } from './methods/method.ts'
import { readService } from './revise.ts'

/** What each method may be asked for, beside its keys. */
const known: Readonly<Record<MethodName, readonly string[]>> = {
  jwk: [],
  key: [],
  peer: ['services'],
  web: ['domain', 'path', 'services'],
  webvh: ['domain', 'path', 'services', 'portable', 'witness'],
}

/**
 * Nothing that is asked for is passed over: what a method cannot do is refused.
 *
 * @throws {DidAgentError} `not_supported`, `wish_malformed`
 */
export function readWish(given: JsonObject): DidWish {
  const { method, alg = 'ES256', ...options } = given
  if (!isMethod(method)) throw notSupported('A DID method other than jwk, key, peer, web and webvh')
  const stranger = Object.keys(options).find((name) => !known[method].includes(name))
  if (stranger !== undefined) throw notSupported(`The option "${stranger}" for did:${method}`)
  const { domain, path, services, portable, witness } = options
  return {
    method,
    alg: readAlg(alg),
    ...(domain === undefined ? {} : { domain: text(domain, 'domain') }),
    ...(path === undefined ? {} : { path: list(path, 'path').map((segment) => text(segment, 'path')) }),
    ...(services === undefined ? {} : { services: list(services, 'services').map(serviceOf) }),
    ...(portable === undefined ? {} : { portable: portable === true }),
    ...(witness === undefined ? {} : { witness: witnessOf(witness) }),
  }
}

/** @throws {DidAgentError} `not_supported` */
export function readAlg(alg: JsonValue | undefined): JwsAlgorithm {
  if (isJwsAlgorithm(alg) && (alg === 'ES256' || alg === 'EdDSA')) return alg
  throw notSupported('An algorithm other than ES256 and EdDSA')
}

function isMethod(name: JsonValue | undefined): name is MethodName {
  return typeof name === 'string' && Object.hasOwn(known, name)
}

function serviceOf(value: JsonValue): DidService {
  if (!isJsonObject(value)) throw malformed('services')
  const { id, type, serviceEndpoint } = value
  return readService({
    id: text(id, 'services'),
    type: text(type, 'services'),
    serviceEndpoint: text(serviceEndpoint, 'services'),
  })
}

function witnessOf(value: JsonValue): WitnessRule {
  if (!isJsonObject(value)) throw malformed('witness')
  const { threshold, witnesses } = value
  const ids = list(witnesses, 'witness').map((id) => text(id, 'witness'))
  const odd = ids.findIndex((id) => !isWitness(id))
  if (odd !== -1) throw refused(`A witness is a did:key on Ed25519, and number ${odd + 1} is none`)
  if (new Set(ids).size !== ids.length) throw refused('A witness is named once')
  const isThreshold =
    typeof threshold === 'number' &&
    Number.isSafeInteger(threshold) &&
    threshold >= 1 &&
    threshold <= ids.length
  if (!isThreshold) {
    throw refused(`Of ${ids.length} witnesses as many must sign as the threshold says: 1 to ${ids.length}`)
  }
  return { threshold, witnesses: ids }
}

function isWitness(id: string): boolean {
  if (!id.startsWith('did:key:')) return false
  try {
    return readMultikey(id.slice('did:key:'.length)).crv === 'Ed25519'
  } catch {
    return false
  }
}

function text(value: JsonValue | undefined, name: string): string {
  if (typeof value === 'string' && value.length <= 4096) return value
  throw malformed(name)
}

function list(value: JsonValue | undefined, name: string): readonly JsonValue[] {
  if (value !== undefined && isJsonArray(value) && value.length <= 64) return value
  throw malformed(name)
}

function malformed(name: string): DidAgentError {
  return refused(`The option "${name}" of a DID cannot be read`)
}

function refused(why: string): DidAgentError {
  return new DidAgentError('wish_malformed', why)
}
