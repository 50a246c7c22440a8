/**
 * did:peer, numalgo 2: the keys and services of a DID, one after another in the DID itself (peer-did-method-spec,
 * Method 2).
 */
import { readBase64urlText, writeBase64urlText } from '../../base64url.ts'
import { CredentialError } from '../../error.ts'
import type { PublicJwk } from '../../jose/jwk.ts'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '../../json.ts'
import type { DidService, KeyDocument, VerificationMethod, VerificationRelationship } from '../document.ts'
import { multikeyContext } from '../key.ts'
import { readMultikey, writeMultikey, type X25519PublicJwk } from '../multikey.ts'

/** What a key is there for, as one letter. */
const purposes = {
  A: 'assertionMethod',
  E: 'keyAgreement',
  V: 'authentication',
  I: 'capabilityInvocation',
  D: 'capabilityDelegation',
} as const satisfies Readonly<Record<string, VerificationRelationship>>

/** "Common String Abbreviations" of services. */
const abbreviations: readonly (readonly [string, string])[] = [
  ['type', 't'],
  ['serviceEndpoint', 's'],
  ['routingKeys', 'r'],
  ['accept', 'a'],
]
const didCommMessaging = 'DIDCommMessaging'

export interface PurposedKey {
  readonly purpose: VerificationRelationship
  readonly key: PublicJwk | X25519PublicJwk
}

/** A service to be written into a DID; without `id` it is called `#service`, `#service-1`, … */
export type PeerService = JsonObject & {
  readonly id?: string
  readonly type: JsonValue
  readonly serviceEndpoint: JsonValue
}

/** The elements of a numalgo 2: `.Vz6Mk….Ez6LS….SeyJ0…`. */
export function writeElements(keys: readonly PurposedKey[], services: readonly PeerService[]): string {
  return [
    ...keys.map(({ purpose, key }) => `.${letterOf(purpose)}${writeMultikey(key)}`),
    ...services.map((service) => `.S${writeBase64urlText(JSON.stringify(abbreviated(service)))}`),
  ].join('')
}

/**
 * The document that elements stand for.
 *
 * @param did whose document it is: that of the elements, or the short form of it
 * @throws {CredentialError} `did_malformed`, `multikey_unsupported`
 */
export function documentOfElements(did: string, elements: string): KeyDocument {
  const [before, ...parts] = elements.split('.')
  if (before !== '' || parts.length === 0) throw malformed('it holds no elements')
  const verificationMethod: VerificationMethod[] = []
  const relationships: { [name: string]: string[] } = {}
  const service: DidService[] = []
  let unnamed = 0
  for (const part of parts) {
    if (part.startsWith('S')) {
      const read = readService(part.slice(1))
      service.push({ id: unnamed === 0 ? '#service' : `#service-${unnamed}`, ...read })
      if (read.id === undefined) unnamed++
      continue
    }
    const relationship = relationshipOf(part.charAt(0))
    const id = `#key-${verificationMethod.length + 1}`
    const publicKeyMultibase = readKey(part.slice(1))
    verificationMethod.push({ id, type: 'Multikey', controller: did, publicKeyMultibase })
    relationships[relationship] = [...(relationships[relationship] ?? []), id]
  }
  return {
    '@context': multikeyContext,
    id: did,
    verificationMethod,
    ...relationships,
    ...(service.length === 0 ? {} : { service }),
  }
}

function letterOf(purpose: VerificationRelationship): string {
  const [letter] = Object.entries(purposes).find(([, name]) => name === purpose) ?? []
  if (letter === undefined) throw new TypeError('every relationship has a letter')
  return letter
}

function relationshipOf(letter: string): VerificationRelationship {
  if (!isPurpose(letter)) throw malformed('an element has a purpose that is not known')
  return purposes[letter]
}

function isPurpose(letter: string): letter is keyof typeof purposes {
  return Object.hasOwn(purposes, letter)
}

function readKey(multibase: string): string {
  try {
    readMultikey(multibase)
  } catch (cause) {
    if (cause instanceof CredentialError && cause.code === 'multikey_unsupported') throw cause
    throw malformed('an element holds no key that can be read', cause)
  }
  return multibase
}

function readService(encoded: string): PeerService {
  const service = expanded(readServiceObject(encoded))
  const { id, type, serviceEndpoint } = service
  const isOne =
    type !== undefined && serviceEndpoint !== undefined && (id === undefined || typeof id === 'string')
  if (!isOne) throw malformed('a service has no type or no endpoint')
  return service as PeerService
}

function readServiceObject(encoded: string): JsonObject {
  try {
    return readJsonObject(readBase64urlText(encoded))
  } catch (cause) {
    throw malformed('an element holds no service that can be read', cause)
  }
}

/** Abbreviations are names of members of the service and of its endpoints, and one type. */
function expanded(object: JsonObject): JsonObject {
  const members = Object.entries(object).map(([name, value]): [string, JsonValue] => {
    const full = abbreviations.find(([, short]) => short === name)?.[0] ?? name
    if (full !== name && findMember(object, full) !== undefined)
      throw malformed('a service says a thing twice')
    if (full === 'type' && value === 'dm') return [full, didCommMessaging]
    return [full, full === 'serviceEndpoint' ? eachObject(value, expanded) : value]
  })
  return Object.fromEntries(members)
}

function abbreviated(object: { readonly [name: string]: JsonValue | undefined }): JsonObject {
  const members = Object.entries(object).flatMap(([name, value]): [string, JsonValue][] => {
    if (value === undefined) return []
    const short = abbreviations.find(([full]) => full === name)?.[1] ?? name
    if (short === 't' && value === didCommMessaging) return [[short, 'dm']]
    return [[short, short === 's' ? eachObject(value, abbreviated) : value]]
  })
  return Object.fromEntries(members)
}

function eachObject(value: JsonValue, change: (object: JsonObject) => JsonObject): JsonValue {
  if (isJsonArray(value)) return value.map((entry) => eachObject(entry, change))
  return isJsonObject(value) ? change(value) : value
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('did_malformed', `Not a did:peer that can be read: ${why}`, { cause })
}
