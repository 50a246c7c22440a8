/** One entry of the log of a did:webvh, a line of JSON (did:webvh 1.0, The DID Log File). */
import { writeCanonicalJson, writeCanonicalMembers } from '../../canonical-json.ts'
import type { Hash } from '../../jose/ports.ts'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  readJson,
  readJsonObject,
} from '../../json.ts'
import { multihashOf } from '../multihash.ts'
import { findVersionTime } from '../version-time.ts'
import { logInvalid } from './invalid.ts'
import { type DataIntegrityProof, readProof } from './proof.ts'

/** An entry as read by itself; what it owes to the entries before it has not been looked at. */
export interface LogEntry {
  /** `3-Qm…`: its place, from 1, and its hash. */
  readonly versionId: string
  readonly versionNumber: number
  readonly entryHash: string
  readonly versionTime: string
  /** The same moment in milliseconds since the epoch. */
  readonly at: number
  /** As it stands there. */
  readonly parameters: JsonObject
  /** The DID document, as it stands there. */
  readonly state: JsonObject
  /** One at least. */
  readonly proofs: readonly DataIntegrityProof[]
  /** Canonical text of the entry without its proofs, and with that `versionId` in place of its own. */
  canonicalAs(versionId: string): string
}

const versionIdForm = /^([1-9][0-9]{0,8})-([^-]+)$/
/** Each costs a verification, and one is enough: a second is there while one key takes over from another. */
const maxProofs = 2

/**
 * Reads an entry.
 *
 * @throws {CredentialError} `did_log_invalid`, and those of `readJsonObject`
 */
export function readEntry(line: string): LogEntry {
  const { proof, ...entry } = readJsonObject(line)
  const versionId = findMember(entry, 'versionId')
  const versionTime = findMember(entry, 'versionTime')
  const parameters = findMember(entry, 'parameters')
  const state = findMember(entry, 'state')
  // "Exactly one dash - MUST follow the version number".
  const [, number, entryHash] = (typeof versionId === 'string' && versionIdForm.exec(versionId)) || []
  if (typeof versionId !== 'string' || number === undefined || entryHash === undefined) {
    throw logInvalid('"versionId" must be a number, "-" and a hash')
  }
  const at = typeof versionTime === 'string' ? findVersionTime(versionTime) : undefined
  if (typeof versionTime !== 'string' || at === undefined)
    throw logInvalid('"versionTime" must be a UTC time')
  if (!isJsonObject(parameters) || !isJsonObject(state))
    throw logInvalid('"parameters" or "state" is no object')
  const proofs = isJsonArray(proof) ? proof : [proof]
  if (proofs.length === 0 || proofs.length > maxProofs) throw logInvalid('it has no proof, or too many')
  return {
    versionId,
    versionNumber: Number(number),
    entryHash,
    versionTime,
    at,
    parameters,
    state,
    proofs: proofs.map(readProof),
    canonicalAs: canonicalizerOf(entry),
  }
}

/** The canonical texts of an entry that differ in `versionId` only: all else is made canonical once. */
export function canonicalizerOf({ versionId: _, ...rest }: JsonObject): (versionId: string) => string {
  const before = writeCanonicalMembers(
    Object.fromEntries(Object.entries(rest).filter(([name]) => name < 'versionId')),
  )
  const after = writeCanonicalMembers(
    Object.fromEntries(Object.entries(rest).filter(([name]) => name > 'versionId')),
  )
  return (versionId) => `{${[...before, `"versionId":${writeCanonicalJson(versionId)}`, ...after].join(',')}}`
}

/** The hash of an entry: over the entry before it too, whose `versionId` it takes in; the SCID for the first. */
export function entryHashOf(
  entry: Pick<LogEntry, 'canonicalAs'>,
  previousVersionId: string,
  hash: Hash,
): string {
  return multihashOf(entry.canonicalAs(previousVersionId), hash)
}

const placeholder = '{SCID}'

/** The SCID of a first entry: its hash, with `{SCID}` wherever its SCID stands. */
export function scidOf(entry: Pick<LogEntry, 'canonicalAs'>, scid: string, hash: Hash): string {
  const text = entry.canonicalAs(placeholder).replaceAll(scid, placeholder)
  return multihashOf(writeCanonicalJson(readJson(text)), hash)
}
