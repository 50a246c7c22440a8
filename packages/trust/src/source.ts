/** One of several who have a say: a configuration, a signed list, a block list. */
import type { AskQuestion, IssueQuestion } from './decide.ts'

/**
 * `nothing`: it does not vouch for the party, which others may. `blocked`: nobody else may either.
 * `undetermined`: it would have something to say, but could not be heard.
 */
export interface SourceAnswer {
  readonly says: 'trusted' | 'nothing' | 'blocked' | 'undetermined'
  /** A sentence that is safe to show. */
  readonly why: string
  /** What a registrar says that the claims are for. */
  readonly purpose?: string
}

export interface TrustSource {
  /** What the operator calls it: it stands beside its sentence in an explanation. */
  readonly name: string
  /** Whether it may block. If it may, and is not heard, nobody is trusted. */
  readonly mayBlock: boolean
  /** @param now seconds since the epoch */
  issue(question: IssueQuestion, now: number): SourceAnswer
  ask(question: AskQuestion, now: number): SourceAnswer
  /**
   * Whether it is about an issuer by this very name, as text: then the name was chosen by whoever made the source, and
   * an address may be called. Absent: it names nobody.
   */
  namesIssuer?(issuer: string): boolean
}

/**
 * A source that could not be heard: a list that was never fetched, or whose signature does not hold.
 *
 * @param why a sentence that is safe to show
 */
export function unheardSource(name: string, mayBlock: boolean, why: string): TrustSource {
  const answer = (): SourceAnswer => ({ says: 'undetermined', why })
  return { name, mayBlock, issue: answer, ask: answer }
}
