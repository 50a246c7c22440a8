/**
 * Authorization Server Metadata: where the token endpoint is, and which grants it takes.
 * RFC 8414, OpenID4VCI 1.0 §12.3.
 */
import * as v from 'valibot'
import { documentRequest, JSON_MEDIA_TYPE, jsonResponse, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import {
  members,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../read.ts'
import { readHttpUrl, readIdentifierUrl, type Scheme, wellKnownUrl } from '../url.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

export interface AuthorizationServerMetadata {
  /** The identifier from which this document's address was made. */
  readonly issuer: string
  readonly token_endpoint: string
  /** Absent: the server does not say. */
  readonly grant_types_supported?: readonly string[]
  /** Whether a wallet needs no `client_id` for a pre-authorized code; absent means `false`. */
  readonly 'pre-authorized_grant_anonymous_access_supported'?: boolean
  /** May be absent, or empty, where only pre-authorized codes are taken (OpenID4VCI §12.3). */
  readonly response_types_supported?: readonly string[]
}

/** Values of one list. */
const VALUES = 100

const values: Reader<readonly string[]> = v.pipe(v.array(text()), v.maxLength(VALUES, 'has too many values'))

const schema = members({
  issuer: text(),
  token_endpoint: text(),
  grant_types_supported: ornament(values),
  'pre-authorized_grant_anonymous_access_supported': ornament(v.boolean()),
  response_types_supported: ornament(values),
})

true satisfies Same<Plain<AuthorizationServerMetadata>, Reads<typeof schema>>

/**
 * Asks for the metadata of a server: the well-known name goes between host and path (RFC 8414 §3.1).
 *
 * @param issuer an identifier that a reader has let in, such as `chooseAuthorizationServer` returns
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `https_required` for anything else
 */
export function authorizationServerMetadataRequest(issuer: string): WireRequest {
  // That reader has already seen to it that plain http is taken in development mode only.
  const url = readIdentifierUrl(issuer, 'https_or_loopback_http')
  return documentRequest(wellKnownUrl(url, 'oauth-authorization-server'), JSON_MEDIA_TYPE)
}

/** What the server publishes. */
export function writeAuthorizationServerMetadataResponse(
  metadata: AuthorizationServerMetadata,
): WireResponse {
  return jsonResponse(JSON.stringify(metadata))
}

/**
 * Reads the metadata of that server.
 *
 * @throws {ProtocolError} `message_malformed`, also when the document is another server's;
 * `message_too_large`, `content_type_unexpected`, `https_required`
 */
export function readAuthorizationServerMetadataResponse(
  response: WireResponse,
  issuer: string,
  scheme: Scheme = 'https',
): AuthorizationServerMetadata {
  const name = 'authorization server metadata'
  const metadata = readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), { name })
  // RFC 8414 §3.3: the "issuer" value returned "MUST be identical"; if not, it "MUST NOT be used".
  if (metadata.issuer !== issuer) {
    throw new ProtocolError(
      'message_malformed',
      'The authorization server metadata names another server than was asked',
    )
  }
  readHttpUrl(metadata.token_endpoint, scheme)
  return metadata
}
