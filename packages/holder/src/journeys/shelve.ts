/** From what an issuer sent to the shelf: judges all copies, then keeps all of them, or none. */
import type { Expectations } from '@facet-id/credential/sd-jwt-vc'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { configurationId, configurationOf, type Issuance } from '../issuance/issuance-state.ts'
import { endIssuance, type KeptIssuance } from '../issuance/issuance-store.ts'
import { findIssuer, rememberIssuer } from '../issuance/issuer-store.ts'
import { type Accepted, acceptCopies, type JudgedCopy } from '../issuance/received.ts'
import { logged } from '../presentation/log-store.ts'
import { namesOf } from '../shelf/name.ts'
import { type CredentialRecord, keepCredential } from '../shelf/shelf-store.ts'
import { federated } from './federated.ts'
import { type Judged, judge, type MayIssue } from './judge.ts'

type Finished = Extract<Issuance, { readonly has: 'credentials' }>

/**
 * @throws {HolderError} `credential_refused`, `credential_undetermined`, `credential_substituted`,
 * `issuer_not_trusted`, `issuer_changed`, `state_contended`
 */
export async function shelve({ id, issuance }: KeptIssuance, holding: Holding): Promise<CredentialRecord> {
  if (issuance.has !== 'credentials')
    throw new HolderError('out_of_turn', 'An issuance without a next need has its credentials')
  const { ports } = holding
  const { offer, keys } = issuance
  const { vct } = configurationOf(issuance)
  const credentialIssuer = offer.credential_issuer
  const issuerKey = ports.hash('sha-256', credentialIssuer)
  const known = await findIssuer(ports.store, issuerKey)
  const judged = await judgeAll(issuance, holding)
  // Of copies by several issuers none is taken, so what was proven of one was proven of all.
  const proven = judged[0]?.certificate === undefined ? {} : { certificate: judged[0].certificate }
  // Once seen, the DID of a credential issuer stays the same, unless a list vouches for another.
  const isIssuer = (did: string): boolean =>
    known === undefined ||
    known.did === did ||
    ports.trust.mayIssue({ issuer: did, vct, ...proven }).decision === 'trusted'
  const accepted = acceptCopies(judged, { credentialId: id, keys, vct, isIssuer })
  const { copies, issuer } = accepted
  const used = new Set(copies.map(({ keyId }) => keyId))
  // Before the commit: were it the other way round, an interruption would leave keys that nobody names.
  await ports.keys.forget(keys.flatMap(({ keyId }) => (used.has(keyId) ? [] : keyId)))
  const record = recordOf({ id, issuance, accepted }, ports.now())
  const kept = await ports.store.commit([
    ...keepCredential(record, copies),
    rememberIssuer(issuerKey, { credentialIssuer, did: issuer }),
    logged({ at: record.receivedAt, event: 'received', credentialIssuer, vct, copies: copies.length }),
    ...endIssuance({ id, issuance }),
  ])
  if (!kept.ok)
    throw new HolderError('state_contended', 'The credential could not be kept; resume the issuance')
  return record
}

function recordOf(
  {
    id,
    issuance,
    accepted,
  }: { readonly id: string; readonly issuance: Finished; readonly accepted: Accepted },
  now: number,
): CredentialRecord {
  const { vct, credential_metadata } = configurationOf(issuance)
  const names = namesOf(accepted.type, credential_metadata?.display)
  const [first] = names
  const extended = accepted.type?.extends ?? []
  return {
    credentialId: id,
    credentialIssuer: issuance.offer.credential_issuer,
    issuer: accepted.issuer,
    vct,
    ...(extended.length === 0 ? {} : { extended }),
    configurationId: configurationId(issuance),
    receivedAt: now,
    ...(first === undefined ? {} : { name: first.name, names }),
    ...(accepted.undisclosed === 0 ? {} : { undisclosed: accepted.undisclosed }),
    ...(accepted.expiresAt === undefined ? {} : { expiresAt: accepted.expiresAt }),
  }
}

async function judgeAll(
  issuance: Finished,
  { ports, settings }: Holding,
): Promise<readonly (JudgedCopy & Judged)[]> {
  const expected: Expectations = {
    now: ports.now(),
    skewSeconds: settings.clockSkew,
    algs: settings.algs,
    keyBinding: { binding: 'forbidden' },
    status: settings.status,
    requiredClaims: settings.requiredClaims,
    withheldLimits: settings.withheldLimits,
    issuerKeys: settings.issuerKeys,
    ...(settings.typeMetadata === 'ignored'
      ? {}
      : { typeMetadata: { need: settings.typeMetadata, disclosures: 'all' } }),
  }
  // The person agreed to this credential issuer, so whoever no list forbids is accepted.
  const mayIssue: MayIssue = async (question) => {
    const evidence = await federated(question.by === 'jwt_vc_issuer' ? question.issuer : '', ports)
    const { decision, why } = ports.trust.mayIssue({ ...question, ...evidence })
    return decision === 'undetermined'
      ? { decision: 'trusted', why: 'The person accepted this issuer' }
      : { decision, why }
  }
  const judged: (JudgedCopy & Judged)[] = []
  for (const compact of issuance.credentials)
    judged.push({ compact, ...(await judge(compact, expected, { ports, mayIssue })) })
  return judged
}
