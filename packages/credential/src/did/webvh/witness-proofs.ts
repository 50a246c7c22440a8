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
/** Of one witness: the first that holds is all that is needed of it, and the others cover less. */
const maxTries = 16

/**
 * Reads the file, and picks what is worth a verification: of each witness its proofs of the latest entries, since one
 * covers all entries before it. What is of no entry of the log, by no witness of it, said twice, or no proof at all,
 * is left out: it proves nothing. However long the file is, the best of each witness is among what is picked.
 *
 * @param log as far as its own signatures hold ({@link signedPartOf})
 * @returns the best of each witness first, then the second best
 * @throws {CredentialError} `did_log_invalid` when the file as a whole cannot be read; those of `readJson`
 */
export function readWitnessProofs(text: string, log: DidLog, hash: Hash): readonly WitnessProof[] {
  const file = readJson(text, { length: maxFileLength })
  if (!isJsonArray(file)) throw logInvalid('the proofs of its witnesses are no list')
  const byWitness = new Map<string, Picked[]>()
  for (const { witness } of log.versions) {
    for (const name of witness?.witnesses ?? []) byWitness.set(name, [])
  }
  const seen = new Set<string>()
  for (const { versionId, versionNumber, proofs } of latestFirst(file, log)) {
    for (const value of proofs) {
      const tries = byWitness.get(makerOf(value))
      const name = nameOf(versionId, value)
      if (tries === undefined || tries.length === maxTries || seen.has(name)) continue
      seen.add(name)
      const proof = findProof(value)
      if (proof !== undefined) tries.push({ proof, versionId, versionNumber })
    }
  }
  return inRounds([...byWitness.values()])
    .slice(0, maxWitnessProofs)
    .map(({ proof, versionId, versionNumber }) => ({
      by: proof.by,
      versionNumber,
      check: checkOfProof(proof, canonicalOf(versionId), hash),
    }))
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

interface Picked {
  readonly proof: DataIntegrityProof
  readonly versionId: string
  readonly versionNumber: number
}

interface Said {
  readonly versionId: string
  readonly versionNumber: number
  readonly proofs: readonly JsonValue[]
}

function latestFirst(file: readonly JsonValue[], log: DidLog): readonly Said[] {
  const numbers = new Map(log.versions.map(({ versionId, versionNumber }) => [versionId, versionNumber]))
  const said = file.flatMap((entry): Said[] => {
    const versionId = isJsonObject(entry) ? findMember(entry, 'versionId') : undefined
    const proofs = isJsonObject(entry) ? findMember(entry, 'proof') : undefined
    const versionNumber = typeof versionId === 'string' ? numbers.get(versionId) : undefined
    if (typeof versionId !== 'string' || versionNumber === undefined || !isJsonArray(proofs)) return []
    return [{ versionId, versionNumber, proofs }]
  })
  return said.sort((a, b) => b.versionNumber - a.versionNumber)
}

/** Who a proof says made it, before it is read: whether it does is found out when it is. */
function makerOf(proof: JsonValue): string {
  const method = isJsonObject(proof) ? findMember(proof, 'verificationMethod') : undefined
  return typeof method === 'string' ? method.slice(method.indexOf('#') + 1) : ''
}

function nameOf(versionId: string, proof: JsonValue): string {
  return `${versionId} ${isJsonObject(proof) ? JSON.stringify(findMember(proof, 'proofValue')) : ''}`
}

function inRounds<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return Array.from({ length: maxTries }, (_, round) =>
    lists.flatMap((list) => list.slice(round, round + 1)),
  ).flat()
}
