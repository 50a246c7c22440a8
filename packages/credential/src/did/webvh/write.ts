/**
 * Entries to be signed: how a did:webvh begins, changes, rotates its keys, moves and is given up (did:webvh 1.0,
 * Create, Update, Deactivate).
 *
 * Each function gives the entry as it will stand in the log, but for its proof, and the bytes that the holder of an
 * update key signs. What is written is held against the rules of the reader at once, so that no entry is signed
 * that resolvers would refuse. Whoever publishes appends the line, proofs of witnesses first.
 */
import type { Hash } from '../../jose/ports.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { readJsonObject } from '../../json.ts'
import { multihashOf } from '../multihash.ts'
import { writeVersionTime } from '../version-time.ts'
import { writeWebLocation } from '../web.ts'
import type { WebLocationRules } from '../web-location.ts'
import { canonicalizerOf, readEntry } from './entry.ts'
import { logInvalid } from './invalid.ts'
import { type LogVersion, nextVersion } from './log.ts'
import { webvhMethod } from './parameters.ts'
import { type UnsignedProof, writeSignedProof, writeUnsignedProof } from './proof.ts'

/** Stands for the SCID in what is not hashed yet. */
export const scidPlaceholder = '{SCID}'

/** Parameters that an entry says; what is absent stays as it was. */
export interface ParameterChange {
  /** Multikeys that may sign from the next entry on; with promised keys, this one too. */
  readonly updateKeys?: readonly string[]
  /** `keyHashOf` of the keys of the next entry; `[]` ends the promising of keys. */
  readonly nextKeyHashes?: readonly string[]
  /** `{}`: nobody any more. `id`: did:key on Ed25519. */
  readonly witness?:
    | { readonly threshold: number; readonly witnesses: readonly { readonly id: string }[] }
    | Readonly<Record<string, never>>
  readonly watchers?: readonly string[]
  /** `true` in the first entry only. */
  readonly portable?: boolean
  readonly deactivated?: boolean
  /** Seconds. */
  readonly ttl?: number
}

/** What every entry needs. */
export interface EntryTools {
  readonly hash: Hash
  /** Seconds since the epoch; the entry's `versionTime`. */
  readonly now: number
  /** Multikey (Ed25519) that will sign. */
  readonly by: string
  readonly rules?: WebLocationRules
}

/** An entry without its proof. */
export interface UnsignedEntry {
  readonly did: string
  readonly versionId: string
  /** What the holder of the update key signs, with Ed25519. */
  readonly data: Uint8Array
  readonly entry: JsonObject
  readonly proof: UnsignedProof
}

/** The DID of a place, before its SCID is known: for the document of {@link writeWebvhCreation}. */
export function placeholderDid(host: string, path: readonly string[] = []): string {
  return `did:webvh:${scidPlaceholder}:${writeWebLocation(host, path)}`
}

/**
 * The first entry.
 *
 * @param document its `id` is {@link placeholderDid}, and the placeholder stands wherever the SCID will
 * @param parameters with `updateKeys`
 * @throws {CredentialError} `did_log_invalid`
 */
export function writeWebvhCreation(
  document: JsonObject,
  parameters: ParameterChange & { readonly updateKeys: readonly string[] },
  tools: EntryTools,
): UnsignedEntry {
  const preliminary = {
    versionId: scidPlaceholder,
    versionTime: writeVersionTime(tools.now),
    parameters: { method: webvhMethod, scid: scidPlaceholder, ...written(parameters) },
    state: document,
  }
  const scid = multihashOf(canonicalizerOf(preliminary)(scidPlaceholder), tools.hash)
  const entry = readJsonObject(JSON.stringify(preliminary).replaceAll(scidPlaceholder, scid))
  return unsigned(entry, { previous: scid, number: 1 }, tools)
}

/** A change of a DID: what is absent stays as it was. */
export interface WebvhChange {
  readonly document?: JsonObject
  readonly parameters?: ParameterChange
}

