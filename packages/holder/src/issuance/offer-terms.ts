/**
 * What is offered on which terms, what the person says to it, and what is then wanted of the authorization server.
 * OpenID4VCI 1.0 §4.1.1, §6.1.
 */
import { inLanguage } from '@facet-id/credential/type-metadata'
import { PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import type {
  CredentialIssuerMetadata,
  CredentialOffer,
  PreAuthorizedCodeGrant,
} from '@facet-id/protocol/openid4vci'
import { askedFor } from '../authorization/asking.ts'
import { beginAuthorization } from '../authorization/authorization.ts'
import type { Wanted } from '../authorization/authorization-state.ts'
import type { OfferDecision, OfferedCredential, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Chosen, Issuance, Wishes } from './issuance-state.ts'
import { checkTxCode } from './tx-code.ts'

type Asking = Extract<Issuance, { readonly has: 'server' }>

/** The pre-authorized code of an offer, which is taken where there is one; without it the person's browser is needed. */
export function codeOf({ grants }: CredentialOffer): PreAuthorizedCodeGrant | undefined {
  return grants[PRE_AUTHORIZED_CODE_GRANT]
}

/** What the person is asked. */
export function termsOf(issuance: Asking, wishes: Wishes): OfferTerms {
  const { offer, metadata, provenBy, server } = issuance
  const txCode = codeOf(offer)?.tx_code
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
  const wanted = wantedOf(issuance, decision, chosen)
  const { id, offer, server } = issuance
  const credentialIssuer = offer.credential_issuer
  const authorization = beginAuthorization({ id, credentialIssuer, server, wanted })
  return { ...issuance, has: 'consent', chosen, authorization }
}

function wantedOf(
  { offer, metadata, server }: Asking,
  { txCode = '' }: Extract<OfferDecision, { readonly agreed: true }>,
  chosen: readonly Chosen[],
): Wanted {
  const grant = codeOf(offer)
  if (grant === undefined) {
    const { issuer_state: issuerState } = offer.grants.authorization_code ?? {}
    return {
      by: 'authorization_code',
      ...askedFor(
        metadata,
        chosen.map(({ configurationId }) => configurationId),
        server,
      ),
      ...(issuerState === undefined ? {} : { issuerState }),
    }
  }
  const code = grant['pre-authorized_code']
  // §6.1: it "MUST be present if a tx_code object was present in the Credential Offer (including if the
  // object was empty)"; what nobody asked for is not sent.
  if (grant.tx_code === undefined) return { by: 'pre-authorized_code', code }
  checkTxCode(txCode, grant.tx_code)
  return { by: 'pre-authorized_code', code, txCode }
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
