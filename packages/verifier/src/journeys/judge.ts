/** Judges one presentation: answers the questions of the judgement from the ports, then asks the query. */
import {
  type Answer,
  beginJudgement,
  type Expectations,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import type { CredentialQuery } from '@facet-id/protocol/openid4vp'
import type { Evidence } from '@facet-id/trust'
import { VerifierError } from '../error.ts'
import type { VerifierPorts } from '../ports.ts'
import { type QueryReport, queryReport } from '../query-report.ts'
import type { Verifying } from '../verifying.ts'
import { type Issuing, issuerKey, type Proven } from './issuer-key.ts'

export interface Asked {
  readonly query: CredentialQuery
  readonly nonce: string
}

/** @throws {VerifierError} `port_failed` */
export async function judgePresentation(
  presentation: string,
  { query, nonce }: Asked,
  { ports, settings }: Verifying,
): Promise<QueryReport> {
  const report = await judge(presentation, ports, {
    now: ports.now(),
    skewSeconds: settings.clockSkew,
    algs: settings.algs,
    keyBinding: {
      binding: 'required',
      nonce,
      audience: settings.client_id,
      maxAgeSeconds: settings.keyBindingMaxAge,
    },
    vcts: query.meta.vct_values,
    status: settings.status,
    requiredClaims: settings.requiredClaims,
    withheldLimits: settings.withheldLimits,
    issuerKeys: settings.issuerKeys,
    ...(settings.typeMetadata === 'ignored'
      ? {}
      : { typeMetadata: { need: settings.typeMetadata, disclosures: 'some' } }),
  })
  return queryReport(report, query)
}

async function judge(compact: string, ports: VerifierPorts, expected: Expectations): Promise<Report> {
  let judgement = beginJudgement(compact, expected, ports.hash)
  let proven: Proven = {}
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    const { answer, ...found } = await answerTo(question, proven, { ports, vcts: expected.vcts ?? [] })
    if (question.ask === 'issuer_key') proven = found
    judgement = takeAnswer(judgement, answer)
  }
  return reportOf(judgement)
}

interface Answered extends Proven {
  readonly answer: Answer
}

/** What a port rejects with is ours, whatever its code: the peer must not be told that it was at fault. */
async function answerTo(question: Question, proven: Proven, issuing: Issuing): Promise<Answered> {
  try {
    if (question.ask !== 'issuer_key') return { answer: await ask(question, proven, issuing.ports) }
    const { certificate, ...answer } = await issuerKey(question, issuing)
    return { answer: { to: 'issuer_key', ...answer }, ...(certificate === undefined ? {} : { certificate }) }
  } catch (cause) {
    throw new VerifierError('port_failed', `The verifier could not find out: ${question.ask}`, { cause })
  }
}

async function ask(
  question: Exclude<Question, { readonly ask: 'issuer_key' }>,
  proven: Proven,
  ports: VerifierPorts,
): Promise<Answer> {
  switch (question.ask) {
    case 'verdicts':
      return { to: 'verdicts', verdicts: await ports.checkSignatures(question.checks) }
    case 'trust':
      return {
        to: 'trust',
        ...ports.trust.mayIssue({ ...question, ...proven, ...(await federated(question, ports)) }),
      }
    case 'type_metadata':
      return { to: 'type_metadata', ...((await ports.typeMetadataOf?.(question)) ?? noTypes) }
    case 'status':
      return { to: 'status', ...(await ports.statusOf({ ...question, ...proven })) }
  }
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
