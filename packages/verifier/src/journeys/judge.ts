/** Judges one presentation: answers the questions of the judgement from the ports, then asks the query. */
import { findMember } from '@facet-id/credential/json'
import {
  type Answer,
  beginJudgement,
  type Expectations,
  type Judgement,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import { type AuthorityFacts, type CredentialQuery, DID_AUTHORITY } from '@facet-id/protocol/openid4vp/dcql'
import { type Evidence, entitiesOf } from '@facet-id/trust'
import { VerifierError } from '../error.ts'
import { expectationsFor, type RequestFacts } from '../judging/expectations.ts'
import { type QueryReport, queryReport } from '../judging/query-report.ts'
import type { VerifierPorts } from '../ports.ts'
import type { Verifying } from '../verifying.ts'
import { type Issuing, issuerKey, type Proven } from './issuer-key.ts'

export interface Asked extends Pick<RequestFacts, 'nonce' | 'audience'> {
  readonly query: CredentialQuery
}

export interface JudgedAnswer {
  readonly report: QueryReport
  /** Whether its issuer signed it, and is not believed here for the type that it says it is of. */
  readonly isOfStranger: boolean
}

/** @throws {VerifierError} `port_failed` */
export async function judgePresentation(
  presentation: string,
  { query, ...asked }: Asked,
  { ports, settings }: Verifying,
): Promise<JudgedAnswer> {
  const facts = { ...asked, now: ports.now(), settings }
  const expected = expectationsFor(presentation, query, facts)
  const { report, authorities, isOfStranger } = await judge(presentation, ports, expected)
  return { report: queryReport(report, query, { authorities }), isOfStranger }
}

interface Judged {
  readonly report: Report
  /** Who stands behind the issuer, as far as it was proven. */
  readonly authorities: AuthorityFacts
  readonly isOfStranger: boolean
}

async function judge(compact: string, ports: VerifierPorts, expected: Expectations): Promise<Judged> {
  let judgement = beginJudgement(compact, expected, ports.hash)
  let proven: Proven & Pick<Evidence, 'federation'> = {}
  let issuer: TrustQuestion | undefined
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    const vcts = expected.vcts ?? claimedType(judgement)
    const { answer, ...found } = await answerTo(question, proven, { ports, vcts })
    proven = { ...proven, ...found }
    issuer ??= trustQuestion(question, answer, claimedType(judgement))
    judgement = takeAnswer(judgement, answer)
  }
  const report = reportOf(judgement)
  const isOfStranger = await isUnbelieved(report, { issuer, proven }, { ports, vcts: [] })
  return { report, authorities: authoritiesOf(report, proven), isOfStranger }
}

type TrustQuestion = Extract<Question, { readonly ask: 'trust' }>

/** What would be asked about the issuer whose key was found, however the judgement goes on. */
function trustQuestion(
  question: Question,
  answer: Answer,
  [vct]: readonly string[],
): TrustQuestion | undefined {
  if (question.ask !== 'issuer_key' || answer.to !== 'issuer_key' || !('key' in answer)) return undefined
  const beside = question.by === 'x5c' && question.issuer !== undefined ? { claimed: question.issuer } : {}
  return { ask: 'trust', issuer: answer.issuer, by: question.by, vct: vct ?? '', ...beside }
}

/** A report that comes to its end before trust leaves it open: anybody can sign what has expired, or is of no type. */
async function isUnbelieved(
  { checks }: Report,
  { issuer, proven }: { readonly issuer: TrustQuestion | undefined; readonly proven: Proven },
  issuing: Issuing,
): Promise<boolean> {
  const outcomeOf = (code: string): string | undefined => checks.find((check) => check.code === code)?.outcome
  if (issuer === undefined || outcomeOf('issuer_signature') !== 'pass') return false
  if (outcomeOf('trust') !== 'skipped') return outcomeOf('trust') !== 'pass'
  const { answer } = await answerTo(issuer, proven, issuing)
  return !('decision' in answer) || answer.decision !== 'trusted'
}

/** The type that a credential says it is of: enough to ask whether its issuer could be believed for it. */
function claimedType(judgement: Judgement): readonly string[] {
  if (judgement.has !== 'presentation') return []
  const vct = findMember(judgement.presentation.issuerSigned.payload, 'vct')
  return typeof vct === 'string' ? [vct] : []
}

function authoritiesOf(
  { credential }: Report,
  { authorityKeyIdentifiers, federation }: Proven & Pick<Evidence, 'federation'>,
): AuthorityFacts {
  return {
    ...(authorityKeyIdentifiers === undefined ? {} : { aki: authorityKeyIdentifiers }),
    ...(federation === undefined ? {} : { openid_federation: entitiesOf(federation) }),
    ...(credential?.issuerKnownBy === 'did' ? { [DID_AUTHORITY]: [credential.issuer] } : {}),
  }
}

interface Answered extends Proven, Pick<Evidence, 'federation'> {
  readonly answer: Answer
}

/** What a port rejects with is ours, whatever its code: the peer must not be told that it was at fault. */
async function answerTo(question: Question, proven: Proven, issuing: Issuing): Promise<Answered> {
  try {
    if (question.ask === 'trust') return await trusted(question, proven, issuing.ports)
    if (question.ask !== 'issuer_key') return { answer: await ask(question, proven, issuing.ports) }
    const { certificate, authorityKeyIdentifiers, ...answer } = await issuerKey(question, issuing)
    return {
      answer: { to: 'issuer_key', ...answer },
      ...(certificate === undefined ? {} : { certificate }),
      ...(authorityKeyIdentifiers === undefined ? {} : { authorityKeyIdentifiers }),
    }
  } catch (cause) {
    throw new VerifierError('port_failed', `The verifier could not find out: ${question.ask}`, { cause })
  }
}

async function ask(
  question: Exclude<Question, { readonly ask: 'issuer_key' | 'trust' }>,
  { certificate }: Proven,
  ports: VerifierPorts,
): Promise<Answer> {
  switch (question.ask) {
    case 'verdicts':
      return { to: 'verdicts', verdicts: await ports.checkSignatures(question.checks) }
    case 'type_metadata':
      return { to: 'type_metadata', ...((await ports.typeMetadataOf?.(question)) ?? noTypes) }
    case 'status':
      return {
        to: 'status',
        ...(await ports.statusOf({ ...question, ...(certificate === undefined ? {} : { certificate }) })),
      }
  }
}

async function trusted(
  question: TrustQuestion,
  { certificate }: Proven,
  ports: VerifierPorts,
): Promise<Answered> {
  const federation = await federated(question, ports)
  const evidence = { ...(certificate === undefined ? {} : { certificate }), ...federation }
  return { answer: { to: 'trust', ...ports.trust.mayIssue({ ...question, ...evidence }) }, ...federation }
}

/** An issuer that is known by its address may be a member of a federation under it. */
async function federated(
  { issuer, by }: TrustQuestion,
  { federationOf }: VerifierPorts,
): Promise<Pick<Evidence, 'federation'>> {
  const federation = by === 'jwt_vc_issuer' ? await federationOf?.({ entityId: issuer }) : undefined
  return federation === undefined ? {} : { federation }
}

const noTypes = { undetermined: 'Documents about types are not looked up here.' } as const
