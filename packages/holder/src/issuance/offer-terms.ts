/**
 * What is offered on which terms, what the person says to it, and the token request that comes of it.
 * OpenID4VCI 1.0 §4.1.1, §6.1.
 */
import { PRE_AUTHORIZED_CODE_GRANT, tokenRequest } from '@facet-id/protocol/oauth'
import type { CredentialIssuerMetadata } from '@facet-id/protocol/openid4vci'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { OfferDecision, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import {
  configurationId,
  configurationOf,
  type Issuance,
  preAuthorizedCodeOf,
  type Wishes,
} from './issuance-state.ts'

type Asking = Extract<Issuance, { readonly has: 'server' }>

/** What the person is asked. */
export function termsOf(issuance: Asking, wishes: Wishes): OfferTerms {
  const { offer, metadata, server } = issuance
  const configuration = configurationOf(issuance)
  const txCode = preAuthorizedCodeOf(issuance).tx_code
  return {
    issuer: offer.credential_issuer,
    issuerDisplay: metadata.display ?? [],
    configurationId: configurationId(issuance),
    vct: configuration.vct,
    display: configuration.credential_metadata?.display ?? [],
    copies: copiesOf(metadata, wishes),
    tokenEndpoint: server.token_endpoint,
    ...(txCode === undefined ? {} : { txCode }),
  }
}

/** @throws {HolderError} `declined_by_person`, `tx_code_missing` */
export function decided(issuance: Asking, decision: OfferDecision, wishes: Wishes): Issuance {
  if (!decision.agreed)
    throw new HolderError('declined_by_person', 'The person declined the offer; the issuer was told nothing')
  const agreed = { ...issuance, has: 'consent', copies: copiesOf(issuance.metadata, wishes) } as const
  // §6.1: it "MUST be present if a tx_code object was present in the Credential Offer (including if the
  // object was empty)"; what nobody asked for is not sent.
  if (preAuthorizedCodeOf(issuance).tx_code === undefined) return agreed
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
    'pre-authorized_code': preAuthorizedCodeOf({ offer })['pre-authorized_code'],
    ...(txCode === undefined ? {} : { tx_code: txCode }),
  })
}

/** Never more than `batch_size`; one where the issuer names none (§12.2.4). */
function copiesOf(
  { batch_credential_issuance: batch }: CredentialIssuerMetadata,
  { copies }: Wishes,
): number {
  return Math.min(copies, batch?.batch_size ?? 1)
}
