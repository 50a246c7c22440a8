/**
 * The wallet's journey to a credential: offer → metadata → consent → token → nonce → proofs →
 * credentials. OpenID4VCI 1.0, pre-authorized code flow.
 *
 * Pure: it says what is needed next and takes the answer in. Every state is plain JSON, so an
 * interrupted issuance goes on from where it was kept. `journeys/accept.ts` awaits.
 */
import {
  type AuthorizationServerMetadata,
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  readTokenResponse,
} from '@facet-id/protocol/oauth'
import {
  type CredentialIssuerMetadata,
  type CredentialOffer,
  chooseAuthorizationServer,
  credentialIssuerMetadataRequest,
  credentialRequest,
  nonceRequest,
  readCredentialIssuerMetadataResponse,
  readCredentialResponse,
  readNonceResponse,
} from '@facet-id/protocol/openid4vci'
import type { Scheme } from '@facet-id/protocol/url'
import type { WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../error.ts'
import { answered, peerErrorOf } from '../peer-error.ts'
import {
  type Answer,
  configurationId,
  configurationOf,
  type Issuance,
  type Known,
  type Need,
  preAuthorizedCodeOf,
  type Wishes,
} from './issuance-state.ts'
import { decided, redeeming, termsOf } from './offer-terms.ts'

/** @throws {HolderError} `offer_unsupported` */
export function beginIssuance(offer: CredentialOffer): Issuance {
  if (offer.credential_configuration_ids.length !== 1) {
    throw new HolderError('offer_unsupported', 'This release takes offers of one credential at a time')
  }
  preAuthorizedCodeOf({ offer })
  return { has: 'offer', offer }
}

/** What is needed next, or `undefined` when the credentials are there. */
export function next(issuance: Issuance, wishes: Wishes): Need | undefined {
  switch (issuance.has) {
    case 'offer':
      return {
        need: 'answer',
        to: credentialIssuerMetadataRequest(issuance.offer.credential_issuer),
      }
    case 'metadata':
      return { need: 'answer', to: authorizationServerMetadataRequest(serverOf(issuance)) }
    case 'server':
      return { need: 'consent', of: termsOf(issuance, wishes) }
    case 'consent':
      return { need: 'answer', to: redeeming(issuance) }
    case 'token': {
      const { nonce_endpoint } = issuance.metadata
      if (nonce_endpoint !== undefined) return { need: 'answer', to: nonceRequest(nonce_endpoint) }
      return provingNeed(issuance)
    }
    case 'nonce':
      return provingNeed(issuance)
    case 'proofs': {
      const { metadata, accessToken, keys } = issuance
      const body = {
        credential_configuration_id: configurationId(issuance),
        proofs: { jwt: keys.map(({ proof }) => proof) },
      }
      return { need: 'answer', to: credentialRequest(metadata.credential_endpoint, accessToken, body) }
    }
    case 'credentials':
      return undefined
  }
}

/**
 * The issuance with one more thing obtained.
 *
 * @throws {HolderError} `refused_by_peer`, `declined_by_person`, `tx_code_missing`,
 * `metadata_mismatch`, `offer_unsupported`, `out_of_turn`
 * @throws {ProtocolError} `message_malformed` and its like
 */
export function advance(issuance: Issuance, answer: Answer, wishes: Wishes): Issuance {
  if (issuance.has === 'credentials') throw new HolderError('out_of_turn', 'This issuance has all it needs')
  if (issuance.has === 'server') return decided(issuance, given(answer, 'decision').decision, wishes)
  if (
    issuance.has === 'nonce' ||
    (issuance.has === 'token' && issuance.metadata.nonce_endpoint === undefined)
  ) {
    return { ...issuance, has: 'proofs', keys: given(answer, 'proofs').keys }
  }
  const { response } = given(answer, 'response')
  switch (issuance.has) {
    case 'offer':
      return { ...issuance, has: 'metadata', metadata: readMetadata(issuance.offer, response, wishes.scheme) }
    case 'metadata':
      return { ...issuance, has: 'server', server: readServer(issuance, response, wishes.scheme) }
    case 'consent': {
      const { txCode: _, ...kept } = issuance
      const { access_token, token_type, authorization_details } = readTokenResponse(answered(response))
      if (token_type !== 'Bearer' || authorization_details !== undefined) {
        const why = 'This wallet takes bearer tokens, and asks for credentials by configuration'
        throw new HolderError('offer_unsupported', why)
      }
      return { ...kept, has: 'token', accessToken: access_token, staleNonces: 0 }
    }
    case 'token':
      return { ...issuance, has: 'nonce', nonce: readNonceResponse(answered(response)).c_nonce }
    case 'proofs':
      return received(issuance, response)
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

/** The readers refuse a document that is about another issuer (§12.2.4): plain comparison, no normalization. */
function readMetadata(
  offer: CredentialOffer,
  response: WireResponse,
  scheme: Scheme,
): CredentialIssuerMetadata {
  const metadata = readCredentialIssuerMetadataResponse(answered(response), offer.credential_issuer, scheme)
  const configuration = configurationOf({ offer, metadata })
  const { proof_types_supported: { jwt } = {}, cryptographic_binding_methods_supported: methods } =
    configuration
  if (jwt === undefined || jwt.key_attestations_required !== undefined || methods?.includes('jwk') !== true) {
    throw new HolderError(
      'offer_unsupported',
      'This wallet takes credentials that are bound to a key which it proves by itself, and no others',
    )
  }
  const { credential_request_encryption: requests, credential_response_encryption: responses } = metadata
  if (requests?.encryption_required === true || responses?.encryption_required === true) {
    throw new HolderError('offer_unsupported', 'The issuer demands encrypted messages')
  }
  // What else the issuer has is of no use here, and would be kept with every step.
  return { ...metadata, credential_configurations_supported: { [configurationId({ offer })]: configuration } }
}

function readServer(
  known: Pick<Known, 'offer' | 'metadata'>,
  response: WireResponse,
  scheme: Scheme,
): AuthorizationServerMetadata {
  return readAuthorizationServerMetadataResponse(answered(response), serverOf(known), scheme)
}

/** Who gives out tokens; an offer cannot lead the code to somebody that the issuer does not name. */
function serverOf({ offer, metadata }: Pick<Known, 'offer' | 'metadata'>): string {
  return chooseAuthorizationServer(metadata, preAuthorizedCodeOf({ offer }))
}

function provingNeed(issuance: Extract<Issuance, { readonly has: 'token' | 'nonce' }>): Need {
  const audience = issuance.offer.credential_issuer
  const { copies: count } = issuance
  const algs = configurationOf(issuance).proof_types_supported?.jwt?.proof_signing_alg_values_supported ?? []
  const nonce = issuance.has === 'nonce' ? issuance.nonce : undefined
  return { need: 'proofs', of: { audience, count, algs, ...(nonce === undefined ? {} : { nonce }) } }
}

function received(issuance: Extract<Issuance, { readonly has: 'proofs' }>, response: WireResponse): Issuance {
  const { offer, metadata, keys } = issuance
  // A nonce may grow stale while a person thinks: one fresh one is asked for (§8.3.1.2, §13.8).
  if (peerErrorOf(response) === 'invalid_nonce' && issuance.staleNonces === 0) {
    const { server, copies, accessToken } = issuance
    return { has: 'token', offer, metadata, server, copies, accessToken, staleNonces: 1 }
  }
  const answer = readCredentialResponse(answered(response))
  if ('transaction_id' in answer) {
    throw new HolderError('offer_unsupported', 'The issuer will issue later; this wallet waits for none')
  }
  const { credentials } = answer
  return {
    has: 'credentials',
    offer,
    metadata,
    keys,
    credentials: credentials.map(({ credential }) => credential),
  }
}
