/** What a presentation is held against: the request, and what the operator decided. */
import type { Expectations } from '@facet-id/credential/sd-jwt-vc'
import type { CredentialQuery } from '@facet-id/protocol/openid4vp/dcql'
import type { VerifierSettings } from '../settings.ts'

/** How the operator judges: the part of the settings that is about credentials. */
export type JudgingSettings = Pick<
  VerifierSettings,
  | 'algs'
  | 'keyBindingMaxAge'
  | 'clockSkew'
  | 'requiredClaims'
  | 'status'
  | 'withheldLimits'
  | 'issuerKeys'
  | 'typeMetadata'
  | 'extendedTypes'
>

/** What is known of the request that was answered. */
export interface RequestFacts {
  readonly nonce: string
  /** The whole client id, or `origin:` and the origin (OpenID4VP 1.0 §B.3.6, §A.4). */
  readonly audience: string
  /** Seconds since the epoch: when it is judged. */
  readonly now: number
  readonly settings: JudgingSettings
}

export function expectationsFor(
  presentation: string,
  query: CredentialQuery,
  { nonce, audience, now, settings }: RequestFacts,
): Expectations {
  return {
    now,
    skewSeconds: settings.clockSkew,
    algs: settings.algs,
    keyBinding: needsBinding(presentation, query)
      ? { binding: 'required', nonce, audience, maxAgeSeconds: settings.keyBindingMaxAge }
      : { binding: 'forbidden' },
    // Which types a type extends shows only when its documents are there: then the query is asked about it.
    ...(settings.extendedTypes === 'accepted' ? {} : { vcts: query.meta.vct_values }),
    status: settings.status,
    requiredClaims: settings.requiredClaims,
    withheldLimits: settings.withheldLimits,
    issuerKeys: settings.issuerKeys,
    ...(settings.typeMetadata === 'ignored'
      ? {}
      : { typeMetadata: { need: settings.typeMetadata, disclosures: 'some' } }),
  }
}

/** Where it may be left out it may be there, and then it is held against the request like any other. */
export function needsBinding(presentation: string, query: CredentialQuery): boolean {
  return query.require_cryptographic_holder_binding !== false || !presentation.endsWith('~')
}
