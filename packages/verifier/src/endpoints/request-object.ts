/** The signed request object, by GET or POST, as often as it is asked for. OpenID4VP 1.0 §5.10. */
import { utf8 } from '@facet-id/credential/base64url'
import { type JweEncryption, jweEncryptions } from '@facet-id/credential/jwe'
import { ProtocolError } from '@facet-id/protocol/error'
import {
  readRequestUriRequest,
  type WalletMetadata,
  writeRequestObjectResponse,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { identityOf, signedObject } from '../journeys/request.ts'
import { standingPresentation } from '../journeys/standing.ts'
import type { Verifying } from '../verifying.ts'

/**
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`
 * @throws {ProtocolError} those of `readRequestUriRequest`; `message_malformed` for a key that nobody can encrypt to
 */
export async function answerRequestObject(
  request: WireRequest,
  requestId: string,
  verifying: Verifying,
): Promise<WireResponse> {
  const { wallet_nonce, wallet_metadata } = readRequestUriRequest(request)
  const { record } = await standingPresentation(requestId, verifying)
  const token = await signedObject(record, identityOf(record, verifying), verifying, wallet_nonce)
  return writeRequestObjectResponse(await forWallet(token, wallet_metadata, verifying))
}

/** Encrypted where the wallet named a key for it, and an encryption that is known here; signed in any case. */
async function forWallet(
  token: string,
  metadata: WalletMetadata | undefined,
  { ports }: Verifying,
): Promise<string> {
  const [key] = metadata?.jwks?.keys ?? []
  const enc = encryptionFor(metadata)
  if (key === undefined || enc === undefined || ports.encryption === undefined) return token
  try {
    return await ports.encryption.seal(utf8(token), { key, enc })
  } catch (cause) {
    // In the clear it would be told to who asked for it not to be.
    throw new ProtocolError('message_malformed', 'Nobody can encrypt to the key in the wallet_metadata', {
      cause,
    })
  }
}

function encryptionFor(metadata: WalletMetadata | undefined): JweEncryption | undefined {
  const taken = metadata?.request_object_encryption_enc_values_supported ?? ['A128GCM']
  return jweEncryptions.toReversed().find((enc) => taken.includes(enc))
}
