/** Judges one presentation: answers the questions of the judgement from the ports, then asks the query. */
import {
  type Answer,
  beginJudgement,
  type Expectations,
  type IssuerKeyAnswer,
  type KeyReference,
  nextQuestion,
  type Question,
  type Report,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import type { CredentialQuery } from '@facet-id/protocol/openid4vp'
import { VerifierError } from '../error.ts'
import type { VerifierPorts } from '../ports.ts'
import { type QueryReport, queryReport } from '../query-report.ts'
import type { Verifying } from '../verifying.ts'

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
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, await answerTo(question, ports))
  }
  return reportOf(judgement)
}

/** What a port rejects with is ours, whatever its code: the peer must not be told that it was at fault. */
async function answerTo(question: Question, ports: VerifierPorts): Promise<Answer> {
  try {
    return await ask(question, ports)
  } catch (cause) {
    throw new VerifierError('port_failed', `The verifier could not find out: ${question.ask}`, { cause })
  }
}

async function ask(question: Question, ports: VerifierPorts): Promise<Answer> {
  switch (question.ask) {
    case 'issuer_key':
      return { to: 'issuer_key', ...(await issuerKey(question, ports)) }
    case 'verdicts':
      return { to: 'verdicts', verdicts: await ports.checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', ...ports.trust.mayIssue(question) }
    case 'type_metadata':
      return { to: 'type_metadata', ...((await ports.typeMetadataOf?.(question)) ?? noTypes) }
    case 'status':
      return { to: 'status', ...(await ports.statusOf(question)) }
  }
}

const noTypes = { undetermined: 'Documents about types are not looked up here.' } as const

async function issuerKey(reference: KeyReference, ports: VerifierPorts): Promise<IssuerKeyAnswer> {
  if (reference.by !== 'did') {
    return ports.issuerKeyOf?.(reference) ?? { undetermined: 'Issuers are known by their DIDs only here.' }
  }
  const { issuer, kid } = reference
  const answer = await ports.resolveKey({ did: issuer, kid, relationship: 'assertionMethod' })
  return 'key' in answer ? { ...answer, issuer } : answer
}
