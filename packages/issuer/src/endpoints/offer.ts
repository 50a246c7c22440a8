/**
 * An offer that a link refers to. OpenID4VCI 1.0 §4.1.3. It may be fetched more than once: a wallet may look at it
 * before its person does, and the code in it is good for one use however often it is seen.
 */
import { writeCredentialOfferResponse } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'
import { findReferred, referredKey } from '../offer/referred-store.ts'

export async function answerOffer(reference: string, { ports }: Issuing): Promise<WireResponse> {
  const offer = await findReferred(ports.store, referredKey(reference, ports.hash))
  if (offer === undefined) throw new IssuerError('endpoint_unknown', 'There is no such offer, or it is over')
  return writeCredentialOfferResponse(offer)
}
