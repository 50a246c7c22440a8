/**
 * The wallet's journey to access: offer → metadata → server → consent, and then as `authorization/` has it, by a code
 * of the offer or by the person's browser. What the access is good for then goes its own way, credential by
 * credential (`order.ts`). OpenID4VCI 1.0 §4, §12.2.
 *
 * Pure: it says what is needed next and takes the answer in. `journeys/accept.ts` awaits.
 */
import { ProtocolError } from '@facet-id/protocol/error'
import {
  type AuthorizationServerMetadata,
  authorizationServerMetadataRequest,
  PRE_AUTHORIZED_CODE_GRANT,
  readAuthorizationServerMetadataResponse,
} from '@facet-id/protocol/oauth'
import type {
  CredentialConfigurationMetadata,
  CredentialIssuerId,
  CredentialIssuerMetadata,
  CredentialOffer,
} from '@facet-id/protocol/openid4vci'
import type { Scheme } from '@facet-id/protocol/url'
import { authorizationEndpointOf, serversFor, servesGrant } from '../authorization/asking.ts'
import { advanceAuthorization, nextOfAuthorization } from '../authorization/authorization.ts'
import { HolderError } from '../error.ts'
import { answered } from '../peer-error.ts'
import { endsAll } from './after-failure.ts'
import type { Answer, Issuance, Known, Need, Wishes } from './issuance-state.ts'
import { codeOf, decided, termsOf } from './offer-terms.ts'
import { configurationIn } from './order-state.ts'
import { planProofs } from './proof-plan.ts'

/** Nothing is asked of anybody yet. @throws {HolderError} `offer_unsupported` */
export function beginIssuance(
  offer: CredentialOffer,
  { id, opensBrowser }: { readonly id: string; readonly opensBrowser: boolean },
): Issuance {
  if (!opensBrowser && codeOf(offer) === undefined) {
    throw new HolderError(
      'offer_unsupported',
      'This wallet opens no browser: only offers with a pre-authorized code are taken',
    )
  }
  return { has: 'offer', id, offer }
}

/**
 * The person began, and not the issuer (§3.4): what an offer would say, with a browser to be opened.
 *
 * @param configurationIds none: whatever the issuer has
 */
export function requestedFrom(
  credential_issuer: CredentialIssuerId,
  configurationIds: readonly string[],
): CredentialOffer {
  return { credential_issuer, credential_configuration_ids: configurationIds, grants: {} }
}

/** What is needed next, or `undefined` when there is access. @throws {HolderError} `offer_unsupported`, `metadata_mismatch` */
export function next(issuance: Issuance, wishes: Wishes): Need | undefined {
  switch (issuance.has) {
    case 'offer':
      return { need: 'metadata', of: issuance.offer.credential_issuer }
    case 'metadata': {
      const server = serverOf(issuance)
      return { need: 'answer', to: authorizationServerMetadataRequest(server), server }
    }
    case 'server':
      return { need: 'consent', of: termsOf(issuance, wishes) }
    case 'consent': {
      const need = nextOfAuthorization(issuance.authorization, wishes)
      return need && { need: 'authorization', of: need }
    }
  }
}

/**
 * The issuance with one more thing obtained.
 *
 * @throws {HolderError} `refused_by_peer`, `declined_by_person`, `tx_code_missing`,
 * `metadata_mismatch`, `offer_unsupported`, `out_of_turn`, and what `advanceAuthorization` throws
 * @throws {ProtocolError} `message_malformed` and its like
 */
export function advance(issuance: Issuance, answer: Answer, wishes: Wishes): Issuance {
  switch (issuance.has) {
    case 'offer': {
      const { metadata, provenBy } = given(answer, 'metadata')
      const offered = offeredIn(metadata, issuance.offer, wishes)
      return { ...issuance, has: 'metadata', metadata: offered, provenBy, passedOver: 0 }
    }
    case 'metadata':
      return served(issuance, answer, wishes)
    case 'server':
      return decided(issuance, given(answer, 'decision').decision, wishes)
    case 'consent': {
      const { of } = given(answer, 'authorization')
      return { ...issuance, authorization: advanceAuthorization(issuance.authorization, of, wishes) }
    }
  }
}

type Described = Extract<Issuance, { readonly has: 'metadata' }>

/**
 * Of several servers the first that can be used, which takes the grant: where the offer has none, those of the
 * servers' metadata count, and a pre-authorized code is never found there (§4.1.1).
 *
 * @throws why the last of them is of no use; `peer_unreachable` where another may be another time
 */
function served(issuance: Described, answer: Answer, { scheme }: Wishes): Issuance {
  const { passedOver: _, unheard: __, ...described } = issuance
  try {
    const server = serverIn(answer, issuance, scheme)
    return { ...described, has: 'server', server }
  } catch (error) {
    return passingOver(issuance, error)
  }
}

function serverIn(answer: Answer, issuance: Described, scheme: Scheme): AuthorizationServerMetadata {
  if (answer.answer === 'no_response') throw answer.error
  const response = answered(given(answer, 'response').response)
  const server = readAuthorizationServerMetadataResponse(response, serverOf(issuance), scheme)
  // Said before the person is asked for anything.
  if (codeOf(issuance.offer) === undefined) authorizationEndpointOf(server)
  else if (!servesGrant(server, PRE_AUTHORIZED_CODE_GRANT)) throw notServed()
  return server
}

function notServed(): HolderError {
  return new HolderError(
    'offer_unsupported',
    'No authorization server of this issuer takes the grant of the offer',
  )
}

function passingOver(issuance: Described, error: unknown): Issuance {
  if (error instanceof HolderError && error.code === 'out_of_turn') throw error
  const passedOver = issuance.passedOver + 1
  const unheard = issuance.unheard === true || !endsAll(error)
  if (passedOver < serversOf(issuance).length)
    return { ...issuance, passedOver, ...(unheard ? { unheard } : {}) }
  if (!unheard || !endsAll(error)) throw error
  throw new ProtocolError(
    'peer_unreachable',
    'An authorization server of this issuer could not be asked, and no other can be used',
    { cause: error },
  )
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
  { credential_configuration_ids: named }: CredentialOffer,
  { attests }: Wishes,
): CredentialIssuerMetadata {
  // The person began, and named none: then whatever the issuer has is on offer.
  const ids = named.length === 0 ? Object.keys(metadata.credential_configurations_supported) : named
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
  if (usable.length === 0)
    throw obstacle ?? new HolderError('offer_unsupported', 'The issuer has nothing that this wallet can hold')
  return { ...metadata, credential_configurations_supported: Object.fromEntries(usable) }
}

/** Who gives out tokens; an offer cannot lead the code to somebody that the issuer does not name. */
function serversOf({ offer, metadata }: Pick<Known, 'offer' | 'metadata'>): readonly string[] {
  const { authorization_server: named } = codeOf(offer) ?? offer.grants.authorization_code ?? {}
  return serversFor(metadata, named)
}

/** Of several, the one whose turn it is. */
function serverOf(known: Pick<Known, 'offer' | 'metadata' | 'passedOver'>): string {
  return serversOf(known)[known.passedOver] ?? known.metadata.credential_issuer
}
