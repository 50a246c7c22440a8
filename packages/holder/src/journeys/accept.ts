/** Goes from an offer, or from where an interrupted one was kept, to a grant and the orders it is good for. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  type CredentialOffer,
  credentialOfferRequest,
  readCredentialOfferResponse,
  readOfferLink,
} from '@facet-id/protocol/openid4vci'
import { readHttpUrl } from '@facet-id/protocol/url'
import type { TrustDecision } from '@facet-id/trust'
import type { OfferDecision, OfferedCredential, OfferTerms } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { afterFailure } from '../issuance/after-failure.ts'
import { type Grant, keepGrant } from '../issuance/grant-store.ts'
import { advance, next } from '../issuance/issuance.ts'
import type { Answer, Granted, Need } from '../issuance/issuance-state.ts'
import { endIssuance, type KeptIssuance, keepIssuance } from '../issuance/issuance-store.ts'
import { metadataFor, type Order } from '../issuance/order-state.ts'
import { type KeptOrder, keepOrder } from '../issuance/order-store.ts'
import { answered } from '../peer-error.ts'
import { federated } from './federated.ts'
import { learnIssuer } from './learn-issuer.ts'

/**
 * The offer of a link. One by reference is fetched from where the link says, if the person agrees (§15.6): until
 * then nobody learns that there is a wallet.
 *
 * @throws {HolderError} `declined_by_person`, `offer_unsupported`, `refused_by_peer`
 * @throws {ProtocolError} `message_malformed` and its like, `peer_unreachable` and its like
 */
export async function offerOf(link: string, { ports, settings }: Holding): Promise<CredentialOffer> {
  const read = readOfferLink(link, settings.scheme)
  if (read.by === 'value') return read.offer
  const { credential_offer_uri: uri } = read
  if (ports.consent.toFetch === undefined)
    throw new HolderError('offer_unsupported', 'Offers by reference are not fetched here')
  const { agreed } = await ports.consent.toFetch({ uri, host: readHttpUrl(uri, settings.scheme).host })
  if (!agreed) throw new HolderError('declined_by_person', 'The person declined to fetch the offer')
  const response = answered(await ports.transport.send(credentialOfferRequest(uri)))
  return readCredentialOfferResponse(response, settings.scheme)
}

/**
 * Nothing is kept on the way, as all of it can be had again from the offer; but of a failure that ends nothing, how
 * far it came. The grant is kept with its orders, in one commit.
 *
 * @returns the names of the orders
 * @throws what `advance` and `learnIssuer` throw, and `issuer_not_trusted`
 */
export async function accept(
  { id, issuance: begun }: KeptIssuance,
  holding: Holding,
): Promise<readonly string[]> {
  const { ports, settings } = holding
  const wishes = { ...settings, attests: ports.keyAttestation !== undefined }
  let issuance = begun
  try {
    for (let need = next(issuance, wishes); need !== undefined; need = next(issuance, wishes)) {
      issuance = advance(issuance, await meet(need, holding), wishes)
    }
    if (issuance.has !== 'token') throw new HolderError('out_of_turn', 'An issuance ends with a token')
    const grant = grantOf(issuance, { id, now: ports.now() })
    const orders = ordersOf(issuance, grant, ports.random)
    await ports.store.commit([keepGrant(grant), ...orders.flatMap(keepOrder), endIssuance(id)])
    return orders.map((order) => order.id)
  } catch (error) {
    await keepForLater({ id, issuance }, error, holding)
    throw error
  }
}

async function keepForLater(
  { id, issuance }: KeptIssuance,
  error: unknown,
  { ports }: Holding,
): Promise<void> {
  const goesOn = afterFailure(issuance, error)
  try {
    await ports.store.commit([
      goesOn === undefined ? endIssuance(id) : keepIssuance({ id, issuance: goesOn }),
    ])
  } catch {
    // The store fails as well. What was kept last stands, and resuming goes on from there.
  }
}

async function meet(need: Need, holding: Holding): Promise<Answer> {
  switch (need.need) {
    case 'metadata':
      return { answer: 'metadata', ...(await learnIssuer(need.of, holding)) }
    case 'answer':
      return { answer: 'response', response: await holding.ports.transport.send(need.to) }
    case 'consent':
      return { answer: 'decision', decision: await ask(need.of, holding) }
  }
}

/** A list may forbid an issuer; otherwise the person decides, and no offer makes anybody trusted (§13.5). */
async function ask(terms: OfferTerms, { ports }: Holding): Promise<OfferDecision> {
  const { issuer } = terms
  const evidence = await federated(issuer, ports)
  const trustIn = (credential: OfferedCredential): OfferedCredential & { readonly trust: TrustDecision } => ({
    ...credential,
    trust: ports.trust.mayIssue({ issuer, vct: credential.vct, ...evidence }),
  })
  const credentials = terms.credentials.map(trustIn).filter(({ trust }) => trust.decision !== 'not_trusted')
  if (credentials.length === 0) {
    throw new HolderError('issuer_not_trusted', 'A trust list says that this issuer must not issue this')
  }
  const decision = await ports.consent.toReceive({ ...terms, credentials })
  if (!decision.agreed) return decision
  const asked = credentials.map(({ configurationId }) => configurationId)
  const { configurationIds = asked } = decision
  return { ...decision, configurationIds: configurationIds.filter((wanted) => asked.includes(wanted)) }
}

function grantOf(
  { offer, server, token }: Granted,
  { id, now }: { readonly id: string; readonly now: number },
): Grant {
  return {
    grantId: id,
    credentialIssuer: offer.credential_issuer,
    server: server.issuer,
    accessToken: token.access_token,
    tokenType: token.token_type,
    ...(token.expires_in === undefined ? {} : { expiresAt: now + token.expires_in }),
    ...(token.refresh_token === undefined ? {} : { refreshToken: token.refresh_token }),
  }
}

/** One for each credential that was chosen; where the grant names data sets of it, one for each of those. */
function ordersOf(
  { metadata, chosen, token }: Granted,
  { grantId }: Grant,
  random: Holding['ports']['random'],
): readonly KeptOrder[] {
  const order = (more: Pick<Order, 'configurationId' | 'copies' | 'credentialIdentifier'>): KeptOrder => ({
    id: writeBase64url(random(16)),
    order: {
      has: 'token',
      staleNonces: 0,
      grantId,
      metadata: metadataFor(metadata, more.configurationId),
      ...more,
    },
  })
  const { authorization_details: details } = token
  return chosen.flatMap(({ configurationId, copies }) => {
    if (details === undefined) return [order({ configurationId, copies })]
    // §6.2, §8.2: where there are identifiers, credentials are asked for by them.
    return details
      .filter((granted) => granted.credential_configuration_id === configurationId)
      .flatMap(({ credential_identifiers: ids }) => ids)
      .map((credentialIdentifier) => order({ configurationId, copies, credentialIdentifier }))
  })
}
