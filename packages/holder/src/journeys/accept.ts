/** Goes through an issuance to its end: from an offer, or from where an interrupted one was kept. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { writeProofInput } from '@facet-id/protocol/openid4vci/key-proof'
import type { OfferDecision, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { afterFailure } from '../issuance/after-failure.ts'
import { advance, next } from '../issuance/issuance.ts'
import type { Answer, Issuance, Need, ProofsNeeded, ProvenKey } from '../issuance/issuance-state.ts'
import { endIssuance, type KeptIssuance, keepIssuance } from '../issuance/issuance-store.ts'
import type { CredentialRecord } from '../shelf/shelf-store.ts'
import { federated } from './federated.ts'
import { shelve } from './shelve.ts'

/** Every step is kept before the next is taken. @throws what `advance` and `shelve` throw */
export async function accept(begun: KeptIssuance, holding: Holding): Promise<CredentialRecord> {
  const { ports, settings } = holding
  const { id } = begun
  let { issuance } = begun
  let kept: Issuance | undefined
  try {
    for (let need = next(issuance, settings); need !== undefined; need = next(issuance, settings)) {
      issuance = advance(issuance, await meet(need, id, holding), settings)
      await ports.store.commit(keepIssuance({ id, issuance }))
      kept = issuance
    }
    return await shelve({ id, issuance }, holding)
  } catch (error) {
    const goesOn = afterFailure(issuance, error)
    try {
      if (goesOn === undefined) await abandon({ id, issuance }, holding)
      else if (goesOn !== kept) await ports.store.commit(keepIssuance({ id, issuance: goesOn }))
    } catch {
      // The store fails as well. What was kept last stands, and resuming goes on from there.
    }
    throw error
  }
}

/**
 * Ends an issuance, and destroys the keys that were made for it first: should that fail, it still
 * stands and can be abandoned again.
 */
export async function abandon({ id, issuance }: KeptIssuance, { ports }: Holding): Promise<void> {
  await ports.keys.forget(keyIdsOf(id, issuance))
  await ports.store.commit(endIssuance({ id, issuance }))
}

async function meet(need: Need, id: string, holding: Holding): Promise<Answer> {
  switch (need.need) {
    case 'answer':
      return { answer: 'response', response: await holding.ports.transport.send(need.to) }
    case 'consent':
      return { answer: 'decision', decision: await ask(need.of, holding) }
    case 'proofs':
      return { answer: 'proofs', keys: await prove(need.of, id, holding) }
  }
}

/** A list may forbid an issuer; otherwise the person decides, and no offer makes anybody trusted (§13.5). */
async function ask(terms: OfferTerms, { ports }: Holding): Promise<OfferDecision> {
  const { issuer, vct } = terms
  const trust = ports.trust.mayIssue({ issuer, vct, ...(await federated(issuer, ports)) })
  if (trust.decision === 'not_trusted') {
    throw new HolderError('issuer_not_trusted', 'A trust list says that this issuer must not issue this')
  }
  return ports.consent.toReceive({ ...terms, trust })
}

async function prove(
  { audience, count, nonce, algs }: ProofsNeeded,
  id: string,
  { ports: { keys, now } }: Holding,
): Promise<readonly ProvenKey[]> {
  const made = await keys.create(namesOf(id, count))
  if (made.some(({ alg }) => !algs.includes(alg)))
    throw new HolderError(
      'offer_unsupported',
      'The issuer takes no proof of the kind of key that this wallet has',
    )
  return Promise.all(
    made.map(async ({ keyId, publicJwk, alg }) => {
      const input = writeProofInput({
        audience,
        issuedAt: now(),
        jwk: publicJwk,
        alg,
        ...(nonce === undefined ? {} : { nonce }),
      })
      return { keyId, publicJwk, proof: writeJws(input, await keys.sign(keyId, utf8(input))) }
    }),
  )
}

/** Keys are named after their issuance: whoever goes on with it finds those that were made before. */
function namesOf(id: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${id}.${place}`)
}

/** Also of keys that were made before the step that tells of them was kept. */
function keyIdsOf(id: string, issuance: Issuance): readonly string[] {
  if ('keys' in issuance) return issuance.keys.map(({ keyId }) => keyId)
  return 'copies' in issuance ? namesOf(id, issuance.copies) : []
}
