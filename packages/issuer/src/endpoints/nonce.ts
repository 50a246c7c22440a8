/** Nonce endpoint: open to all, remembers nothing. OpenID4VCI 1.0 §7. */
import { writeNonceResponse } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { makeNonce } from '../issuance/nonce.ts'
import type { Issuing } from '../issuing.ts'
import { withNextNonce } from './sender.ts'

export async function answerNonce(issuing: Issuing): Promise<WireResponse> {
  const { ports, settings } = issuing
  const response = writeNonceResponse({ c_nonce: makeNonce(ports.now(), ports.random, ports.mac) })
  // §7.2: with a nonce for the DPoP proof beside it the wallet is spared a refusal; where every wallet needs one.
  return settings.authorization.dpop === 'required' ? withNextNonce(response, issuing) : response
}
