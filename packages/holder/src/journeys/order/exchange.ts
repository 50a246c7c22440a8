/** A request that needs a grant, and its answer: both encrypted where the issuer has a key for it. */
import type { OpenJwe } from '@facet-id/credential/jwe'
import type { CredentialIssuerMetadata } from '@facet-id/protocol/openid4vci'
import {
  decrypted,
  encrypted,
  findEncrypted,
  plainOf,
  type ResponseEncryption,
} from '@facet-id/protocol/openid4vci/encryption'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import { planEncryption } from '../../issuance/encryption-plan.ts'
import { sendProtected } from './send-protected.ts'

/** The request, once it is known with which token it goes out, and how its answer is to be encrypted. */
export type MakeRequest = (accessToken: string, answer?: ResponseEncryption) => WireRequest

/**
 * @returns the answer in the clear
 * @throws {HolderError} `answer_not_encrypted`, `offer_unsupported`, `grant_ended`
 */
export async function exchange(
  make: MakeRequest,
  { grantId, metadata }: { readonly grantId: string; readonly metadata: CredentialIssuerMetadata },
  holding: Holding,
): Promise<WireResponse> {
  const { encryption } = holding.ports
  const plan = planEncryption(metadata, encryption !== undefined)
  if (encryption === undefined || plan === undefined) return sendProtected(make, { grantId }, holding)
  const { to: key, enc, answerEnc } = plan
  const own = answerEnc === undefined ? undefined : { enc: answerEnc, ...(await encryption.generateKey()) }
  const wanted =
    own === undefined ? undefined : ({ jwk: { ...own.publicJwk, alg: 'ECDH-ES' }, enc: own.enc } as const)
  const response = await sendProtected(
    async (accessToken) => {
      const request = make(accessToken, wanted)
      return encrypted(request, await encryption.seal(plainOf(request), { key, enc }))
    },
    { grantId },
    holding,
  )
  // §8.3.1.2: errors are never encrypted, and there is nothing of the person in them.
  const granted = response.status >= 200 && response.status <= 299
  return own === undefined || !granted ? response : opened(response, own.open)
}

async function opened(response: WireResponse, open: OpenJwe): Promise<WireResponse> {
  const jwe = findEncrypted(response)
  // §10: a message in the clear, where encryption was asked for, "SHOULD be rejected".
  if (jwe === undefined)
    throw new HolderError(
      'answer_not_encrypted',
      'The issuer answered in the clear where encryption was asked for',
    )
  let plain: Uint8Array
  try {
    plain = await open(jwe)
  } catch (cause) {
    throw new HolderError('answer_not_encrypted', 'The answer is not encrypted to the key of this request', {
      cause,
    })
  }
  return decrypted(response, plain)
}
