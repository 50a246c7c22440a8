/** The signed request object, by GET or POST, as often as it is asked for. OpenID4VP 1.0 §5.10. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import {
  readRequestUriRequest,
  writeRequestObjectInput,
  writeRequestObjectResponse,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { VerifierError } from '../error.ts'
import { requestObject } from '../presentation.ts'
import { findPresentation } from '../presentation-store.ts'
import type { Verifying } from '../verifying.ts'

/**
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`
 * @throws {ProtocolError} those of `readRequestUriRequest`
 */
export async function answerRequestObject(
  request: WireRequest,
  requestId: string,
  { ports, settings }: Verifying,
): Promise<WireResponse> {
  const { wallet_nonce } = readRequestUriRequest(request)
  const standing = await findPresentation(ports.store, requestId)
  if (standing === undefined)
    throw new VerifierError('presentation_unknown', 'This request is unknown or over; ask for a new one')
  if (standing.record.settled !== undefined) {
    throw new VerifierError('presentation_answered', 'This request was answered before; ask for a new one')
  }
  const object = requestObject(standing.record, settings, wallet_nonce)
  const input = writeRequestObjectInput(object, { alg: ports.signer.alg, kid: ports.signer.kid })
  return writeRequestObjectResponse(writeJws(input, await ports.signer.sign(utf8(input))))
}
