/**
 * The wallet's journey to a grant: offer → metadata → server → consent → token. What the grant is good for then
 * goes its own way, credential by credential (`order.ts`). OpenID4VCI 1.0, pre-authorized code flow.
 *
 * Pure: it says what is needed next and takes the answer in. `journeys/accept.ts` awaits.
 */
import {
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  readTokenResponse,
} from '@facet-id/protocol/oauth'
import {
  type CredentialConfigurationMetadata,
  type CredentialIssuerMetadata,
  type CredentialOffer,
  chooseAuthorizationServer,
} from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'
import { answered } from '../peer-error.ts'
import type { Answer, Issuance, Known, Need, Wishes } from './issuance-state.ts'
import { codeOf, decided, redeeming, termsOf } from './offer-terms.ts'
import { configurationIn } from './order-state.ts'
import { planProofs } from './proof-plan.ts'

/** Nothing is asked of anybody yet. @throws {HolderError} `offer_unsupported` */
export function beginIssuance(offer: CredentialOffer): Issuance {
  codeOf(offer)
  return { has: 'offer', offer }
}

/** What is needed next, or `undefined` when there is a grant. */
export function next(issuance: Issuance, wishes: Wishes): Need | undefined {
  switch (issuance.has) {
    case 'offer':
      return { need: 'metadata', of: issuance.offer.credential_issuer }
    case 'metadata':
      return { need: 'answer', to: authorizationServerMetadataRequest(serverOf(issuance)) }
    case 'server':
      return { need: 'consent', of: termsOf(issuance, wishes) }
    case 'consent':
      return { need: 'answer', to: redeeming(issuance) }
    case 'token':
      return undefined
  }
}

/**
 * The issuance with one more thing obtained.
 *
 * @throws {HolderError} `refused_by_peer`, `declined_by_person`, `tx_code_missing`,
 * `metadata_mismatch`, `out_of_turn`
 * @throws {ProtocolError} `message_malformed` and its like
 */
export function advance(issuance: Issuance, answer: Answer, wishes: Wishes): Issuance {
  switch (issuance.has) {
    case 'offer': {
      const { metadata, provenBy } = given(answer, 'metadata')
      return { ...issuance, has: 'metadata', metadata: offeredIn(metadata, issuance.offer, wishes), provenBy }
    }
    case 'metadata': {
      const { response } = given(answer, 'response')
      const asked = serverOf(issuance)
      const server = readAuthorizationServerMetadataResponse(answered(response), asked, wishes.scheme)
      return { ...issuance, has: 'server', server }
    }
    case 'server':
      return decided(issuance, given(answer, 'decision').decision, wishes)
    case 'consent': {
      const { response } = given(answer, 'response')
      const { txCode: _, ...kept } = issuance
      const token = readTokenResponse(answered(response))
      if (token.token_type !== 'Bearer')
        throw new HolderError('offer_unsupported', 'This wallet takes bearer tokens only')
      return { ...kept, has: 'token', token }
    }
    case 'token':
      throw new HolderError('out_of_turn', 'This issuance has all it needs')
  }
}

function given<K extends Answer['answer']>(answer: Answer, kind: K): Extract<Answer, { readonly answer: K }> {
  if (!isKind(answer, kind)) throw new HolderError('out_of_turn', `This issuance needs a ${kind} next`)
  return answer
}

function isKind<K extends Answer['answer']>(
  answer: Answer,
  kind: K,
): answer is Extract<Answer, { readonly answer: K }> {
  return answer.answer === kind
}

/**
 * The metadata with what is offered, and nothing else that the issuer has. What of it cannot be used here is left
 * out, while there is something that can (§12.2.4).
 *
 * @throws {HolderError} `metadata_mismatch`, `offer_unsupported`
 */
function offeredIn(
  metadata: CredentialIssuerMetadata,
  { credential_configuration_ids: ids }: CredentialOffer,
  { attests }: Wishes,
): CredentialIssuerMetadata {
  const usable: [string, CredentialConfigurationMetadata][] = []
  let obstacle: unknown
  for (const id of ids) {
    try {
      const configuration = configurationIn(metadata, id)
      planProofs(configuration, attests)
      usable.push([id, configuration])
    } catch (error) {
      obstacle ??= error
    }
  }
  if (usable.length === 0) throw obstacle
  return { ...metadata, credential_configurations_supported: Object.fromEntries(usable) }
}

/** Who gives out tokens; an offer cannot lead the code to somebody that the issuer does not name. */
function serverOf({ offer, metadata }: Pick<Known, 'offer' | 'metadata'>): string {
  return chooseAuthorizationServer(metadata, codeOf(offer))
}
