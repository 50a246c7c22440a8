/** A source of trust that is rules: of the operator, or of a list that somebody signed. */
import { type Claimed, claimedByIssuer, claimedByVerifier, isBlocked } from './blocked.ts'
import type { AskQuestion, IssueQuestion } from './decide.ts'
import { isParty, type Proven } from './party.ts'
import { type PartyRules, type PartyVerifierRule, readPartyRules } from './party-rules.ts'
import { findOverAsking } from './registration/over-asking.ts'
import { judgeAsking } from './registration/registration.ts'
import type { SourceAnswer, TrustSource } from './source.ts'
import { isClientOf } from './x509/client-id.ts'

export interface RuleSourceOptions {
  /** Until when the rules may be believed, seconds since the epoch; absent: without end. */
  readonly expiresAt?: number
}

/**
 * Makes a source of rules. After their end the rules vouch for nobody, and can no longer say that somebody
 * is not among them; whom they blocked stays blocked. What is changed in `rules` afterwards changes nothing.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function createRuleSource(
  name: string,
  rules: PartyRules,
  { expiresAt = Number.POSITIVE_INFINITY }: RuleSourceOptions = {},
): TrustSource {
  const { issuers, verifiers, blocked } = readPartyRules(rules)
  const judge = (claimed: Claimed, now: number, found: () => SourceAnswer): SourceAnswer => {
    if (blocked.some((party) => isBlocked(party, claimed)))
      return { says: 'blocked', why: 'The party is on a block list.' }
    if (now >= expiresAt)
      return { says: 'undetermined', why: 'The list has expired, and no newer one is here.' }
    return found()
  }
  const ids = new Set(issuers.flatMap(({ party }) => ('id' in party ? [party.id] : [])))
  return {
    name,
    mayBlock: blocked.length > 0,
    namesIssuer: (issuer) => ids.has(issuer),
    issue: (question, now) =>
      judge(claimedByIssuer(question), now, () => {
        const found = issuers.filter(({ party }) => isParty(party, issuerOf(question)))
        if (found.length === 0) return nothing('The issuer is not among the issuers that are trusted.')
        return found.some(({ vcts }) => vcts === 'any' || vcts.includes(question.vct))
          ? { says: 'trusted', why: 'The issuer is trusted for credentials of this type.' }
          : nothing('The issuer is trusted, but not for credentials of this type.')
      }),
    ask: (question, now) =>
      judge(claimedByVerifier(question), now, () => {
        if (isAboutAnother(question)) return nothing(aboutAnother)
        const answers = verifiers
          .filter(({ party }) => isParty(party, verifierOf(question)))
          .map((rule) => answerOf(rule, question))
        const [first = nothing('The verifier is not among the verifiers that are trusted.')] = answers
        return answers.find(({ says }) => says === 'trusted') ?? first
      }),
  }
}

function answerOf(rule: PartyVerifierRule, { claims }: AskQuestion): SourceAnswer {
  if ('claims' in rule) {
    return findOverAsking(claims, rule.claims).length === 0
      ? { says: 'trusted', why: 'The verifier is trusted, for these claims.' }
      : nothing('The verifier is trusted, but not for all of these claims.')
  }
  const coverage = judgeAsking(claims, rule.purposes)
  return coverage.covered
    ? {
        says: 'trusted',
        why: 'The verifier is registered for a purpose that needs these claims.',
        purpose: coverage.purpose,
      }
    : nothing('The verifier is registered, but for no purpose that needs all of these claims.')
}

const aboutAnother = 'What was proven is about another party, or not about this one.'

/** Evidence about somebody else proves nothing of this verifier, and some names are nothing without evidence. */
function isAboutAnother({ clientId, certificate, federation }: AskQuestion): boolean {
  if (certificate !== undefined && !isClientOf(clientId, certificate)) return true
  if (federation !== undefined && clientId !== `${federationPrefix}${federation.entityId}`) return true
  const needsCertificate = /^x509_(?:hash|san_dns):/.test(clientId)
  const needsFederation = clientId.startsWith(federationPrefix)
  return (needsCertificate && certificate === undefined) || (needsFederation && federation === undefined)
}

const federationPrefix = 'openid_federation:'

/**
 * Beside a certificate, `iss` is what the issuer says of itself: the key was proven for the names that the
 * anchor vouches for, and for no other. Beside a federation it must be the entity that was proven.
 */
function issuerOf({ issuer, certificate, federation }: IssueQuestion): Proven {
  const name = certificate === undefined ? issuer : ''
  const isEntity = federation?.entityId === issuer
  return { name, full: name, ...evidence({ certificate, federation: isEntity ? federation : undefined }) }
}

const didPrefix = 'decentralized_identifier:'

function verifierOf({ clientId, certificate, federation }: AskQuestion): Proven {
  const name = clientId.startsWith(didPrefix) ? clientId.slice(didPrefix.length) : ''
  return { name, full: clientId, ...evidence({ certificate, federation }) }
}

function evidence(of: {
  readonly certificate: IssueQuestion['certificate'] | undefined
  readonly federation: IssueQuestion['federation'] | undefined
}): Pick<Proven, 'certificate' | 'federation'> {
  return {
    ...(of.certificate === undefined ? {} : { certificate: of.certificate }),
    ...(of.federation === undefined ? {} : { federation: of.federation }),
  }
}

function nothing(why: string): SourceAnswer {
  return { says: 'nothing', why }
}
