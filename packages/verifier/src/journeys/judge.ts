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

/** @throws {VerifierError} `port_failed` */
export async function judgePresentation(
  presentation: string,
  { query, ...asked }: Asked,
  { ports, settings }: Verifying,
): Promise<QueryReport> {
  const facts = { ...asked, now: ports.now(), settings }
  const expected = expectationsFor(presentation, query, facts)
  const { report, authorities } = await judge(presentation, ports, expected)
  return queryReport(report, query, { authorities })
}

interface Judged {
  readonly report: Report
  /** Who stands behind the issuer, as far as it was proven. */
  readonly authorities: AuthorityFacts
}

async function judge(compact: string, ports: VerifierPorts, expected: Expectations): Promise<Judged> {
  let judgement = beginJudgement(compact, expected, ports.hash)
  let proven: Proven & Pick<Evidence, 'federation'> = {}
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    const vcts = expected.vcts ?? claimedType(judgement)
    const { answer, ...found } = await answerTo(question, proven, { ports, vcts })
    proven = { ...proven, ...found }
    judgement = takeAnswer(judgement, answer)
  }
  const report = reportOf(judgement)
  return { report, authorities: authoritiesOf(report, proven) }
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
  question: Extract<Question, { readonly ask: 'trust' }>,
  { certificate }: Proven,
  ports: VerifierPorts,
): Promise<Answered> {
  const federation = await federated(question, ports)
  const evidence = { ...(certificate === undefined ? {} : { certificate }), ...federation }
  return { answer: { to: 'trust', ...ports.trust.mayIssue({ ...question, ...evidence }) }, ...federation }
}

/** An issuer that is known by its address may be a member of a federation under it. */
async function federated(
  { issuer, by }: Extract<Question, { readonly ask: 'trust' }>,
  { federationOf }: VerifierPorts,
): Promise<Pick<Evidence, 'federation'>> {
  const federation = by === 'jwt_vc_issuer' ? await federationOf?.({ entityId: issuer }) : undefined
  return federation === undefined ? {} : { federation }
}

const noTypes = { undetermined: 'Documents about types are not looked up here.' } as const
