/** Followed documents as sources of trust: each question is answered by the edition that is believed at that moment. */
import { createRuleSource, type PartyRules, type TrustSource, unheardSource } from '@facet-id/trust'
import type { FollowedDocument } from './followed-document.ts'

/**
 * A followed list as a source. Until an edition was accepted it is not heard; since it may block somebody, nobody is
 * trusted meanwhile.
 */
export function listSource({
  name,
  believed,
  failure,
}: Pick<FollowedDocument<PartyRules>, 'name' | 'believed' | 'failure'>): TrustSource {
  let made: { readonly of: PartyRules; readonly expiresAt: number; readonly source: TrustSource } | undefined
  const current = (): TrustSource => {
    const edition = believed()
    if (edition === undefined) return unheardSource(name, true, whyUnheard(failure()))
    if (made?.of !== edition.content || made.expiresAt !== edition.expiresAt) {
      const { content: of, expiresAt } = edition
      made = { of, expiresAt, source: createRuleSource(name, of, { expiresAt }) }
    }
    return made.source
  }
  return live(name, current)
}

/** Beside anchors that a followed document gives, or needs: says so while it is not heard, and nothing otherwise. */
export function unheardWhileAbsent<Content>(
  { name, believed, failure }: Pick<FollowedDocument<Content>, 'name' | 'believed' | 'failure'>,
  now: () => number,
): TrustSource {
  return live(name, () => {
    const edition = believed()
    if (edition === undefined) return unheardSource(name, false, whyUnheard(failure()))
    return now() < edition.expiresAt
      ? silent(name)
      : unheardSource(name, false, 'What was published has expired, and nothing newer is here.')
  })
}

function live(name: string, current: () => TrustSource): TrustSource {
  return {
    name,
    get mayBlock() {
      return current().mayBlock
    },
    issue: (question, now) => current().issue(question, now),
    ask: (question, now) => current().ask(question, now),
    namesIssuer: (issuer) => current().namesIssuer?.(issuer) ?? false,
  }
}

function silent(name: string): TrustSource {
  const answer = () => ({ says: 'nothing', why: 'It is here, and vouches for anchors only.' }) as const
  return { name, mayBlock: false, issue: answer, ask: answer }
}

function whyUnheard(failure: string | undefined): string {
  return failure === undefined
    ? 'It has not been fetched yet.'
    : `It is not here, or could not be believed. ${failure}`
}
