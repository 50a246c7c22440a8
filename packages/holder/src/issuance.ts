/**
 * The wallet's journey to a credential: offer → metadata → consent → token → nonce → proofs →
 * credentials. OpenID4VCI 1.0, pre-authorized code flow.
 *
 * Pure: it says what is needed next and takes the answer in. Every state is plain JSON, so an
 * interrupted issuance goes on from where it was kept. `holder.ts` awaits.
 */
import type { PublicJwk } from '@facet-id/credential/jose'
import {
  type AuthorizationServerMetadata,
  authorizationServerMetadataRequest,
  PRE_AUTHORIZED_CODE_GRANT,
  readAuthorizationServerMetadataResponse,
  readTokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import {
  type CredentialConfigurationMetadata,
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
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { OfferConsent, OfferDecision } from './consent.ts'
import { HolderError } from './error.ts'
import { answered, peerErrorOf } from './peer-error.ts'

/** A key made for one copy, and the proof that the wallet holds it. */
export interface ProvenKey {
  readonly keyId: string
  readonly publicJwk: PublicJwk
  readonly proof: string
}

interface Known {
  readonly offer: CredentialOffer
  readonly metadata: CredentialIssuerMetadata
  readonly server: AuthorizationServerMetadata
  readonly txCode?: string
  readonly accessToken: string
  /** Absent when the issuer has no nonce endpoint. */
  readonly nonce?: string
  readonly keys: readonly ProvenKey[]
  readonly credentials: readonly string[]
  /** Nonces that the issuer called stale. */
  readonly staleNonces: number
}

/** Named by the last thing obtained. */
export type Issuance =
  | ({ readonly has: 'offer' } & Pick<Known, 'offer'>)
  | ({ readonly has: 'metadata' } & Pick<Known, 'offer' | 'metadata'>)
  | ({ readonly has: 'server' } & Pick<Known, 'offer' | 'metadata' | 'server'>)
  | ({ readonly has: 'consent' } & Pick<Known, 'offer' | 'metadata' | 'server' | 'txCode'>)
  | ({ readonly has: 'token' } & Pick<Known, 'offer' | 'metadata' | 'server' | 'accessToken' | 'staleNonces'>)
  | ({ readonly has: 'nonce' } & Pick<
      Known,
      'offer' | 'metadata' | 'server' | 'accessToken' | 'staleNonces' | 'nonce'
    >)
  | ({ readonly has: 'proofs' } & Pick<
      Known,
      'offer' | 'metadata' | 'server' | 'accessToken' | 'staleNonces' | 'nonce' | 'keys'
    >)
  | ({ readonly has: 'credentials' } & Pick<Known, 'offer' | 'metadata' | 'keys' | 'credentials'>)

/** What the wallet must do next: send a message, ask the person, or prove keys. Nothing else exists. */
export type Need =
  | { readonly need: 'answer'; readonly to: WireRequest }
  | { readonly need: 'consent'; readonly of: OfferConsent }
  | {
      readonly need: 'proofs'
      readonly of: { readonly audience: string; readonly count: number; readonly nonce?: string }
    }

export type Answer =
  | { readonly answer: 'response'; readonly response: WireResponse }
  | { readonly answer: 'decision'; readonly decision: OfferDecision }
  | { readonly answer: 'proofs'; readonly keys: readonly ProvenKey[] }

export interface Wishes {
  readonly copies: number
  readonly scheme: Scheme
}

/** @throws {HolderError} `offer_unsupported` */
export function beginIssuance(offer: CredentialOffer): Issuance {
  if (offer.credential_configuration_ids.length !== 1) {
    throw new HolderError('offer_unsupported', 'This release takes offers of one credential at a time')
  }
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
      return { need: 'consent', of: consentFor(issuance, wishes) }
    case 'consent':
      return { need: 'answer', to: redeeming(issuance) }
    case 'token': {
      const { nonce_endpoint } = issuance.metadata
      if (nonce_endpoint !== undefined) return { need: 'answer', to: nonceRequest(nonce_endpoint) }
      return provingNeed(issuance, wishes)
    }
    case 'nonce':
      return provingNeed(issuance, wishes)
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
 * @throws {HolderError} `refused_by_peer`, `declined_by_person`, `metadata_mismatch`,
 * `offer_unsupported`, `out_of_turn`
 * @throws {ProtocolError} `message_malformed` and its like
 */
export function advance(issuance: Issuance, answer: Answer, wishes: Wishes): Issuance {
  if (issuance.has === 'server') return decided(issuance, given(answer, 'decision').decision)
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
      const { offer, metadata, server } = issuance
      const { access_token } = readTokenResponse(answered(response))
      return { has: 'token', offer, metadata, server, accessToken: access_token, staleNonces: 0 }
    }
    case 'token':
      return { ...issuance, has: 'nonce', nonce: readNonceResponse(answered(response)).c_nonce }
    case 'proofs':
      return received(issuance, response)
    default:
      throw new HolderError('out_of_turn', 'This issuance is over')
  }
}

/**
 * Where an issuance goes on after a step failed; `undefined` when it is over. A transaction code that
 * was refused can be typed again, a peer that did not answer can be asked again; what a person or a
 * check refused is refused.
 */
export function afterFailure(issuance: Issuance, error: unknown): Issuance | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === undefined || /^(peer_unreachable|peer_timed_out|store_.*)$/.test(code)) return issuance
  if (code !== 'refused_by_peer' || issuance.has !== 'consent' || issuance.txCode === undefined)
    return undefined
  const { offer, metadata, server } = issuance
  return { has: 'server', offer, metadata, server }
}

