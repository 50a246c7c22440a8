/**
 * The proofs of witnesses, in a file beside the log (did:webvh 1.0, The Witness Proofs File).
 *
 * A witness signs a `versionId`, which is a hash of the entry and of all before it; so its proof for an entry is
 * one for those before it too.
 */
import { writeCanonicalJson } from '../../canonical-json.ts'
import type { Hash, SignatureCheck } from '../../jose/ports.ts'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJson,
} from '../../json.ts'
import { writeVersionTime } from '../version-time.ts'
import { logInvalid } from './invalid.ts'
import type { DidLog } from './log.ts'
import {
  checkOfProof,
  type DataIntegrityProof,
  readProof,
  type UnsignedProof,
  writeSignedProof,
  writeUnsignedProof,
} from './proof.ts'

/** A proof of a witness that the log asks for, of an entry that is in it. */
export interface WitnessProof {
  readonly by: string
  readonly versionNumber: number
  readonly check: SignatureCheck
}

const maxFileLength = 5_242_880
/** Each costs a verification. */
const maxWitnessProofs = 1024

/**
 * Reads the file. What is of no entry of the log, by no witness of it, or no proof at all, is left out: it proves
 * nothing.
 *
 * @throws {CredentialError} `did_log_invalid` when the file as a whole cannot be read; those of `readJson`
 */
export function readWitnessProofs(text: string, log: DidLog, hash: Hash): readonly WitnessProof[] {
  const file = readJson(text, { length: maxFileLength })
  if (!isJsonArray(file)) throw logInvalid('the proofs of its witnesses are no list')
  const witnesses = new Set(log.versions.flatMap(({ witness }) => witness?.witnesses ?? []))
  const numbers = new Map(log.versions.map(({ versionId, versionNumber }) => [versionId, versionNumber]))
  const proofs = file.flatMap((entry) => {
    const versionId = isJsonObject(entry) ? findMember(entry, 'versionId') : undefined
    const proof = isJsonObject(entry) ? findMember(entry, 'proof') : undefined
    const versionNumber = typeof versionId === 'string' ? numbers.get(versionId) : undefined
    if (typeof versionId !== 'string' || versionNumber === undefined || !isJsonArray(proof)) return []
    const canonical = canonicalOf(versionId)
    return proof.flatMap((value): WitnessProof[] => {
      const read = findProof(value)
      if (read === undefined || !witnesses.has(read.by)) return []
      return [{ by: read.by, versionNumber, check: checkOfProof(read, canonical, hash) }]
    })
  })
  if (proofs.length > maxWitnessProofs) throw logInvalid('it has more proofs of witnesses than are looked at')
  return proofs
}

/**
 * What a witness signs to say that it has seen an entry.
 *
 * @param witness its Multikey
 * @param created seconds since the epoch
 */
export function writeWitnessing(
  {
    versionId,
    witness,
    created,
  }: { readonly versionId: string; readonly witness: string; readonly created: number },
  hash: Hash,
): UnsignedProof {
  return writeUnsignedProof({ by: witness, created: writeVersionTime(created) }, canonicalOf(versionId), hash)
}

/** What witnesses said of one entry. */
export interface Witnessed {
  readonly versionId: string
  readonly proofs: readonly (readonly [unsigned: UnsignedProof, signature: Uint8Array])[]
}

/** The text of `did-witness.json`; published before the log that it is for. */
export function writeWitnessFile(witnessed: readonly Witnessed[]): string {
  const file: readonly JsonObject[] = witnessed.map(({ versionId, proofs }) => ({
    versionId,
    proof: proofs.map(([unsigned, signature]) => writeSignedProof(unsigned, signature)),
  }))
  return JSON.stringify(file)
}

function canonicalOf(versionId: string): string {
  return writeCanonicalJson({ versionId })
}

function findProof(value: JsonValue): DataIntegrityProof | undefined {
  try {
    return readProof(value)
  } catch {
    return undefined
  }
}
