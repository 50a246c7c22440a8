/**
 * Requests to the credential and deferred credential endpoints, and their answers, as encrypted tokens.
 * OpenID4VCI 1.0 §10.
 *
 * What is encrypted is the JSON of the message; the envelope around it stays. Opening and sealing is the
 * role's: here is what goes in, and the message that comes out. Errors are never encrypted (§8.3.1.2).
 */
import { readBase64urlText, utf8, writeBase64url } from '@facet-id/credential/base64url'
import { CredentialError } from '@facet-id/credential/error'
import { type Jwe, jweEncryptions, readJwe } from '@facet-id/credential/jwe'
import { JSON_MEDIA_TYPE, mediaTypeOf } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'

/** §10: the media type of encrypted messages. */
export const ENCRYPTED_MEDIA_TYPE = 'application/jwt'

type Message = Pick<WireRequest | WireResponse, 'headers' | 'body'>

/** Characters of an encrypted message: as much as a response in the clear, in base64url. */
const LENGTH = 11_534_336

/**
 * The encrypted token of a message, or `undefined` when its type says that it is in the clear.
 *
 * @throws {ProtocolError} `encryption_unsupported`: it is none of ECDH-ES with AES-GCM, or compressed, or too large
 */
export function findEncrypted({ headers, body }: Message): Jwe | undefined {
  if (mediaTypeOf(headers) !== ENCRYPTED_MEDIA_TYPE) return undefined
  try {
    return readJwe(body ?? '', { encs: jweEncryptions, maxBytes: LENGTH })
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw new ProtocolError('encryption_unsupported', cause.message, { cause })
  }
}

/** What is to be encrypted of a message. */
export function plainOf({ body }: Message): Uint8Array {
  return utf8(body ?? '')
}

/** The message with its contents encrypted; `jwe` in compact form. */
export function encrypted<M extends WireRequest | WireResponse>(message: M, jwe: string): M {
  return { ...message, headers: { ...message.headers, 'content-type': ENCRYPTED_MEDIA_TYPE }, body: jwe }
}

/**
 * The message in the clear, from what was opened.
 *
 * @throws {ProtocolError} `message_malformed` when it is no text
 */
export function decrypted<M extends WireRequest | WireResponse>(message: M, plain: Uint8Array): M {
  return { ...message, headers: { ...message.headers, 'content-type': JSON_MEDIA_TYPE }, body: textOf(plain) }
}

function textOf(plain: Uint8Array): string {
  try {
    return readBase64urlText(writeBase64url(plain))
  } catch (cause) {
    throw new ProtocolError('message_malformed', 'What was encrypted is no text in UTF-8', { cause })
  }
}