/** The configuration that is offered, as the issuer's metadata describes it. */
export function configurationOf(
  issuance: Extract<Issuance, { readonly metadata: unknown }>,
): CredentialConfigurationMetadata {
  const { credential_configurations_supported: all } = issuance.metadata
  const id = configurationId(issuance)
  const found = Object.hasOwn(all, id) ? all[id] : undefined
  if (found === undefined)
    throw new HolderError('metadata_mismatch', 'What is offered is not in the metadata of the issuer')
  return found
}

export function configurationId({ offer }: Pick<Known, 'offer'>): string {
  const [id] = offer.credential_configuration_ids
  if (id === undefined) throw new HolderError('offer_unsupported', 'The offer names no credential')
  return id
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
  configurationOf({ has: 'metadata', offer, metadata })
  return metadata
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
  return chooseAuthorizationServer(metadata, offer.grants[PRE_AUTHORIZED_CODE_GRANT])
}

type Asking = Extract<Issuance, { readonly has: 'server' }>

function consentFor(issuance: Asking, wishes: Wishes): OfferConsent {
  const { offer, metadata, server } = issuance
  const configuration = configurationOf(issuance)
  const txCode = offer.grants[PRE_AUTHORIZED_CODE_GRANT].tx_code
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

function decided(issuance: Asking, decision: OfferDecision): Issuance {
  if (!decision.agreed)
    throw new HolderError('declined_by_person', 'The person declined the offer; the issuer was told nothing')
  return {
    ...issuance,
    has: 'consent',
    ...(decision.txCode === undefined ? {} : { txCode: decision.txCode }),
  }
}

function redeeming({ offer, server, txCode }: Extract<Issuance, { readonly has: 'consent' }>): WireRequest {
  return tokenRequest(server.token_endpoint, {
    grant_type: PRE_AUTHORIZED_CODE_GRANT,
    'pre-authorized_code': offer.grants[PRE_AUTHORIZED_CODE_GRANT]['pre-authorized_code'],
    ...(txCode === undefined ? {} : { tx_code: txCode }),
  })
}

function provingNeed(issuance: Extract<Issuance, { readonly has: 'token' | 'nonce' }>, wishes: Wishes): Need {
  const audience = issuance.offer.credential_issuer
  const count = copiesOf(issuance.metadata, wishes)
  const nonce = issuance.has === 'nonce' ? issuance.nonce : undefined
  return { need: 'proofs', of: { audience, count, ...(nonce === undefined ? {} : { nonce }) } }
}

/** Never more than `batch_size`; one where the issuer names none (§12.2.4). */
function copiesOf(
  { batch_credential_issuance: batch }: CredentialIssuerMetadata,
  { copies }: Wishes,
): number {
  return Math.min(copies, batch?.batch_size ?? 1)
}

type Proving = Extract<Issuance, { readonly has: 'proofs' }>

function received(issuance: Proving, response: WireResponse): Issuance {
  // A nonce may grow stale while a person thinks: one fresh one is asked for (§8.3.1.2, §13.8).
  if (peerErrorOf(response) === 'invalid_nonce' && issuance.staleNonces === 0) {
    const { offer, metadata, server, accessToken } = issuance
    return { has: 'token', offer, metadata, server, accessToken, staleNonces: 1 }
  }
  const { credentials } = readCredentialResponse(answered(response))
  const { offer, metadata, keys } = issuance
  return {
    has: 'credentials',
    offer,
    metadata,
    keys,
    credentials: credentials.map(({ credential }) => credential),
  }
}
