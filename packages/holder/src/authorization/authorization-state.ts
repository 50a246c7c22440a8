/**
 * How far the wallet has come on its way to access: from an authorization server that is known to a token, with a
 * code of the offer, by the person's browser, or with a refresh token. Plain JSON, so that it can be kept while the
 * person is elsewhere, and resumed after a restart.
 */
import type { AuthorizationServerMetadata, TokenResponse } from '@facet-id/protocol/oauth'
import type { CredentialAuthorization, GrantedCredential } from '@facet-id/protocol/oauth/authorization'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Sender } from './sender.ts'

/** What the access is for, and by what it is had. */
export type Wanted =
  | {
      readonly by: 'pre-authorized_code'
      readonly code: string
      /** As the person typed it; absent where none was asked for. */
      readonly txCode?: string
    }
  | ({
      readonly by: 'authorization_code'
      /** From the offer, unchanged; absent where it has none. */
      readonly issuerState?: string
    } & WhatIsAsked)

/** How credentials are named towards the authorization server (OpenID4VCI §5.1.1, §5.1.2). */
export interface WhatIsAsked {
  readonly scope?: string
  readonly details?: readonly CredentialAuthorization[]
  /** The issuer's identifier, where its authorization server may be that of others too. */
  readonly resource?: string
}

export interface Plan {
  /** Names the access, its key, and what waits for the person. */
  readonly id: string
  readonly credentialIssuer: string
  readonly server: AuthorizationServerMetadata
  readonly wanted: Wanted
}

/** What nobody else can know; sealed with the rest while the person is elsewhere. */
export interface Secrets {
  /** RFC 7636 §4.1. */
  readonly verifier: string
  readonly state: string
}

type Asking = Plan & { readonly sender: Sender; readonly secrets: Secrets }

/** Named by the last thing obtained. */
export type Authorization =
  | ({ readonly has: 'server' } & Plan)
  | ({ readonly has: 'sender' } & Asking)
  | ({
      readonly has: 'pushed'
      readonly requestUri: string
      /** Seconds since the epoch; the browser must have come there before. */
      readonly until: number
    } & Asking)
  | ({ readonly has: 'code'; readonly code: string } & Asking)
  | { readonly has: 'access'; readonly access: Access }

/** Access that was granted, and all that is needed to use it and to get it anew. */
export interface Access {
  readonly credentialIssuer: string
  /** Identifier of the authorization server. */
  readonly server: string
  readonly tokenEndpoint: string
  readonly sender: Sender
  readonly accessToken: string
  readonly tokenType: TokenResponse['token_type']
  /** Seconds since the epoch; absent when the server did not say. */
  readonly expiresAt?: number
  /** Absent: when the access token is over, the person is asked again. */
  readonly refreshToken?: string
  /** Absent: credentials are asked for by configuration. */
  readonly details?: readonly GrantedCredential[]
}

/** What the wallet must do next. Nothing else exists. */
export type AuthorizationNeed =
  /** A key to prove, an attestation to show, and secrets. */
  | { readonly need: 'sender'; readonly of: Plan }
  /** To send that, as this sender. */
  | { readonly need: 'signed_answer'; readonly to: WireRequest; readonly sender: Sender }
  /** To open the person's browser there, and to learn where it came back. */
  | { readonly need: 'browser'; readonly url: string; readonly redirectUri: string }

export type AuthorizationAnswer =
  | { readonly answer: 'sender'; readonly sender: Sender; readonly secrets: Secrets }
  | { readonly answer: 'response'; readonly response: WireResponse }
  /** The address at which the browser came back, with its query. */
  | { readonly answer: 'redirect'; readonly url: string }

export interface AuthorizationWishes {
  /** Where the browser comes back to; absent: the wallet takes pre-authorized codes only. */
  readonly redirectUri?: string
  /** Whether an answer that does not say whose it is, is refused also where the server never said that it would. */
  readonly responseIssuer: 'required' | 'when_present'
  /** Whether access that anybody could use is refused. */
  readonly boundTokens: 'required' | 'when_supported'
  readonly scheme: Scheme
  /** Seconds since the epoch. */
  readonly now: number
  readonly challengeOf: (verifier: string) => string
}
