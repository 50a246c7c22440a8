/**
 * What is offered on which terms, what the person says to it, and the token request that comes of it.
 * OpenID4VCI 1.0 §4.1.1, §6.1.
 */
import { inLanguage } from '@facet-id/credential/type-metadata'
import { PRE_AUTHORIZED_CODE_GRANT, tokenRequest } from '@facet-id/protocol/oauth'
import type {
  CredentialIssuerMetadata,
  CredentialOffer,
  PreAuthorizedCodeGrant,
} from '@facet-id/protocol/openid4vci'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { OfferDecision, OfferedCredential, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Issuance, Wishes } from './issuance-state.ts'

type Asking = Extract<Issuance, { readonly has: 'server' }>

/** @throws {HolderError} `offer_unsupported` */
export function codeOf({ grants }: CredentialOffer): PreAuthorizedCodeGrant {
  const grant = grants[PRE_AUTHORIZED_CODE_GRANT]
  if (grant === undefined)
    throw new HolderError('offer_unsupported', 'Only offers with a pre-authorized code are taken here')
  return grant
}

/** What the person is asked. */
export function termsOf(issuance: Asking, wishes: Wishes): OfferTerms {
  const { offer, metadata, provenBy, server } = issuance
  const { tx_code: txCode } = codeOf(offer)
  const issuerShown = inLanguage(metadata.display ?? [], wishes.languages)
  return {
    issuer: offer.credential_issuer,
    issuerDisplay: metadata.display ?? [],
    ...(issuerShown === undefined ? {} : { issuerShown }),
    provenBy,
    credentials: offeredOf(metadata, wishes),
    tokenEndpoint: server.token_endpoint,
    ...(txCode === undefined ? {} : { txCode }),
  }
}

/** @throws {HolderError} `declined_by_person`, `tx_code_missing` */
export function decided(issuance: Asking, decision: OfferDecision, wishes: Wishes): Issuance {
  const offered = offeredOf(issuance.metadata, wishes)
  const { configurationIds = offered.map(({ configurationId }) => configurationId) } = decision.agreed
    ? decision
    : { configurationIds: [] }
  const chosen = offered
    .filter(({ configurationId }) => configurationIds.includes(configurationId))
    .map(({ configurationId, copies }) => ({ configurationId, copies }))
  if (!decision.agreed || chosen.length === 0)
    throw new HolderError('declined_by_person', 'The person declined the offer; the issuer was told nothing')
  const agreed = { ...issuance, has: 'consent', chosen } as const
  // §6.1: it "MUST be present if a tx_code object was present in the Credential Offer (including if the
  // object was empty)"; what nobody asked for is not sent.
  if (codeOf(issuance.offer).tx_code === undefined) return agreed
  const { txCode = '' } = decision
  if (txCode === '') {
    throw new HolderError('tx_code_missing', 'The offer asks for a transaction code; type it and resume')
  }
  return { ...agreed, txCode }
}

/** The code of the offer, and the transaction code where one was asked for, for an access token. */
export function redeeming({
  offer,
  server,
  txCode,
}: Extract<Issuance, { readonly has: 'consent' }>): WireRequest {
  return tokenRequest(server.token_endpoint, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': codeOf(offer)['pre-authorized_code'],
    ...(txCode === undefined ? {} : { tx_code: txCode }),
  })
}

/** Never more copies than `batch_size`; one where the issuer names none (§12.2.4). */
export function copiesOf(
  { batch_credential_issuance: batch }: CredentialIssuerMetadata,
  { copies }: Pick<Wishes, 'copies'>,
): number {
  return Math.min(copies, batch?.batch_size ?? 1)
}

function offeredOf(metadata: CredentialIssuerMetadata, wishes: Wishes): readonly OfferedCredential[] {
  return Object.entries(metadata.credential_configurations_supported).map(
    ([configurationId, { vct, credential_metadata }]) => {
      const display = credential_metadata?.display ?? []
      const shown = inLanguage(display, wishes.languages)
      return {
        configurationId,
        vct,
        display,
        ...(shown === undefined ? {} : { shown }),
        copies: copiesOf(metadata, wishes),
      }
    },
  )
}
