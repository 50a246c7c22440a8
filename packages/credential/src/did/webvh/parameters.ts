/**
 * The parameters of a did:webvh: who may update it and how, as each entry of its log says and the next inherits
 * (did:webvh 1.0, DID Method Parameters).
 */

import type { Hash } from '../../jose/ports.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { multihashOf } from '../multihash.ts'
import { logInvalid } from './invalid.ts'
import { readWitnessRule, type WitnessRule } from './witness-rule.ts'

/** The one version of the method that is known here; none is read as if it were another. */
export const webvhMethod = 'did:webvh:1.0'

/** What is in force after an entry. */
export interface WebvhParameters {
  readonly scid: string
  /** Multikeys that may sign; none after a DID was given up for good. */
  readonly updateKeys: readonly string[]
  /** Hashes of the keys of the next entry. Not empty: only those may follow (pre-rotation). */
  readonly nextKeyHashes: readonly string[]
  /** Who must have seen each entry; absent: nobody. */
  readonly witness?: WitnessRule
  /** Who keeps copies. Told to people, and never called from here. */
  readonly watchers: readonly string[]
  /** Whether the DID may move to another place. */
  readonly portable: boolean
  readonly deactivated: boolean
  /** Seconds for which a resolver may keep what it resolved. */
  readonly ttl: number
}

const known = [
  'method',
  'scid',
  'updateKeys',
  'nextKeyHashes',
  'witness',
  'watchers',
  'portable',
  'deactivated',
  'ttl',
]
const defaultTtl = 3600
const maxTtl = 2 ** 31
const maxListed = 256

/**
 * What is in force after an entry that says this.
 *
 * @param before absent for the first entry
 * @throws {CredentialError} `did_log_invalid`
 */
export function applyParameters(said: JsonValue | undefined, before?: WebvhParameters): WebvhParameters {
  if (!isJsonObject(said)) throw logInvalid('"parameters" is no object')
  if (Object.keys(said).some((name) => !known.includes(name))) {
    throw logInvalid('it has parameters that this version of the method does not know')
  }
  checkMethod(findMember(said, 'method'), before)
  checkPreRotation(said, before)
  const witness = Object.hasOwn(said, 'witness') ? readWitnessRule(said.witness) : before?.witness
  return {
    scid: scidAfter(said, before),
    updateKeys: after(said, 'updateKeys', readTexts, before?.updateKeys, []),
    nextKeyHashes: after(said, 'nextKeyHashes', readTexts, before?.nextKeyHashes, []),
    ...(witness === undefined ? {} : { witness }),
    watchers: after(said, 'watchers', readTexts, before?.watchers, []),
    portable: portableAfter(said, before),
    deactivated: after(said, 'deactivated', readFlag, before?.deactivated, false),
    ttl: after(said, 'ttl', readTtl, before?.ttl, defaultTtl),
  }
}

/** The keys that may sign an entry: those before it, unless they were promised; then those that it names. */
export function authorizedKeys(now: WebvhParameters, before?: WebvhParameters): readonly string[] {
  return before === undefined || before.nextKeyHashes.length > 0 ? now.updateKeys : before.updateKeys
}

/** What promises a key (a Multikey) before it is shown: an entry of `nextKeyHashes`. */
export function keyHashOf(multikey: string, hash: Hash): string {
  return multihashOf(multikey, hash)
}

/** Absent: as it was. `null`, which older logs have: as if it had never been set. */
function after<T>(
  said: JsonObject,
  name: string,
  read: (value: JsonValue, name: string) => T,
  before: T | undefined,
  unset: T,
): T {
  const value = findMember(said, name)
  if (value === undefined) return before ?? unset
  return value === null ? unset : read(value, name)
}

function checkMethod(method: JsonValue | undefined, before?: WebvhParameters): void {
  if (method === undefined && before !== undefined) return
  if (method !== webvhMethod) throw logInvalid(`"method" must be ${webvhMethod}: no other version is taken`)
}

function scidAfter(said: JsonObject, before?: WebvhParameters): string {
  const scid = findMember(said, 'scid')
  if (before !== undefined) {
    if (scid !== undefined) throw logInvalid('"scid" stands in the first entry only')
    return before.scid
  }
  if (typeof scid !== 'string') throw logInvalid('the first entry has no "scid"')
  if (!isJsonArray(findMember(said, 'updateKeys'))) throw logInvalid('the first entry has no "updateKeys"')
  return scid
}

/** "Inheritance of updateKeys is never permitted while pre-rotation is active". */
function checkPreRotation(said: JsonObject, before?: WebvhParameters): void {
  if (before === undefined || before.nextKeyHashes.length === 0) return
  const isExplicit = ['updateKeys', 'nextKeyHashes'].every((name) => isJsonArray(findMember(said, name)))
  if (!isExplicit) {
    throw logInvalid('keys were promised, so that the next entry must say "updateKeys" and "nextKeyHashes"')
  }
}

function portableAfter(said: JsonObject, before?: WebvhParameters): boolean {
  const portable = after(said, 'portable', readFlag, before?.portable, false)
  if (portable && before !== undefined && findMember(said, 'portable') !== undefined) {
    throw logInvalid('"portable" can be set in the first entry only')
  }
  return portable
}

function readTexts(value: JsonValue, name: string): readonly string[] {
  if (!isJsonArray(value) || value.length > maxListed)
    throw logInvalid(`"${name}" is no list, or too long a one`)
  return value.map((text) => {
    if (typeof text !== 'string') throw logInvalid(`"${name}" holds what is no text`)
    return text
  })
}

function readFlag(value: JsonValue, name: string): boolean {
  if (typeof value !== 'boolean') throw logInvalid(`"${name}" must be true or false`)
  return value
}

function readTtl(value: JsonValue): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maxTtl) {
    throw logInvalid('"ttl" must be whole seconds')
  }
  return value
}
