/**
 * Trust that several sources make together, and that can say why (decision 0013):
 *
 * blocked by one → no. A source that may block and was not heard → undetermined. Trusted by one → yes.
 * Another that was not heard → undetermined. Else no.
 */
import type { AskQuestion, IssueQuestion, Trust, TrustDecision } from './decide.ts'
import type { SourceAnswer, TrustSource } from './source.ts'

/** A decision, and what each source said, in their order. */
export interface Explanation extends TrustDecision {
  readonly steps: readonly Step[]
}

export interface Step {
  readonly source: string
  readonly says: SourceAnswer['says']
  readonly why: string
}

/** The port, and the same answers with their reasons. */
export interface ExplainedTrust extends Trust {
  explainIssue(question: IssueQuestion): Explanation
  explainAsk(question: AskQuestion): Explanation
}

/**
 * Puts sources together. Without any, nobody is trusted.
 *
 * @param sources a list stays as it is now; a function is asked for each question, where sources come and go
 * @param now the clock, seconds since the epoch
 */
export function createTrust(
  sources: readonly TrustSource[] | (() => readonly TrustSource[]),
  now: () => number,
): ExplainedTrust {
  const current = typeof sources === 'function' ? sources : always([...sources])
  const explainIssue = (question: IssueQuestion): Explanation => {
    const at = now()
    return composed(current().map((source) => ({ source, answer: source.issue(question, at) })))
  }
  const explainAsk = (question: AskQuestion): Explanation => {
    const at = now()
    return composed(current().map((source) => ({ source, answer: source.ask(question, at) })))
  }
  return {
    explainIssue,
    explainAsk,
    mayIssue: (question) => decisionOf(explainIssue(question)),
    mayAsk: (question) => decisionOf(explainAsk(question)),
  }
}

function always(sources: readonly TrustSource[]): () => readonly TrustSource[] {
  return () => sources
}

interface Heard {
  readonly source: TrustSource
  readonly answer: SourceAnswer
}

function composed(heard: readonly Heard[]): Explanation {
  const steps = heard.map(({ source, answer: { says, why } }) => ({ source: source.name, says, why }))
  return { ...concluded(heard), steps }
}

function concluded(heard: readonly Heard[]): TrustDecision {
  const said = (says: SourceAnswer['says'], among: readonly Heard[] = heard): SourceAnswer | undefined =>
    among.find(({ answer }) => answer.says === says)?.answer
  const blocked = said('blocked')
  if (blocked !== undefined) return { decision: 'not_trusted', why: blocked.why }
  const mute = said(
    'undetermined',
    heard.filter(({ source }) => source.mayBlock),
  )
  if (mute !== undefined) return { decision: 'undetermined', why: mute.why }
  const trusted = said('trusted')
  if (trusted !== undefined) {
    const { why, purpose } = trusted
    return { decision: 'trusted', why, ...(purpose === undefined ? {} : { purpose }) }
  }
  const unheard = said('undetermined')
  if (unheard !== undefined) return { decision: 'undetermined', why: unheard.why }
  return { decision: 'not_trusted', why: nearest(heard) }
}

/** With one source, its own sentence; with several, that none of them vouches. */
function nearest(heard: readonly Heard[]): string {
  const [only, ...more] = heard
  if (only === undefined) return 'Nobody is trusted here: no source of trust is configured.'
  return more.length === 0 ? only.answer.why : 'No source of trust vouches for this.'
}

function decisionOf({ decision, why, purpose }: Explanation): TrustDecision {
  return { decision, why, ...(purpose === undefined ? {} : { purpose }) }
}
