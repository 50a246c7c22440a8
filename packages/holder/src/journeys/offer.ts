/** From a link to an offer. Until the person agrees, nobody learns by it that there is a wallet. OpenID4VCI 1.0 §15.6. */
import {
  type CredentialOffer,
  credentialOfferRequest,
  readCredentialOfferResponse,
  readOfferLink,
} from '@facet-id/protocol/openid4vci'
import { readHttpUrl } from '@facet-id/protocol/url'
import type { FetchConsent } from '../consent.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { answered } from '../peer-error.ts'
import { isKnownIssuer } from '../shelf/issuer-store.ts'
import { federated } from './federated.ts'

/**
 * The offer of a link, whose credential issuer may be called. One by reference is fetched from where the link says,
 * if the person agrees; that covers no other host which is named in it.
 *
 * @throws {HolderError} `declined_by_person`, `offer_unsupported`, `refused_by_peer`
 * @throws {ProtocolError} `message_malformed` and its like, `peer_unreachable` and its like
 */
export async function offerOf(link: string, holding: Holding): Promise<CredentialOffer> {
  const { scheme } = holding.settings
  const read = readOfferLink(link, scheme)
  if (read.by === 'value') {
    await ensureCallable(read.offer, holding)
    return read.offer
  }
  const { credential_offer_uri: uri } = read
  const host = await agreedTo({ what: 'offer', uri }, holding)
  const response = answered(await holding.ports.transport.send(credentialOfferRequest(uri)))
  const offer = readCredentialOfferResponse(response, scheme)
  await ensureCallable(offer, holding, host)
  return offer
}

/** @param agreed the host that the person agreed to already */
async function ensureCallable(
  { credential_issuer: uri }: CredentialOffer,
  holding: Holding,
  agreed?: string,
): Promise<void> {
  const { ports, settings } = holding
  if (readHttpUrl(uri, settings.scheme).host === agreed) return
  if (await isKnownIssuer(ports.store, ports.hash('sha-256', uri))) return
  // Which types are on offer is not known yet: whoever is trusted for all of them is called.
  const question = { issuer: uri, vct: '', ...(await federated(uri, ports)) }
  if (ports.trust.mayIssue(question).decision === 'trusted') return
  await agreedTo({ what: 'issuer', uri }, holding)
}

/** @returns the host */
async function agreedTo(
  { what, uri }: Omit<FetchConsent, 'host'>,
  { ports, settings }: Holding,
): Promise<string> {
  const { host } = readHttpUrl(uri, settings.scheme)
  if (ports.consent.toFetch === undefined)
    throw new HolderError(
      'offer_unsupported',
      'This wallet calls nobody for a link that is neither known nor trusted: it cannot ask the person',
    )
  const { agreed } = await ports.consent.toFetch({ what, uri, host })
  if (!agreed)
    throw new HolderError('declined_by_person', 'The person declined to call the host that the link names')
  return host
}
