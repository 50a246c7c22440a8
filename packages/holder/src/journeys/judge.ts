/** Judges one credential: answers the questions of the judgement from the ports, one after the other. */
import type { MaybePromise } from '@facet-id/credential/jose'
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
import type { Evidence } from '@facet-id/trust'
import type { HolderPorts } from '../ports.ts'

/** @param mayIssue whether this issuer is one that the person, or a list, accepts for that type */
export async function judge(
  compact: string,
  expected: Expectations,
  { ports, mayIssue }: { ports: HolderPorts; mayIssue: MayIssue },
): Promise<Judged> {
  let judgement = beginJudgement(compact, expected, ports.hash)
  let proven: Proven = {}
  for (let question = nextQuestion(judgement); question !== undefined; question = nextQuestion(judgement)) {
    if (question.ask === 'issuer_key') {
      const { certificate, ...answer } = await issuerKey(question, ports)
      proven = certificate === undefined ? {} : { certificate }
      judgement = takeAnswer(judgement, { to: 'issuer_key', ...answer })
    } else {
      judgement = takeAnswer(judgement, await answerTo(question, proven, { ports, mayIssue }))
    }
  }
  return { report: reportOf(judgement), ...proven }
}

/** What was proven of the issuer besides its key and its name. */
type Proven = Pick<Evidence, 'certificate'>

export interface Judged extends Proven {
  readonly report: Report
}

export type MayIssue = (
  question: Extract<Question, { readonly ask: 'trust' }> & Proven,
) => MaybePromise<Omit<Extract<Answer, { readonly to: 'trust' }>, 'to'>>

async function answerTo(
  question: Exclude<Question, { readonly ask: 'issuer_key' }>,
  proven: Proven,
  { ports, mayIssue }: { readonly ports: HolderPorts; readonly mayIssue: MayIssue },
): Promise<Answer> {
  switch (question.ask) {
    case 'verdicts':
      return { to: 'verdicts', verdicts: await ports.checkSignatures(question.checks) }
    case 'trust':
      return { to: 'trust', ...(await mayIssue({ ...question, ...proven })) }
    case 'type_metadata':
      return { to: 'type_metadata', ...((await ports.typeMetadataOf?.(question)) ?? noTypes) }
    case 'status':
      return { to: 'status', ...(await ports.statusOf({ ...question, ...proven })) }
  }
}

const noTypes = { undetermined: 'Documents about types are not looked up here.' } as const

async function issuerKey(reference: KeyReference, ports: HolderPorts): Promise<IssuerKeyAnswer & Proven> {
  if (reference.by !== 'did') {
    return ports.issuerKeyOf?.(reference) ?? { undetermined: 'Issuers are known by their DIDs only here.' }
  }
  const { issuer, kid } = reference
  const answer = await ports.resolveKey({ did: issuer, kid, relationship: 'assertionMethod' })
  return 'key' in answer ? { ...answer, issuer } : answer
}
