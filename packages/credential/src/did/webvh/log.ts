/**
 * The log of a did:webvh, read in order: each entry stands on the one before it (did:webvh 1.0, Read).
 *
 * Reading verifies no signature: it says which must hold, all at once, and {@link judgeDidLog} takes the verdicts.
 * A log is read up to the first entry that breaks a rule; what stands before it may still be asked for.
 */
import { CredentialError } from '../../error.ts'
import type { Hash, SignatureCheck } from '../../jose/ports.ts'
import { findMember, isJsonArray } from '../../json.ts'
import type { DidDocument } from '../document.ts'
import { isMultihash } from '../multihash.ts'
import { readDidDocumentValue } from '../read-document.ts'
import type { WebLocationRules } from '../web-location.ts'
import { readDidWebvh } from './did.ts'
import { entryHashOf, type LogEntry, readEntry, scidOf } from './entry.ts'
import { logInvalid } from './invalid.ts'
import { applyParameters, authorizedKeys, keyHashOf, type WebvhParameters } from './parameters.ts'
import { checkOfProof } from './proof.ts'
import type { WitnessRule } from './witness-rule.ts'

/** What a log is read with. */
export interface LogContext {
  readonly hash: Hash
  /** Seconds since the epoch. */
  readonly now: number
  /** Where DIDs may be; the public web when absent. */
  readonly rules?: WebLocationRules
}

/** An entry that keeps every rule but, perhaps, that of its signatures and its witnesses. */
export interface LogVersion extends Pick<LogEntry, 'versionId' | 'versionNumber' | 'versionTime' | 'at'> {
  readonly document: DidDocument
  /** In force from this entry on. */
  readonly parameters: WebvhParameters
  /** Who must have seen this very entry; absent: nobody. */
  readonly witness?: WitnessRule
  /** What must hold of its proofs. */
  readonly checks: readonly SignatureCheck[]
}

/** Why an entry, and all after it, does not count. */
export interface LogFault {
  /** The place of the entry in the log, from 1. */
  readonly versionNumber: number
  readonly reason: CredentialError
  /** When it says that it was made, milliseconds since the epoch; absent where that is no time, or one to come. */
  readonly at?: number
}

export interface DidLog {
  readonly did: string
  readonly versions: readonly LogVersion[]
  /** Absent: every entry was read. */
  readonly fault?: LogFault
}

/** Characters of a log: did:webvh 1.0 suggests five mebibytes. */
export const maxLogLength = 5_242_880
const maxVersions = 10_000
/** Milliseconds by which an entry may be ahead of our clock. */
const futureTolerance = 300_000

/**
 * Reads the log of a DID. Never throws for what is in the log.
 *
 * @throws {CredentialError} `did_malformed`, `did_method_unsupported`: what was asked for is no did:webvh
 */
export function readDidLog(text: string, did: string, context: LogContext): DidLog {
  const { scid } = readDidWebvh(did, context.rules)
  const versions: LogVersion[] = []
  if (text.length > maxLogLength)
    return { did, versions, fault: { versionNumber: 1, reason: logInvalid('it is too long') } }
  for (const line of linesOf(text)) {
    let entry: LogEntry | undefined
    try {
      if (versions.length === maxVersions) throw logInvalid('it is too long')
      entry = readEntry(line)
      const version = nextVersion(entry, context, versions.at(-1))
      if (version.parameters.scid !== scid) throw logInvalid('it is the log of another DID')
      versions.push(version)
    } catch (error) {
      const fault = { versionNumber: versions.length + 1, reason: reasonOf(error) }
      if (entry === undefined || isAhead(entry, context)) return { did, versions, fault }
      return { did, versions, fault: { ...fault, at: entry.at } }
    }
  }
  return { did, versions }
}

/**
 * What an entry makes of the DID, after the one before it.
 *
 * @throws {CredentialError} `did_log_invalid`, and those of `readDidDocumentValue` and `readDidWebvh`
 */
