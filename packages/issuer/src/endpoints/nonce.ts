/** Nonce endpoint: open to all, remembers nothing. OpenID4VCI 1.0 §7. */
import { writeNonceResponse } from '@facet-id/protocol/openid4vci'
import type { WireResponse } from '@facet-id/protocol/wire'
import { makeNonce } from '../issuance/nonce.ts'
import type { Issuing } from '../issuing.ts'

export async function answerNonce({ ports }: Issuing): Promise<WireResponse> {
  return writeNonceResponse({ c_nonce: makeNonce(ports.now(), ports.random, ports.mac) })
}
