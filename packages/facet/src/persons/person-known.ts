/** Who logged in elsewhere is known; whether they agree is asked here. OpenID Connect Core 1.0 §3.1.2.4. */
import type { JsonObject } from '@facet-id/credential/json'
import type { UserAnswer, UserAsked, UserStep } from '@facet-id/issuer/authorization'
import { consentPage } from './consent-page.ts'
import { postedIn } from './development-login.ts'

export interface KnownPerson {
  readonly subject: string
  /** As the page calls them; `subject` when absent. */
  readonly name?: string
  readonly claims?: Readonly<Record<string, JsonObject>>
}

type Titles = Readonly<Record<string, string>>

export function knownPage(asked: UserAsked, person: KnownPerson, titles: Titles): UserStep {
  const { subject, name = subject, claims } = person
  return {
    next: 'page',
    html: consentPage({ asked, titles, person: name }),
    state: { subject, name, ...(claims === undefined ? {} : { claims }) },
  }
}

/** What they pressed on that page. */
export function decidedBy(asked: UserAsked, { request, state }: UserAnswer, titles: Titles): UserStep {
  const { decision } = postedIn(request)
  if (decision === 'decline') return { next: 'refuse' }
  const { subject, name = subject, claims } = state
  if (typeof subject !== 'string') return { next: 'refuse' }
  if (decision !== 'agree') {
    return { next: 'page', html: consentPage({ asked, titles, person: String(name) }) }
  }
  const { configurationIds } = asked
  return {
    next: 'agreed',
    subject,
    configurationIds,
    // It was put there one step before, in this shape.
    ...(claims === undefined ? {} : { claims: claims as Readonly<Record<string, JsonObject>> }),
  }
}
