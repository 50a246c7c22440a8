/**
 * Credential Issuer Metadata: what an issuer has, and where to ask for it.
 * OpenID4VCI 1.0 §12.2.
 */
import type { JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { documentRequest, JSON_MEDIA_TYPE, jsonResponse, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import {
  jsonObject,
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../read.ts'
import { readHttpUrl, readIdentifierUrl, type Scheme, wellKnownUrl } from '../url.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import { type CredentialConfigurationMetadata, credentialConfiguration } from './credential-configuration.ts'
import type { CredentialIssuerId } from './credential-issuer-id.ts'
import { type IssuerDisplay, issuerDisplays } from './display.ts'

export interface CredentialIssuerMetadata {
  readonly credential_issuer: CredentialIssuerId
  /** Identifiers; absent: the issuer is its own authorization server. */
  readonly authorization_servers?: readonly string[]
  readonly credential_endpoint: string
  /** Absent: key proofs need no nonce. */
  readonly nonce_endpoint?: string
  /** Absent: one proof a request, and one credential. */
  readonly batch_credential_issuance?: {
    /** Most proofs in one request; 2 or more. */
    readonly batch_size: number
  }
  readonly display?: readonly IssuerDisplay[]
  /** By identifier. Those that this release cannot act upon are left out when metadata is read. */
  readonly credential_configurations_supported: Readonly<Record<string, CredentialConfigurationMetadata>>
}

/** Characters of the document: images may be part of it. */
const LENGTH = 2_097_152
const CONFIGURATIONS = 500
const AUTHORIZATION_SERVERS = 20

const configurations: Reader<CredentialIssuerMetadata['credential_configurations_supported']> = v.pipe(
  jsonObject,
  v.transform(readConfigurations),
)

const encryption = ornament(members({ encryption_required: v.boolean() }))

const schema = members({
  credential_issuer: text(),
  authorization_servers: optional(list(text(), AUTHORIZATION_SERVERS)),
  credential_endpoint: text(),
  nonce_endpoint: optional(text()),
  batch_credential_issuance: ornament(members({ batch_size: whole(2) })),
  display: ornament(issuerDisplays),
  credential_configurations_supported: configurations,
  credential_request_encryption: encryption,
  credential_response_encryption: encryption,
})

true satisfies Same<
  Plain<CredentialIssuerMetadata>,
  Plain<Omit<Reads<typeof schema>, 'credential_request_encryption' | 'credential_response_encryption'>>
>

/** Asks for the metadata of an issuer: the well-known name goes between host and path (§12.2.2). */
export function credentialIssuerMetadataRequest(issuer: CredentialIssuerId): WireRequest {
  // Its reader has already seen to it that plain http is taken in development mode only.
  const url = readIdentifierUrl(issuer, 'https_or_loopback_http')
  return documentRequest(wellKnownUrl(url, 'openid-credential-issuer'), JSON_MEDIA_TYPE)
}

/** What the issuer publishes, unsigned. */
export function writeCredentialIssuerMetadataResponse(metadata: CredentialIssuerMetadata): WireResponse {
  return jsonResponse(JSON.stringify(metadata))
}

/**
 * Reads the metadata of that issuer. A configuration that breaks the rules, or that asks for what this
 * release has not got, is left out; the others stay.
 *
 * @throws {ProtocolError} `message_malformed`, also when the document is another issuer's;
 * `message_too_large`, `content_type_unexpected`, `https_required`; `feature_unsupported` when the
 * issuer demands encryption
 */
export function readCredentialIssuerMetadataResponse(
  response: WireResponse,
  issuer: CredentialIssuerId,
  scheme: Scheme = 'https',
): CredentialIssuerMetadata {
  const rules = { name: 'credential issuer metadata', length: LENGTH }
  const {
    credential_request_encryption: ofRequests,
    credential_response_encryption: ofResponses,
    ...metadata
  } = readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), rules)
  // §12.2.4: compared with simple string comparison; when they differ, the data "MUST NOT be used".
  if (metadata.credential_issuer !== issuer) {
    throw new ProtocolError(
      'message_malformed',
      'The credential issuer metadata names another issuer than was asked',
    )
  }
  if (ofRequests?.encryption_required === true || ofResponses?.encryption_required === true) {
    throw new ProtocolError(
      'feature_unsupported',
      'The issuer demands encrypted messages, which are not supported',
    )
  }
  for (const server of metadata.authorization_servers ?? []) readIdentifierUrl(server, scheme)
  readHttpUrl(metadata.credential_endpoint, scheme)
  if (metadata.nonce_endpoint !== undefined) readHttpUrl(metadata.nonce_endpoint, scheme)
  return { ...metadata, credential_issuer: issuer }
}

function readConfigurations(object: JsonObject): Readonly<Record<string, CredentialConfigurationMetadata>> {
  const entries = Object.entries(object)
  if (entries.length > CONFIGURATIONS) {
    throw new ProtocolError(
      'message_too_large',
      `An issuer has at most ${CONFIGURATIONS} credential configurations`,
    )
  }
  return Object.fromEntries(
    entries.flatMap(([id, value]) => {
      const read = v.safeParse(credentialConfiguration, value, { abortEarly: true })
      return read.success ? [[id, read.output]] : []
    }),
  )
}
