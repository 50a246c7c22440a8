/** Token Revocation: a client gives up a token, and the grant behind it. RFC 7009. */
import * as v from 'valibot'
import { formRequest, NO_STORE, readBody } from '../../body.ts'
import { FORM_MEDIA_TYPE, readForm } from '../../form.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'

export interface RevocationRequest {
  readonly token: string
  /** Helps to find it; a server looks further when it is wrong (§2.1). */
  readonly token_type_hint?: string
  /** Of a client that does not authenticate. */
  readonly client_id?: string
}

const TOKEN_LENGTH = 8192

const schema = members({
  token: text(TOKEN_LENGTH),
  token_type_hint: optional(v.pipe(v.string(), v.maxLength(100, 'is too long'))),
  client_id: optional(text()),
})

true satisfies Same<Plain<RevocationRequest>, Reads<typeof schema>>

export function revocationRequest(endpoint: string, request: RevocationRequest): WireRequest {
  return formRequest(endpoint, { ...request })
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readRevocationRequest(request: WireRequest): RevocationRequest {
  return readMessage(schema, readForm(readBody(request, FORM_MEDIA_TYPE)), { name: 'revocation request' })
}

/** §2.2: the same for a token that was never known. */
export function writeRevocationResponse(): WireResponse {
  return { status: 200, headers: NO_STORE, body: '' }
}
