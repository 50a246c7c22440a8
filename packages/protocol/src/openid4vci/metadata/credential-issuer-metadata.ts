/**
 * Credential Issuer Metadata: what an issuer has, and where to ask for it.
 * OpenID4VCI 1.0 §12.2.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { documentRequest, JSON_MEDIA_TYPE, jsonResponse, readAnswer } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import {
  jsonObject,
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../../read.ts'
import { readHttpUrl, readIdentifierUrl, type Scheme, wellKnownUrl } from '../../url.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import type { CredentialIssuerId } from '../credential-issuer-id.ts'
import { type CredentialConfigurationMetadata, credentialConfiguration } from './credential-configuration.ts'
import { type IssuerDisplay, issuerDisplays } from './display.ts'
import {
  anyJson,
  type CredentialRequestEncryption,
  type CredentialResponseEncryption,
  readRequestEncryption,
  readResponseEncryption,
} from './encryption.ts'

export interface CredentialIssuerMetadata {
  readonly credential_issuer: CredentialIssuerId
  /** Identifiers; absent: the issuer is its own authorization server. */
  readonly authorization_servers?: readonly string[]
  readonly credential_endpoint: string
  /** Absent: key proofs need no nonce. */
  readonly nonce_endpoint?: string
  /** Absent: nothing is issued later than it is asked for. */
  readonly deferred_credential_endpoint?: string
  /** Absent: the issuer does not want to hear what became of its credentials. */
  readonly notification_endpoint?: string
  /** Absent: requests cannot be encrypted. */
  readonly credential_request_encryption?: CredentialRequestEncryption
  /** Absent: responses cannot be encrypted. */
  readonly credential_response_encryption?: CredentialResponseEncryption
  /** Absent: one proof a request, and one credential. */
  readonly batch_credential_issuance?: {
    /** Most proofs in one request; 2 or more. */
    readonly batch_size: number
  }
  readonly display?: readonly IssuerDisplay[]
  /** By identifier. Those that this release cannot act upon are left out when metadata is read. */
  readonly credential_configurations_supported: Readonly<Record<string, CredentialConfigurationMetadata>>
}

/** Metadata as it was read, and what of it was not. */
export interface ReadIssuerMetadata {
  readonly metadata: CredentialIssuerMetadata
  /** Configurations that are not in `metadata`; the others do not suffer for them. */
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly configurationId: string
  /** What is wrong with it, or not known here; without values of the issuer's. */
  readonly why: string
}

/** Characters of the document: images may be part of it. */
export const METADATA_LENGTH = 2_097_152
const CONFIGURATIONS = 500
const AUTHORIZATION_SERVERS = 20

const schema = members({
  credential_issuer: text(),
  authorization_servers: optional(list(text(), AUTHORIZATION_SERVERS)),
  credential_endpoint: text(),
  nonce_endpoint: optional(text()),
  deferred_credential_endpoint: optional(text()),
  notification_endpoint: optional(text()),
  credential_request_encryption: optional(anyJson),
  credential_response_encryption: optional(anyJson),
  batch_credential_issuance: ornament(members({ batch_size: whole(2) })),
  display: ornament(issuerDisplays),
  credential_configurations_supported: jsonObject,
})

type ReadApart =
  | 'credential_request_encryption'
  | 'credential_response_encryption'
  | 'credential_configurations_supported'

true satisfies Same<
  Plain<Omit<CredentialIssuerMetadata, ReadApart>>,
  Plain<Omit<Reads<typeof schema>, ReadApart>>
>

/** Asks for the metadata of an issuer: the well-known name goes between host and path (§12.2.2). */
export function credentialIssuerMetadataRequest(
  issuer: CredentialIssuerId,
  accept: string = JSON_MEDIA_TYPE,
): WireRequest {
  // Its reader has already seen to it that plain http is taken in development mode only.
  const url = readIdentifierUrl(issuer, 'https_or_loopback_http')
  return documentRequest(wellKnownUrl(url, 'openid-credential-issuer'), accept)
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
 * issuer demands encryption of a kind that is not known here
 */
export function readCredentialIssuerMetadataResponse(
  response: WireResponse,
  issuer: CredentialIssuerId,
  scheme: Scheme = 'https',
): CredentialIssuerMetadata {
  return readIssuerMetadata(readAnswer(response, JSON_MEDIA_TYPE), issuer, scheme).metadata
}

/**
 * The same, from the text of the document or from the payload of signed metadata, with a note for each
 * configuration that was left out.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `https_required`, `feature_unsupported`
 */
export function readIssuerMetadata(
  document: JsonValue,
  issuer: CredentialIssuerId,
  scheme: Scheme = 'https',
): ReadIssuerMetadata {
  const rules = { name: 'credential issuer metadata', length: METADATA_LENGTH }
  const {
    credential_request_encryption,
    credential_response_encryption,
    credential_configurations_supported,
    ...read
  } = readMessage(schema, document, rules)
  // §12.2.4: compared with simple string comparison; when they differ, the data "MUST NOT be used".
  if (read.credential_issuer !== issuer) {
    throw new ProtocolError(
      'message_malformed',
      'The credential issuer metadata names another issuer than was asked',
    )
  }
  for (const server of read.authorization_servers ?? []) readIdentifierUrl(server, scheme)
  const { nonce_endpoint, deferred_credential_endpoint, notification_endpoint } = read
  for (const endpoint of [
    read.credential_endpoint,
    nonce_endpoint,
    deferred_credential_endpoint,
    notification_endpoint,
  ]) {
    if (endpoint !== undefined) readHttpUrl(endpoint, scheme)
  }
  const ofRequests = readRequestEncryption(credential_request_encryption)
  const ofResponses = readResponseEncryption(credential_response_encryption)
  const { kept, leftOut } = readConfigurations(credential_configurations_supported)
  const metadata = {
    ...read,
    credential_issuer: issuer,
    ...(ofRequests === undefined ? {} : { credential_request_encryption: ofRequests }),
    ...(ofResponses === undefined ? {} : { credential_response_encryption: ofResponses }),
    credential_configurations_supported: kept,
  }
  return { metadata, leftOut }
}

function readConfigurations(object: JsonObject): {
  readonly kept: Readonly<Record<string, CredentialConfigurationMetadata>>
  readonly leftOut: readonly LeftOut[]
} {
  const entries = Object.entries(object)
  if (entries.length > CONFIGURATIONS) {
    throw new ProtocolError(
      'message_too_large',
      `An issuer has at most ${CONFIGURATIONS} credential configurations`,
    )
  }
  const kept: [string, CredentialConfigurationMetadata][] = []
  const leftOut: LeftOut[] = []
  for (const [configurationId, value] of entries) {
    try {
      // A text would be taken for JSON, and is no configuration.
      const given = typeof value === 'string' ? null : value
      kept.push([configurationId, readMessage(credentialConfiguration, given, { name: 'configuration' })])
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      leftOut.push({ configurationId, why: error.message })
    }
  }
  return { kept: Object.fromEntries(kept), leftOut }
}
