/** Answers the questions of a judgement from material, and notes what was used. */
import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { readPublicJwk } from '@facet-id/credential/jose'
import type { Answer, KeyReference, Question } from '@facet-id/credential/sd-jwt-vc'
import { type AuthorityFacts, DID_AUTHORITY } from '@facet-id/protocol/openid4vp/dcql'
import { type Evidence, entitiesOf } from '@facet-id/trust'
import { freshest, hasEnded, staleness, usedOf } from './freshness.ts'
import type { Known, KnownKey, MaterialAtHand, MaterialKind, Used } from './material.ts'
import { statusFrom } from './status.ts'

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
      const its = material.types?.filter(({ vct }) => vct === question.vct) ?? []
      const [known] = freshest(its, at.now)
      const why =
        known === undefined ? 'No document about the type was given.' : unfitness('type', known, material, at)
      if (known === undefined || why !== undefined) return { to: 'type_metadata', undetermined: why ?? '' }
      note(at, { kind: 'type', of: known.vct, asOf: known.asOf })
      return { to: 'type_metadata', document: known.document }
    }
    case 'status': {
      const { answer, used } = statusFrom(material, question, at.now)
      if (used !== undefined) at.notes.used.push(used)
      return { to: 'status', ...answer }
    }
  }
}

type At = Parameters<typeof answerQuestion>[2]

function issuerKey(
  reference: Extract<Question, { readonly ask: 'issuer_key' }>,
  material: MaterialAtHand,
  at: At,
): Answer {
  if (reference.by === 'did' && reference.issuer.startsWith('did:jwk:')) return ofItself(reference, at)
  const its = material.keys.filter((one) => isNamed(one, reference))
  const [known] = freshest(its, at.now)
  if (known === undefined) return { to: 'issuer_key', undetermined: 'The key of the issuer was not given.' }
  const why = unfitness('issuer_key', known, material, at)
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
  const why = unfitness('trust', material.trust, material, at)
  if (why !== undefined) return { to: 'trust', decision: 'undetermined', why }
  note(at, { kind: 'trust', asOf: material.trust.asOf })
  const its = material.trust.federations?.filter(({ entityId }) => entityId === question.issuer) ?? []
  const [federation] = freshest(its, at.now)
  const old = federation && unfitness('trust', federation, material, at)
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

/** Why something is not to be gone by; absent where nothing is in the way. */
function unfitness(
  kind: MaterialKind,
  known: Known,
  { maxAge = {} }: MaterialAtHand,
  { now }: At,
): string | undefined {
  if (hasEnded(known, now)) return 'What is known of this has ended: its time is over.'
  return staleness(kind, known, { maxAge, now })
}

function note({ now, notes }: At, used: Omit<Used, 'age'>): void {
  notes.used.push(usedOf(used, now))
}