/**
 * The next entry: a new document, new keys, new witnesses, or an end (`deactivated`).
 *
 * @param before the last version of the log
 * @throws {CredentialError} `did_log_invalid`
 */
export function writeWebvhUpdate(before: LogVersion, change: WebvhChange, tools: EntryTools): UnsignedEntry {
  const entry = {
    versionId: before.versionId,
    versionTime: writeVersionTime(tools.now),
    parameters: written(change.parameters ?? {}),
    state: change.document ?? before.document,
  }
  return unsigned(entry, { previous: before.versionId, number: before.versionNumber + 1 }, tools, before)
}

/**
 * The next entry, by which the DID moves to another place and keeps its SCID and its history. The document names
 * its new DID wherever it named the old one, and the old one in `alsoKnownAs`.
 *
 * @param host as in {@link placeholderDid}
 * @throws {CredentialError} `did_log_invalid`, also when the DID is not portable
 */
export function writeWebvhMove(
  before: LogVersion,
  to: { readonly host: string; readonly path?: readonly string[]; readonly parameters?: ParameterChange },
  tools: EntryTools,
): UnsignedEntry {
  const old = before.document.id
  const did = placeholderDid(to.host, to.path).replace(scidPlaceholder, before.parameters.scid)
  const document = renamed(before.document, old, did)
  const { alsoKnownAs = [] } = before.document
  const names = [...new Set([...alsoKnownAs, old])].filter((name) => name !== did)
  const { parameters } = to
  return writeWebvhUpdate(
    before,
    { document: { ...document, alsoKnownAs: names }, ...(parameters === undefined ? {} : { parameters }) },
    tools,
  )
}

/**
 * The last entry: the DID is given up, and nobody may change it again.
 *
 * @throws {CredentialError} `did_log_invalid`, also while keys are promised: end that by an update before
 */
export function writeWebvhDeactivation(before: LogVersion, tools: EntryTools): UnsignedEntry {
  return writeWebvhUpdate(before, { parameters: { deactivated: true, updateKeys: [] } }, tools)
}

/** The line to append to the log, with its line feed. */
export function writeSignedEntry({ entry, proof }: UnsignedEntry, signature: Uint8Array): string {
  return `${JSON.stringify({ ...entry, proof: [writeSignedProof(proof, signature)] })}\n`
}

function unsigned(
  preliminary: JsonObject,
  { previous, number }: { readonly previous: string; readonly number: number },
  { hash, now, by, rules }: EntryTools,
  before?: LogVersion,
): UnsignedEntry {
  const canonicalAs = canonicalizerOf(preliminary)
  const versionId = `${number}-${multihashOf(canonicalAs(previous), hash)}`
  const created = writeVersionTime(now)
  const proof = writeUnsignedProof({ by, created }, canonicalAs(versionId), hash)
  const entry = { ...preliminary, versionId }
  const signed = JSON.stringify({ ...entry, proof: writeSignedProof(proof, new Uint8Array(64)) })
  const context = { hash, now, ...(rules === undefined ? {} : { rules }) }
  const { document } = nextVersion(readEntry(signed), context, before)
  return { did: document.id, versionId, data: proof.data, entry, proof }
}

/** Every text that is the DID, or a DID URL of it, names the new one; nothing else is changed. */
function renamed(document: JsonObject, old: string, did: string): JsonObject {
  const rename = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') {
      return value === old || (/^[#/?]/.test(value.slice(old.length)) && value.startsWith(old))
        ? `${did}${value.slice(old.length)}`
        : value
    }
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(rename)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rename(member)]))
  }
  const result = rename(document)
  if (result === null || typeof result !== 'object' || Array.isArray(result))
    throw logInvalid('its document is none')
  return result as JsonObject
}

function written(change: ParameterChange): JsonObject {
  return Object.fromEntries(
    Object.entries(change).flatMap(([name, value]): [string, JsonValue][] =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
