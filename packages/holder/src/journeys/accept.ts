/** Goes through an issuance to its end: from an offer, or from where an interrupted one was kept. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import type { Expectations } from '@facet-id/credential/sd-jwt-vc'
import { writeProofInput } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import {
  type Answer,
  advance,
  afterFailure,
  configurationId,
  configurationOf,
  type Issuance,
  type Need,
  next,
  type ProvenKey,
} from '../issuance.ts'
import { endIssuance, keepIssuance } from '../issuance-store.ts'
import { findIssuer, rememberIssuer } from '../issuer-store.ts'
import { logged } from '../log-store.ts'
import { type Accepted, acceptCopies, type JudgedCopy } from '../received.ts'
import { type CredentialRecord, keepCredential } from '../shelf-store.ts'
import { judge, type MayIssue } from './judge.ts'

type Finished = Extract<Issuance, { readonly has: 'credentials' }>

/** Every step is kept before the next is taken. @throws what `advance` and `shelve` throw */
export async function accept(id: string, begun: Issuance, holding: Holding): Promise<CredentialRecord> {
  const { ports, settings } = holding
  let issuance = begun
  try {
    for (let need = next(issuance, settings); need !== undefined; need = next(issuance, settings)) {
      issuance = advance(issuance, await meet(need, holding), settings)
      await ports.store.commit([keepIssuance(id, issuance)])
    }
  } catch (error) {
    const goesOn = afterFailure(issuance, error)
    await ports.store.commit([goesOn === undefined ? endIssuance(id) : keepIssuance(id, goesOn)])
    throw error
  }
  if (issuance.has !== 'credentials')
    throw new HolderError('out_of_turn', 'An issuance without a next need has its credentials')
  return shelve(id, issuance, holding)
}

async function meet(need: Need, { ports }: Holding): Promise<Answer> {
  switch (need.need) {
    case 'answer':
      return { answer: 'response', response: await ports.transport.send(need.to) }
    case 'consent':
      return { answer: 'decision', decision: await ports.consent.toReceive(need.of) }
    case 'proofs':
      return { answer: 'proofs', keys: await prove(need.of, ports) }
  }
}

async function prove(
  { audience, count, nonce }: Extract<Need, { readonly need: 'proofs' }>['of'],
  { keys, now }: Holding['ports'],
): Promise<readonly ProvenKey[]> {
  const made = await keys.create(count)
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

/** Judges all copies, then keeps all of them in one commit, or none. */
async function shelve(id: string, issuance: Finished, holding: Holding): Promise<CredentialRecord> {
  const { ports } = holding
  const { offer, keys } = issuance
  const { vct, credential_metadata } = configurationOf(issuance)
  const credentialIssuer = offer.credential_issuer
  const known = await findIssuer(ports.store, ports.hash('sha-256', credentialIssuer))
  const judged = await judgeAll(issuance, known?.did, holding)
  let accepted: Accepted
  try {
    accepted = acceptCopies(judged, { credentialId: id, keys, vct })
  } catch (error) {
    // What was refused is of no use later, and neither are the keys that were made for it.
    await ports.store.commit([endIssuance(id)])
    await ports.keys.forget(keys.map(({ keyId }) => keyId))
    throw error
  }
  const [display] = credential_metadata?.display ?? []
  const record: CredentialRecord = {
    credentialId: id,
    credentialIssuer,
    issuer: accepted.issuer,
    vct,
    configurationId: configurationId(issuance),
    receivedAt: ports.now(),
    ...(display === undefined ? {} : { name: display.name }),
    ...(accepted.expiresAt === undefined ? {} : { expiresAt: accepted.expiresAt }),
  }
  const kept = await ports.store.commit([
    ...keepCredential(record, accepted.copies),
    rememberIssuer(ports.hash('sha-256', credentialIssuer), { credentialIssuer, did: accepted.issuer }),
    logged({ at: ports.now(), event: 'received', credentialIssuer, vct, copies: accepted.copies.length }),
    endIssuance(id),
  ])
  if (!kept.ok)
    throw new HolderError('state_contended', 'The credential could not be kept; resume the issuance')
  const used = new Set(accepted.copies.map(({ keyId }) => keyId))
  await ports.keys.forget(keys.flatMap(({ keyId }) => (used.has(keyId) ? [] : keyId)))
  return record
}

async function judgeAll(
  issuance: Finished,
  knownDid: string | undefined,
  holding: Holding,
): Promise<readonly JudgedCopy[]> {
  const { ports, settings } = holding
  const expected: Expectations = {
    now: ports.now(),
    skewSeconds: settings.clockSkew,
    algs: ['ES256'],
    keyBinding: { binding: 'forbidden' },
    status: 'when_present',
  }
  const mayIssue = issuerRule(knownDid, holding)
  const judged: JudgedCopy[] = []
  for (const compact of issuance.credentials)
    judged.push({ compact, report: await judge(compact, expected, { ports, mayIssue }) })
  return judged
}

/**
 * The person agreed to this credential issuer, so what no list forbids is accepted; but the DID that
 * it signs with, once seen, must stay the same.
 */
function issuerRule(knownDid: string | undefined, { ports }: Holding): MayIssue {
  return (issuer, vct) => {
    if (knownDid !== undefined && knownDid !== issuer) {
      return { decision: 'not_trusted', why: 'This credential issuer signed with another DID before' }
    }
    const { decision, why } = ports.trust.mayIssue({ issuer, vct })
    return decision === 'undetermined'
      ? { decision: 'trusted', why: 'The person accepted this issuer' }
      : { decision, why }
  }
}
