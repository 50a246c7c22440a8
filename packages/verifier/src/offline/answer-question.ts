/** Answers the questions of a judgement from material, and notes what was used. */
import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { readPublicJwk } from '@facet-id/credential/jose'
import type { Answer, KeyReference, Question } from '@facet-id/credential/sd-jwt-vc'
import { statusAt } from '@facet-id/credential/status-list'
import { type AuthorityFacts, DID_AUTHORITY } from '@facet-id/protocol/openid4vp/dcql'
import { type Evidence, entitiesOf } from '@facet-id/trust'
import type { Known, KnownKey, MaterialAtHand, MaterialKind, Used } from './material.ts'

/** What a judgement has come by so far. */
export interface Notes {
  readonly used: Used[]
  evidence: Evidence
  authorities: AuthorityFacts
}

export function answerQuestion(
  question: Exclude<Question, { readonly ask: 'verdicts' }>,
  material: MaterialAtHand,
  at: { now: number; notes: Notes },
): Answer {
  switch (question.ask) {
    case 'issuer_key':
      return issuerKey(question, material, at)
    case 'trust':
      return trust(question, material, at)
    case 'type_metadata': {
      const known = material.types?.find(({ vct }) => vct === question.vct)
      const why =
        known === undefined ? 'No document about the type was given.' : staleness('type', known, material, at)
      if (known === undefined || why !== undefined) return { to: 'type_metadata', undetermined: why ?? '' }
      note(at, { kind: 'type', of: known.vct, asOf: known.asOf })
      return { to: 'type_metadata', document: known.document }
    }
    case 'status':
      return status(question, material, at)
  }
}

type At = Parameters<typeof answerQuestion>[2]

function issuerKey(
  reference: Extract<Question, { readonly ask: 'issuer_key' }>,
  material: MaterialAtHand,
  at: At,
): Answer {
  if (reference.by === 'did' && reference.issuer.startsWith('did:jwk:')) return ofItself(reference, at)
  const known = material.keys.find((one) => isNamed(one, reference))
  if (known === undefined) return { to: 'issuer_key', undetermined: 'The key of the issuer was not given.' }
  const why = staleness('issuer_key', known, material, at)
  if (why !== undefined) return { to: 'issuer_key', undetermined: why }
  note(at, { kind: 'issuer_key', of: known.issuer, asOf: known.asOf })
  if (known.certificate !== undefined) at.notes.evidence = { certificate: known.certificate }
  at.notes.authorities = { ...didOf(reference), ...known.authorities }
  return { to: 'issuer_key', key: known.key, issuer: known.issuer }
}

/** A key that its DID says itself is never old. */
function ofItself({ issuer, kid }: Extract<KeyReference, { readonly by: 'did' }>, { notes }: At): Answer {
  try {
    const method = findVerificationMethod(resolveDidJwk(issuer), kid, 'assertionMethod')
    if (method === undefined) return { to: 'issuer_key', refused: 'The DID has no such key for issuing.' }
    notes.authorities = { [DID_AUTHORITY]: [issuer] }
    return { to: 'issuer_key', key: readPublicJwk(method.publicKeyJwk), issuer }
  } catch {
    return { to: 'issuer_key', refused: 'The DID of the issuer is none that can be read.' }
  }
}

function didOf({ by, issuer }: KeyReference): AuthorityFacts {
  return by === 'did' ? { [DID_AUTHORITY]: [issuer] } : {}
}

function isNamed({ reference: known }: KnownKey, wanted: KeyReference): boolean {
  if (known.by === 'x5c') return wanted.by === 'x5c' && areSame(known.chain, wanted.chain)
  if (known.by === 'did')
    return wanted.by === 'did' && known.issuer === wanted.issuer && known.kid === wanted.kid
  return (
    wanted.by === 'jwt_vc_issuer' &&
    known.issuer === wanted.issuer &&
    known.kid === wanted.kid &&
    known.alg === wanted.alg
  )
}

function areSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return (
    some.length === others.length &&
    some.every((bytes, at) => {
      const other = others[at]
      return other?.length === bytes.length && bytes.every((byte, place) => byte === other[place])
    })
  )
}

function trust(
  question: Extract<Question, { readonly ask: 'trust' }>,
  material: MaterialAtHand,
  at: At,
): Answer {
  const why = staleness('trust', material.trust, material, at)
  if (why !== undefined) return { to: 'trust', decision: 'undetermined', why }
  note(at, { kind: 'trust', asOf: material.trust.asOf })
  const federation = material.trust.federations?.find(({ entityId }) => entityId === question.issuer)
  const old = federation && staleness('trust', federation, material, at)
  if (old !== undefined) return { to: 'trust', decision: 'undetermined', why: old }
  if (federation !== undefined) note(at, { kind: 'trust', of: federation.entityId, asOf: federation.asOf })
  const evidence = { ...at.notes.evidence, ...(federation === undefined ? {} : { federation }) }
  if (federation !== undefined) {
    at.notes.authorities = {
      ...at.notes.authorities,
      openid_federation: entitiesOf(federation),
    }
  }
  return { to: 'trust', ...material.trust.mayIssue({ ...question, ...evidence }) }
}

function status(
  question: Extract<Question, { readonly ask: 'status' }>,
  material: MaterialAtHand,
  at: At,
): Answer {
  const { issuer, reference } = question
  const list = material.statusLists.find((one) => one.uri === reference.uri && one.issuer === issuer)
  if (list === undefined)
    return { to: 'status', undetermined: 'The status list of the issuer was not given.' }
  const why = staleness('status', list, material, at)
  if (why !== undefined) return { to: 'status', undetermined: why }
  note(at, { kind: 'status', of: list.uri, asOf: list.asOf })
  try {
    const value = statusAt(list.bytes, list.bits, reference.idx)
    return {
      to: 'status',
      status: value,
      ...(list.expiresAt === undefined ? {} : { listExpiresAt: list.expiresAt }),
    }
  } catch {
    return { to: 'status', refused: 'The status list has no such entry.' }
  }
}

/** Why something is too old to go by; absent where it is not. */
function staleness(
  kind: MaterialKind,
  { asOf }: Known,
  { maxAge = {} }: MaterialAtHand,
  { now }: At,
): string | undefined {
  const most = maxAge[kind]
  if (most === undefined || now - asOf <= most) return undefined
  return `What is known of this is ${now - asOf} seconds old, and ${most} are allowed.`
}

function note({ now, notes }: At, used: Omit<Used, 'age'>): void {
  notes.used.push({ ...used, age: Math.max(0, now - used.asOf) })
}
