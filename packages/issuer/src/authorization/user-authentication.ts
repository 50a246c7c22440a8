/**
 * Port: who is the person at the browser, and do they let this wallet have these credentials? The issuer knows
 * neither passwords nor pages; whoever implements this does: a page for development, an OpenID Connect provider,
 * or a presentation of another credential, which is a page that shows a request and waits for its answer.
 *
 * The issuer keeps the request, binds it to the browser, and calls back whenever the browser comes to `answerUrl`.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { WireRequest } from '@facet-id/protocol/wire'

export interface UserAuthentication {
  /** What the browser sees first. */
  begin(asked: UserAsked): MaybePromise<UserStep>
  /**
   * What the browser sees next: it came to `answerUrl`, with a form or with a query. It is the browser that the
   * flow began in; a form came from a page of this issuer's origin.
   */
  answer(asked: UserAsked, came: UserAnswer): MaybePromise<UserStep>
}

/** What a person is asked for. */
export interface UserAsked {
  /** Names the flow. It goes into each form and address that leads back, as `flow` or as `state`. */
  readonly flow: string
  /** Where the browser leads back to, without a query; one and the same for all flows. */
  readonly answerUrl: string
  readonly client: {
    readonly clientId: string
    /** Absent: the operator never heard of it. */
    readonly name?: string
    /** Whether the wallet proved that it is this client. */
    readonly proven: boolean
  }
  /** Where the answer goes when the person agrees. */
  readonly redirectUri: string
  /** Names of the configurations that are asked for; at least one, none twice. */
  readonly configurationIds: readonly string[]
  /** Whom the operator made the offer for, where there is one: anybody may have brought it here (§5.1.3). */
  readonly offeredTo?: string
}

export interface UserAnswer {
  readonly request: WireRequest
  /** As it was returned with the step before. */
  readonly state: JsonObject
}

export type UserStep =
  /** A page. `contentSecurityPolicy` absent: it shows text and posts forms back, and nothing else. */
  | {
      readonly next: 'page'
      readonly html: string
      readonly state?: JsonObject
      readonly contentSecurityPolicy?: string
    }
  /** Another site, which leads back. */
  | { readonly next: 'redirect'; readonly url: string; readonly state?: JsonObject }
  /** The person is known and agrees. */
  | UserAgreed
  /** The person declined, or could not be found. */
  | { readonly next: 'refuse' }

export interface UserAgreed {
  readonly next: 'agreed'
  /** Who it is, as the operator calls them; claims are asked for by it. */
  readonly subject: string
  /** Of what was asked for, what they agree to; at least one. */
  readonly configurationIds: readonly string[]
  /** By configuration, what is known of them already; absent: the issuer asks for the claims when it issues. */
  readonly claims?: Readonly<Record<string, JsonObject>>
}
