/** Witnesses of a did:webvh: each change is shown to them before it is made, and made when enough have signed. */

import { jwkOfMultikey, readMultikey } from '@facet-id/credential/did'
import { type Witnessed, writeWitnessFile, writeWitnessing } from '@facet-id/credential/did/webvh'
import type { CheckSignatures, OkpPublicJwk } from '@facet-id/credential/jose'
import { DidAgentError } from '../error.ts'
import type { Making, WitnessRule } from './method.ts'

/** What a witness is shown. */
export interface ShownToWitness {
  /** The witness: a did:key on Ed25519. */
  readonly witness: string
  readonly did: string
  /** Of the last of the lines. */
  readonly versionId: string
  /** When the proof is made, seconds since the epoch: what is signed says so. */
  readonly created: number
  /** The lines that are to be added to the log, to be looked at. */
  readonly lines: readonly string[]
  /** What the witness signs, with Ed25519. */
  readonly data: Uint8Array
}

export interface WitnessPort {
  /** The signature; `undefined`: this witness does not sign, or cannot be reached. */
  ask(shown: ShownToWitness): Promise<Uint8Array | undefined>
  readonly checkSignatures: CheckSignatures
}

/**
 * The text of `did-witness.json` for that version. A witness signs for all that came before too, so nothing else
 * needs to stand in it.
 *
 * @throws {DidAgentError} `witness_missing`: fewer than the threshold signed; nothing is changed then
 */
export async function witnessed(
  { threshold, witnesses }: WitnessRule,
  shown: Pick<ShownToWitness, 'did' | 'lines'> & { readonly versionId: string },
  { hash, now, witnesses: port }: Making,
): Promise<string> {
  const proofs: Witnessed['proofs'][number][] = []
  for (const witness of port === undefined ? [] : witnesses) {
    if (proofs.length === threshold) break
    const multikey = witness.slice('did:key:'.length)
    const { did, lines, versionId } = shown
    const unsigned = writeWitnessing({ versionId, witness: multikey, created: now }, hash)
    const signature = await port?.ask({
      witness,
      did,
      versionId,
      created: now,
      lines,
      data: unsigned.data,
    })
    if (signature === undefined) continue
    const check = { alg: 'EdDSA', key: keyOf(multikey), data: unsigned.data, signature } as const
    const [verdict] = (await port?.checkSignatures([check])) ?? []
    if (verdict === 'valid') proofs.push([unsigned, signature])
  }
  if (proofs.length === threshold) return writeWitnessFile([{ versionId: shown.versionId, proofs }])
  throw new DidAgentError(
    'witness_missing',
    `${proofs.length} of the ${threshold} witnesses that the DID needs have signed: nothing was changed`,
  )
}

/** @throws {CredentialError} `multikey_malformed` */
function keyOf(multikey: string): OkpPublicJwk {
  const key = jwkOfMultikey(readMultikey(multikey), () => undefined)
  if (key.kty === 'OKP') return key
  throw new DidAgentError('wish_malformed', 'A witness is a did:key on Ed25519')
}
