/** Logs that keep the rules, and logs that break just one: the forger writes whatever it is told to. */
import { checkSignatures, hash, keyPairFor, signerFor } from '@facet-id/testkit'
import { writeCanonicalJson } from '../../canonical-json.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { multihashOf } from '../multihash.ts'
import { writeMultikey } from '../multikey.ts'
import { writeVersionTime } from '../version-time.ts'
import { canonicalizerOf } from './entry.ts'
import { checksOf, judgeDidLog, signedPartOf } from './judge.ts'
import { type DidLog, readDidLog } from './log.ts'
import { writeSignedProof, writeUnsignedProof } from './proof.ts'
import { readWitnessProofs, writeWitnessFile, writeWitnessing } from './witness-proofs.ts'

export const start = 1_800_000_000

export interface UpdateKey {
  readonly multikey: string
  sign(data: Uint8Array): Uint8Array
}

export function updateKey(): UpdateKey {
  const { publicJwk, privateJwk } = keyPairFor('EdDSA')
  return { multikey: writeMultikey(publicJwk), sign: signerFor('EdDSA', privateJwk).sign }
}

/** One entry of a forged log. All that is absent is as it should be. */
export interface Forged {
  readonly by?: UpdateKey
  readonly versionTime?: string
  readonly parameters?: JsonObject
  readonly state?: JsonObject
  /** Changes what is hashed and signed. */
  readonly unhashed?: (entry: JsonObject) => JsonObject
  /** Changes the `versionId`, after it was made and before it is signed. */
  readonly versionId?: (made: string) => string
  /** Changes the members of the proof that are signed. */
  readonly options?: (options: JsonObject) => JsonObject
  /** Changes what nothing protects any more. */
  readonly signed?: (entry: JsonObject) => JsonValue
}

export interface ForgedLog {
  readonly did: string
  readonly text: string
  readonly versionIds: readonly string[]
}

export const place = 'issuer.example'

/** A log whose first entry has `key` for its update key, unless it says otherwise. */
export function forge(key: UpdateKey, entries: readonly Forged[], at = place): ForgedLog {
  const first = entries[0] ?? {}
  const preliminary = {
    versionTime: first.versionTime ?? writeVersionTime(start),
    parameters: { method: 'did:webvh:1.0', scid: '{SCID}', updateKeys: [key.multikey], ...first.parameters },
    state: { id: `did:webvh:{SCID}:${at}`, ...first.state },
  }
  const changed = first.unhashed?.({ ...preliminary, versionId: '{SCID}' }) ?? preliminary
  const scid = multihashOf(canonicalizerOf(changed)('{SCID}'), hash)
  const withScid = (value: JsonObject): JsonObject =>
    JSON.parse(JSON.stringify(value).replaceAll('{SCID}', scid))
  const did = `did:webvh:${scid}:${at}`
  const versionIds: string[] = []
  const lines = entries.map((forged, place) => {
    const body =
      place === 0
        ? withScid(changed)
        : {
            versionTime: forged.versionTime ?? writeVersionTime(start + place),
            parameters: forged.parameters ?? {},
            state: { id: did, ...forged.state },
          }
    const entry = place === 0 ? body : (forged.unhashed?.(body) ?? body)
    const canonicalAs = canonicalizerOf(entry)
    const made = `${place + 1}-${multihashOf(canonicalAs(versionIds.at(-1) ?? scid), hash)}`
    const versionId = forged.versionId?.(made) ?? made
    versionIds.push(versionId)
    const by = forged.by ?? key
    const honest = writeUnsignedProof(
      { by: by.multikey, created: writeVersionTime(start) },
      canonicalAs(versionId),
      hash,
    )
    const options = forged.options?.(honest.options) ?? honest.options
    const proof = { options, data: dataOver(options, canonicalAs(versionId)) }
    const signed = { ...entry, versionId, proof: [writeSignedProof(proof, by.sign(proof.data))] }
    return JSON.stringify(forged.signed?.(signed) ?? signed)
  })
  return { did, text: `${lines.join('\n')}\n`, versionIds }
}

function dataOver(options: JsonObject, canonical: string): Uint8Array {
  const digest = (text: string): Buffer => Buffer.from(hash('sha-256', text), 'base64url')
  return new Uint8Array(Buffer.concat([digest(writeCanonicalJson(options)), digest(canonical)]))
}

/** What becomes of a log. */
export function judged(
  { did, text }: Pick<ForgedLog, 'did' | 'text'>,
  file = '[]',
  now = start + 1000,
): DidLog {
  const log = readDidLog(text, did, { hash, now })
  const signatures = checkSignatures(checksOf(log))
  const proofs = readWitnessProofs(file, signedPartOf(log, signatures), hash)
  const verdicts = checkSignatures(proofs.map(({ check }) => check))
  return judgeDidLog(log, signatures, { proofs, verdicts })
}

/** The file in which witnesses say that they have seen entries. */
export function witnessFile(seen: readonly (readonly [versionId: string, witness: UpdateKey])[]): string {
  return writeWitnessFile(
    seen.map(([versionId, witness]) => {
      const unsigned = writeWitnessing({ versionId, witness: witness.multikey, created: start }, hash)
      return { versionId, proofs: [[unsigned, witness.sign(unsigned.data)]] }
    }),
  )
}
