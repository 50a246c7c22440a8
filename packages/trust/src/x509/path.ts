/**
 * Judging a chain of certificates (RFC 5280 §6.1; HAIP 1.0 §4 to §6): whose key is this, and who vouches
 * for it?
 *
 * read → party, order → anchors that may have issued the last → signatures → rules → revocation → outcome
 *
 * Nothing here verifies: `beginPath` says which signatures must hold, the caller has them checked, and
 * `judgePath` takes the verdicts in. An anchor is never taken from the chain itself.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { Hash, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import type { Certificate } from '../certificate/certificate.ts'
import { TrustError } from '../error.ts'
import type { CertificateIdentity } from '../identity.ts'
import { findChainFault, isIssuedBy, readChain, withoutAnchors } from './chain.ts'
import { namesIn } from './client-id.ts'
import { findRuleFault } from './path-checks.ts'
import { fault, type PathFault, type PathOutcome } from './path-outcome.ts'
import type { PathRules } from './path-rules.ts'
import { findRevocation, type Revocation } from './revocation.ts'
import { checksOfRoute, isPaired, type Route, routeTo } from './route.ts'

/** How far a chain has come. */
export type PathJudgement =
  | {
      readonly has: 'routes'
      readonly routes: readonly Route[]
      readonly rules: PathRules
      readonly notes: readonly string[]
    }
  | { readonly has: 'outcome'; readonly outcome: PathOutcome }

const maxRoutes = 8

/** Begins with the certificates as received, leaf first. Whatever they hold, nothing is thrown. */
export function beginPath(x5c: readonly Uint8Array[], rules: PathRules): PathJudgement {
  const read = readChain(x5c)
  if ('code' in read) return refused(read)
  const { sent, notes } = withoutAnchors(read, rules)
  const broken = findChainFault(sent, notes, rules)
  if (broken !== undefined) return refused(broken)
  const routes = rules.anchors
    .filter(({ certificate }) => isIssuedBy(sent.at(-1), certificate))
    .slice(0, maxRoutes)
    .map((anchor) => routeTo(anchor, sent, rules))
  if (routes.length > 0) return { has: 'routes', routes, rules, notes }
  const why = 'The chain leads to no authority that is trusted here.'
  return refused(fault(sent.length - 1, 'anchor_unknown', why))
}

/** The signatures that must hold; none when there is an outcome already. */
export function checksOfPath(judgement: PathJudgement): readonly SignatureCheck[] {
  return judgement.has === 'routes' ? judgement.routes.flatMap(checksOfRoute) : []
}

/**
 * Takes in one verdict for each check, in order.
 *
 * @throws {TrustError} `not_ready` for another number of verdicts
 */
export function judgePath(judgement: PathJudgement, verdicts: readonly Verdict[], hash: Hash): PathOutcome {
  if (verdicts.length !== checksOfPath(judgement).length) {
    throw new TrustError('not_ready', 'A path takes one verdict for each signature it asked about')
  }
  if (judgement.has === 'outcome') return judgement.outcome
  let rest = verdicts
  let first: PathOutcome | undefined
  for (const route of judgement.routes) {
    const count = checksOfRoute(route).length
    const outcome = judgeRoute(route, rest.slice(0, count), judgement, hash)
    rest = rest.slice(count)
    if (outcome.outcome === 'proven') return outcome
    // Of two anchors of one name, the one whose signature holds has more to say.
    if (first === undefined || ('code' in first && first.code === 'signature_invalid')) first = outcome
  }
  return first ?? { outcome: 'refused', ...fault(0, 'anchor_unknown', 'The chain leads nowhere.') }
}

function judgeRoute(
  route: Route,
  verdicts: readonly Verdict[],
  { rules, notes }: Extract<PathJudgement, { readonly has: 'routes' }>,
  hash: Hash,
): PathOutcome {
  const links = route.certificates.length - 1
  const paired = checksOfRoute(route).map(isPaired)
  const held = verdicts.map((verdict, at) => verdict === 'valid' && paired[at] === true)
  const broken = held.slice(0, links).indexOf(false)
  if (broken >= 0) {
    const why = 'The signature of a certificate does not hold: it is not from the authority that it names.'
    return { outcome: 'refused', ...fault(broken, 'signature_invalid', why) }
  }
  const ruled = findRuleFault(route.certificates, rules)
  if (ruled !== undefined) return { outcome: 'refused', ...ruled }
  const revocation = findRevocation(route, held.slice(links), rules)
  if ('code' in revocation) {
    return { outcome: revocation.code === 'revoked' ? 'refused' : 'undetermined', ...revocation }
  }
  return proven(route, revocation, { notes, hash })
}

function proven(
  { certificates, anchor }: Route,
  { validUntil, notes }: Revocation,
  given: { readonly notes: readonly string[]; readonly hash: Hash },
): PathOutcome {
  const [leaf = anchor.certificate] = certificates
  const identifiers = certificates
    .slice(0, -1)
    .flatMap(({ extensions }) => extensions.authorityKeyIdentifier ?? [])
  return {
    outcome: 'proven',
    key: leaf.key,
    identity: identityOf(leaf, anchor.id, given.hash),
    authorityKeyIdentifiers: identifiers.map(writeBase64url),
    validUntil: Math.min(validUntil, ...certificates.map(({ notAfter }) => notAfter)),
    notes: [...given.notes, ...notes],
  }
}

function identityOf(leaf: Certificate, anchor: string, hash: Hash): CertificateIdentity {
  const names = leaf.extensions.subjectAltNames
  return {
    anchor,
    subject: leaf.subject.text,
    ...namesIn(leaf, hash),
    sanUris: names.flatMap((name) => (name.kind === 'uri' ? [name.name] : [])),
  }
}

function refused(of: PathFault): PathJudgement {
  return { has: 'outcome', outcome: { outcome: 'refused', ...of } }
}