export function nextVersion(entry: LogEntry, context: LogContext, before?: LogVersion): LogVersion {
  const { hash, rules } = context
  if (before?.parameters.deactivated) throw logInvalid('it goes on after the DID was given up')
  if (entry.versionNumber !== (before?.versionNumber ?? 0) + 1) throw logInvalid('its numbers have a gap')
  if (before !== undefined && entry.at <= before.at) throw logInvalid('its times do not increase')
  if (isAhead(entry, context)) throw logInvalid('it is ahead of time')
  const parameters = applyParameters(entry.parameters, before?.parameters)
  if (before === undefined) checkScid(entry, parameters.scid, hash)
  if (!isMultihash(entry.entryHash)) throw logInvalid('an entry has a hash that is not of SHA-256')
  if (entryHashOf(entry, before?.versionId ?? parameters.scid, hash) !== entry.entryHash) {
    throw logInvalid('an entry was changed, or does not follow the one before it')
  }
  checkPromisedKeys(parameters, before?.parameters, hash)
  const document = readState(entry, parameters.scid, rules)
  checkMove(document, parameters, before)
  const canonical = entry.canonicalAs(entry.versionId)
  const authorized = authorizedKeys(parameters, before?.parameters)
  const checks = entry.proofs.map((proof) => {
    if (!authorized.includes(proof.by)) throw logInvalid('an entry is signed with a key that may not')
    return checkOfProof(proof, canonical, hash)
  })
  const witness = witnessRuleOf(parameters, before?.parameters)
  const { versionId, versionNumber, versionTime, at } = entry
  return {
    versionId,
    versionNumber,
    versionTime,
    at,
    document,
    parameters,
    checks,
    ...(witness === undefined ? {} : { witness }),
  }
}

function isAhead({ at }: LogEntry, { now }: LogContext): boolean {
  return at > now * 1000 + futureTolerance
}

function checkScid(entry: LogEntry, scid: string, hash: Hash): void {
  if (!isMultihash(scid)) throw logInvalid('its "scid" is no hash')
  if (scidOf(entry, scid, hash) !== scid) throw logInvalid('its "scid" is not the hash of its first entry')
}

/** "The check applies to the full updateKeys set, not only keys that are new". */
function checkPromisedKeys(
  { updateKeys }: WebvhParameters,
  before: WebvhParameters | undefined,
  hash: Hash,
): void {
  if (before === undefined || before.nextKeyHashes.length === 0) return
  const isPromised = (key: string): boolean => before.nextKeyHashes.includes(keyHashOf(key, hash))
  if (!updateKeys.every(isPromised)) throw logInvalid('an entry brings in a key that was not promised')
}

/** "The SCID segment of state.id … MUST apply to every entry's state.id". */
function readState({ state }: LogEntry, scid: string, rules: WebLocationRules | undefined): DidDocument {
  const id = findMember(state, 'id')
  if (typeof id !== 'string') throw logInvalid('a document has no "id"')
  if (readDidWebvh(id, rules).scid !== scid) throw logInvalid('a document is that of another DID')
  return readDidDocumentValue(state, id)
}

function checkMove(document: DidDocument, { portable }: WebvhParameters, before?: LogVersion): void {
  if (before === undefined || document.id === before.document.id) return
  if (!portable || !before.parameters.portable) throw logInvalid('the DID moves, and may not')
  const { alsoKnownAs } = document
  if (!isJsonArray(alsoKnownAs) || !alsoKnownAs.includes(before.document.id)) {
    throw logInvalid('the DID moves, and does not say from where in "alsoKnownAs"')
  }
}

/** A new rule counts from the next entry on; where there was none, from this one. */
function witnessRuleOf(now: WebvhParameters, before?: WebvhParameters): WitnessRule | undefined {
  return before?.witness ?? now.witness
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function reasonOf(error: unknown): CredentialError {
  if (error instanceof CredentialError && error.code === 'did_log_invalid') return error
  return logInvalid('an entry, or the document in it, cannot be read', error)
}
