/** A page that believes whoever says who they are: to try an issuer out, and never for anything else. */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { UserAuthentication } from '@facet-id/issuer/authorization'
import { FORM_MEDIA_TYPE, readForm } from '@facet-id/protocol/form'
import type { WireRequest } from '@facet-id/protocol/wire'
import { consentPage } from './consent-page.ts'

export interface DevelopmentLoginOptions {
  /** What the credentials are called, by configuration. */
  readonly titles: Readonly<Record<string, string>>
  /**
   * What is known of that person, by configuration; `undefined` for nobody: they are asked again. Absent: anybody
   * is taken, and the issuer asks for the claims itself.
   */
  readonly claimsOf?: (subject: string) => MaybePromise<Readonly<Record<string, JsonObject>> | undefined>
}

const NOTICE = 'Development: this page believes whatever you type.'
const UNKNOWN = `${NOTICE} Nobody of that name is known here.`

export function developmentLogin({ titles, claimsOf }: DevelopmentLoginOptions): UserAuthentication {
  return {
    begin: (asked) => ({ next: 'page', html: consentPage({ asked, titles, notice: NOTICE }) }),

    async answer(asked, { request }) {
      const { decision, subject } = postedIn(request)
      if (decision === 'decline') return { next: 'refuse' }
      const again = (notice: string) =>
        ({ next: 'page', html: consentPage({ asked, titles, notice }) }) as const
      if (decision !== 'agree' || subject === undefined) return again(NOTICE)
      const { configurationIds } = asked
      if (claimsOf === undefined) return { next: 'agreed', subject, configurationIds }
      const claims = await claimsOf(subject)
      return claims === undefined ? again(UNKNOWN) : { next: 'agreed', subject, configurationIds, claims }
    },
  }
}

/** What a form of ours brought; nothing where it was none. */
export function postedIn({ method, headers, body = '' }: WireRequest): Readonly<Record<string, string>> {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  return method === 'POST' && type === FORM_MEDIA_TYPE ? readForm(body) : {}
}
