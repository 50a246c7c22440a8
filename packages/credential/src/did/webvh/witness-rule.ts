/** Who must have seen an entry before it counts (did:webvh 1.0, The `witness` Parameter). */
import { findMember, isJsonArray, isJsonObject, type JsonValue } from '../../json.ts'
import { readMultikey } from '../multikey.ts'
import { logInvalid } from './invalid.ts'

export interface WitnessRule {
  /** How many of them; at least one. */
  readonly threshold: number
  /** Their Multikeys, no two alike. */
  readonly witnesses: readonly string[]
}

const maxWitnesses = 64

/**
 * Reads the parameter. `{}`, and the `null` of older logs, is nobody.
 *
 * @throws {CredentialError} `did_log_invalid`: a rule that is not well made is never read as no rule
 */
export function readWitnessRule(value: JsonValue | undefined): WitnessRule | undefined {
  if (value === null) return undefined
  if (!isJsonObject(value)) throw logInvalid('"witness" is no object')
  if (Object.keys(value).length === 0) return undefined
  const listed = findMember(value, 'witnesses')
  const threshold = findMember(value, 'threshold')
  if (!isJsonArray(listed) || listed.length > maxWitnesses) {
    throw logInvalid('"witnesses" is no list, or too long a one')
  }
  const witnesses = listed.map(readWitness)
  if (new Set(witnesses).size !== witnesses.length) throw logInvalid('a witness is named twice')
  const isCount = typeof threshold === 'number' && Number.isInteger(threshold)
  if (!isCount || threshold < 1 || threshold > witnesses.length) {
    throw logInvalid('"threshold" must be a number from one to that of the witnesses')
  }
  return { threshold, witnesses }
}

/**
 * "MUST decode to a public key compatible with one of the cryptosuites": only Ed25519 is. The key alone, without
 * `did:key:`, as some programs write it, can mean nothing else, and is taken.
 */
function readWitness(value: JsonValue): string {
  const id = isJsonObject(value) ? findMember(value, 'id') : undefined
  if (typeof id !== 'string') throw logInvalid('a witness has no "id"')
  const multikey = id.startsWith('did:key:') ? id.slice('did:key:'.length) : id
  if (!isEd25519(multikey)) throw logInvalid('a witness is no did:key on Ed25519')
  return multikey
}

function isEd25519(multikey: string): boolean {
  try {
    return readMultikey(multikey).crv === 'Ed25519'
  } catch {
    return false
  }
}
