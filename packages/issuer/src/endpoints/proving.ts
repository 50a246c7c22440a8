/**
 * Proofs, with the keys that they name: which keys a request proves. OpenID4VCI 1.0 App. D, F.4.
 *
 * Whoever attests is found and believed first, then the keys that are named elsewhere; then all signatures are
 * checked at once.
 */
import {
  algorithmOf,
  type JwsAlgorithm,
  type PublicJwk,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import type { KeyAttestation, ProofJwt } from '@facet-id/protocol/openid4vci/key-proof'
import { IssuerError } from '../error.ts'
import { checkProofVerdicts, keysOf, type ReadProof, type ReadProofs } from '../issuance/proofs.ts'
import type { Issuing } from '../issuing.ts'
import type { IssuerPorts, NamedKey } from '../ports.ts'
import type { IssuerSettings } from '../settings.ts'

/**
 * One key for each copy.
 *
 * @throws {IssuerError} `proof_invalid`, `batch_too_large`
 */
export async function provenKeys({ proofs }: ReadProofs, issuing: Issuing): Promise<readonly PublicJwk[]> {
  const { ports, settings } = issuing
  const named = await Promise.all(proofs.map((proof) => keysNamedBy(proof, issuing)))
  const checks = named.flatMap(({ checks }) => checks)
  const keys = keysOf(
    proofs,
    named.map(({ proven }) => proven),
    settings,
  )
  checkProofVerdicts(await ports.checkSignatures(checks), checks.length)
  for (const { attestation } of proofs) {
    if (attestation !== undefined) await checkStatus(attestation, ports)
  }
  return keys
}

interface Named {
  readonly proven: PublicJwk | undefined
  readonly checks: readonly SignatureCheck[]
}

async function keysNamedBy({ jwt, attestation }: ReadProof, issuing: Issuing): Promise<Named> {
  const { ports } = issuing
  const checks: SignatureCheck[] = []
  if (attestation !== undefined) {
    const attester = await ports.keyAttesters?.keyOf(attestation.signedBy)
    if (attester === undefined) throw invalid('Nobody here believes whoever signed the key attestation')
    checks.push(attestation.check(fitting(attester, attestation.alg)))
  }
  if (jwt === undefined) return { proven: undefined, checks }
  const proven = fitting(await keyOf(jwt, issuing), jwt.alg)
  checks.push(jwt.check(proven))
  return { proven, checks }
}

/**
 * A key that is named is put in the place of its name: what is bound to it says the key itself. Nothing is looked up
 * that the operator did not say is taken: a name may lead to a server of whoever wrote it.
 */
async function keyOf({ key }: ProofJwt, { ports, settings }: Issuing): Promise<PublicJwk> {
  if (key.by === 'jwk') return key.jwk
  if (ports.resolveKey === undefined || !isTaken(key, settings)) {
    throw invalid('The key of a proof is named in a way that is not taken here: send it as jwk')
  }
  const found = await ports.resolveKey(key)
  if (found === undefined) throw invalid('The key that a proof names cannot be found')
  return found
}

function isTaken(key: NamedKey, { didMethods, certifiedProofs }: IssuerSettings): boolean {
  return key.by === 'x5c' ? certifiedProofs : didMethods.some((method) => key.kid.startsWith(`${method}:`))
}

function fitting(key: PublicJwk, alg: JwsAlgorithm): PublicJwk {
  if (algorithmOf(key) !== alg) throw invalid('The key that is named is none for the algorithm of the proof')
  return key
}

async function checkStatus({ status }: KeyAttestation, { keyAttesters }: IssuerPorts): Promise<void> {
  if (status === undefined) return
  if (keyAttesters?.holds !== undefined && (await keyAttesters.holds(status))) return
  throw invalid('The key attestation does not hold any more, or nobody here can tell')
}

function invalid(message: string): IssuerError {
  return new IssuerError('proof_invalid', message)
}
