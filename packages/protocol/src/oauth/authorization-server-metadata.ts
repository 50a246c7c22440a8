/**
 * Authorization Server Metadata: where a server's endpoints are, and what they take.
 * RFC 8414, RFC 9126 §5, RFC 9207 §3, RFC 9396 §10, RFC 9449 §5.1, OpenID4VCI 1.0 §12.3.
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
  /** Absent: no person is asked, only pre-authorized codes are taken. */
  readonly authorization_endpoint?: string
  readonly pushed_authorization_request_endpoint?: string
  /** Absent means `false`. */
  readonly require_pushed_authorization_requests?: boolean
  /** Where fresh challenges for client attestations come from. */
  readonly challenge_endpoint?: string
  readonly revocation_endpoint?: string
  readonly introspection_endpoint?: string
  readonly jwks_uri?: string
  readonly scopes_supported?: readonly string[]
  /** Absent: the server does not say. */
  readonly grant_types_supported?: readonly string[]
  /** Whether a wallet needs no `client_id` for a pre-authorized code; absent means `false`. */
  readonly 'pre-authorized_grant_anonymous_access_supported'?: boolean
  /** May be absent, or empty, where only pre-authorized codes are taken (OpenID4VCI §12.3). */
  readonly response_types_supported?: readonly string[]
  /** `S256`; absent: the server may know nothing of PKCE. */
  readonly code_challenge_methods_supported?: readonly string[]
  readonly token_endpoint_auth_methods_supported?: readonly string[]
  readonly token_endpoint_auth_signing_alg_values_supported?: readonly string[]
  /** Whether authorization responses say whose they are; absent means `false`. */
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly authorization_details_types_supported?: readonly string[]
  /** Absent: the server does not say that it knows DPoP. */
  readonly dpop_signing_alg_values_supported?: readonly string[]
  readonly client_attestation_signing_alg_values_supported?: readonly string[]
  readonly client_attestation_pop_signing_alg_values_supported?: readonly string[]
}

/** Values of one list. */
const VALUES = 100

const values: Reader<readonly string[]> = v.pipe(v.array(text()), v.maxLength(VALUES, 'has too many values'))

const schema = members({
  issuer: text(),
  token_endpoint: text(),
  authorization_endpoint: ornament(text()),
  pushed_authorization_request_endpoint: ornament(text()),
  require_pushed_authorization_requests: ornament(v.boolean()),
  challenge_endpoint: ornament(text()),
  revocation_endpoint: ornament(text()),
  introspection_endpoint: ornament(text()),
  jwks_uri: ornament(text()),
  scopes_supported: ornament(values),
  grant_types_supported: ornament(values),
  'pre-authorized_grant_anonymous_access_supported': ornament(v.boolean()),
  response_types_supported: ornament(values),
  code_challenge_methods_supported: ornament(values),
  token_endpoint_auth_methods_supported: ornament(values),
  token_endpoint_auth_signing_alg_values_supported: ornament(values),
  authorization_response_iss_parameter_supported: ornament(v.boolean()),
  authorization_details_types_supported: ornament(values),
  dpop_signing_alg_values_supported: ornament(values),
  client_attestation_signing_alg_values_supported: ornament(values),
  client_attestation_pop_signing_alg_values_supported: ornament(values),
})

true satisfies Same<Plain<AuthorizationServerMetadata>, Reads<typeof schema>>

/** Where a wallet sends secrets or people, besides the token endpoint. */
const ENDPOINTS: readonly (keyof AuthorizationServerMetadata)[] = [
  'authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'challenge_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'jwks_uri',
]

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
  return withoutUnusable(metadata, scheme)
}

/** A server with an endpoint that must not be called has none of that kind; the others stay. */
function withoutUnusable(metadata: AuthorizationServerMetadata, scheme: Scheme): AuthorizationServerMetadata {
  const unusable = ENDPOINTS.filter((name) => {
    const url = metadata[name]
    return typeof url === 'string' && !isCallable(url, scheme)
  })
  if (unusable.length === 0) return metadata
  const { issuer, token_endpoint, ...others } = metadata
  const kept = Object.entries(others).filter(([name]) => !unusable.some((other) => other === name))
  return { issuer, token_endpoint, ...Object.fromEntries(kept) }
}

function isCallable(url: string, scheme: Scheme): boolean {
  try {
    readHttpUrl(url, scheme)
    return true
  } catch {
    return false
  }
}
