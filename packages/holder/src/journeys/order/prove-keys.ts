/** Makes the keys of an order, and the proofs that the wallet holds them. OpenID4VCI 1.0 Appendix F. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import type { Proofs } from '@facet-id/protocol/openid4vci'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import type { Order, OwnKey, ProofsNeeded } from '../../issuance/order-state.ts'
import type { HolderKey } from '../../shelf/keys.ts'

export interface Proven {
  readonly keys: readonly OwnKey[]
  readonly proofs: Proofs
}

/** For which order keys are made, and by whom. */
export interface Prover {
  readonly id: string
  /** What the wallet was called when it got the token; absent: it had no name, and has none here (§F.1). */
  readonly client?: string | undefined
}

/** @throws {HolderError} `offer_unsupported` */
export async function proveKeys(
  needed: ProofsNeeded,
  { id, client }: Prover,
  { ports }: Holding,
): Promise<Proven> {
  const { plan, count, nonce } = needed
  const made = await ports.keys.create(namesOf(id, count), plan.algs)
  if (made.some(({ alg }) => !plan.algs.includes(alg)))
    throw new HolderError(
      'offer_unsupported',
      'The issuer takes no proof of the kind of key that this wallet has',
    )
  const keys = made.map(({ keyId, publicJwk }) => ({ keyId, publicJwk }))
  const sign = (key: HolderKey, attestation?: string): Promise<string> =>
    signProof({ key, attestation, client }, needed, ports)
  if (!plan.attested) return { keys, proofs: { jwt: await Promise.all(made.map((key) => sign(key))) } }
  const attestation = await ports.keyAttestation?.({ keys: made, ...(nonce === undefined ? {} : { nonce }) })
  const [first] = made
  if (attestation === undefined || first === undefined)
    throw new HolderError('offer_unsupported', 'This wallet has no key attestations')
  if (plan.type === 'attestation') return { keys, proofs: { attestation: [attestation] } }
  // All keys are in the attestation, so one signature is proof enough (§F.1, D.1).
  return { keys, proofs: { jwt: [await sign(first, attestation)] } }
}

/** Keys are named after their order: whoever goes on with it finds those that were made before. */
function namesOf(id: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${id}.${place}`)
}

/** Also of keys that were made before the step that tells of them was kept. */
export function keyIdsOf(id: string, order: Order): readonly string[] {
  return 'keys' in order ? order.keys.map(({ keyId }) => keyId) : namesOf(id, order.copies)
}

interface Signing extends Pick<Prover, 'client'> {
  readonly key: HolderKey
  readonly attestation: string | undefined
}

async function signProof(
  { key, attestation, client }: Signing,
  { audience, nonce }: ProofsNeeded,
  { keys, now }: Holding['ports'],
): Promise<string> {
  const input = writeProofInput({
    audience,
    ...(client === undefined ? {} : { client }),
    issuedAt: now(),
    jwk: key.publicJwk,
    alg: key.alg,
    ...(nonce === undefined ? {} : { nonce }),
    ...(attestation === undefined ? {} : { keyAttestation: attestation }),
  })
  return writeJws(input, await keys.sign(key.keyId, utf8(input)))
}
