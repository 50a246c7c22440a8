/**
 * Encrypted requests opened, and answers encrypted for who asked. OpenID4VCI 1.0 §8.2, §10. Errors never pass
 * here: they go out in the clear.
 */
import type { Jwe } from '@facet-id/credential/jwe'
import { ProtocolError } from '@facet-id/protocol/error'
import {
  decrypted,
  encrypted,
  findEncrypted,
  plainOf,
  type ResponseEncryption,
  type Sent,
} from '@facet-id/protocol/openid4vci/encryption'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Issuing } from '../issuing.ts'
import type { IssuerDecryptionKey, IssuerEncryption } from '../ports.ts'

export interface Opened {
  /** In the clear. */
  readonly request: WireRequest
  readonly sent: Sent
}

/** @throws {ProtocolError} `encryption_unsupported`: also for what cannot be opened, in one way for all reasons */
export async function openRequest(request: WireRequest, { ports, settings }: Issuing): Promise<Opened> {
  const jwe = findEncrypted(request)
  const { encryption } = ports
  if (jwe === undefined) {
    if (encryption !== undefined && settings.encryption.requests === 'required') {
      throw refused('requests must be encrypted, to a key of the metadata')
    }
    return { request, sent: 'in the clear' }
  }
  if (encryption === undefined) throw refused('requests are not encrypted here')
  const plain = await openWith(keyFor(jwe, encryption), jwe)
  return { request: decrypted(request, plain), sent: 'encrypted' }
}

/** Holds what a wallet asks for against what the issuer demands. @throws {ProtocolError} `encryption_unsupported` */
export function checkResponseEncryption(
  asked: ResponseEncryption | undefined,
  { ports, settings }: Issuing,
): void {
  if (asked !== undefined && ports.encryption === undefined) throw refused('responses are not encrypted here')
  if (asked === undefined && ports.encryption !== undefined && settings.encryption.responses === 'required') {
    throw refused('responses are encrypted: send credential_response_encryption')
  }
}

/** The answer as this request, and no earlier one, asked for it. */
export async function answerIn(
  response: WireResponse,
  asked: ResponseEncryption | undefined,
  { ports }: Issuing,
): Promise<WireResponse> {
  if (asked === undefined || ports.encryption === undefined) return response
  let jwe: string
  try {
    jwe = await ports.encryption.seal(plainOf(response), { key: asked.jwk, enc: asked.enc })
  } catch (cause) {
    throw refused('the key for the response cannot be used', cause)
  }
  return encrypted(response, jwe)
}

function keyFor({ header: { kid } }: Jwe, { keys }: IssuerEncryption): IssuerDecryptionKey {
  const key = keys.find(({ publicJwk }) => publicJwk.kid === kid)
  // §10: the header has the `kid` of the key, and each of ours has one.
  if (key === undefined) throw refused('its "kid" is none of the keys in the metadata')
  return key
}

async function openWith({ open }: IssuerDecryptionKey, jwe: Jwe): Promise<Uint8Array> {
  try {
    return await open(jwe)
  } catch (cause) {
    throw refused('it cannot be opened', cause)
  }
}

function refused(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError('encryption_unsupported', `The encryption of the request is refused: ${why}`, {
    cause,
  })
}
