/** What an OpenID provider says about itself, as far as a relying party needs it. OpenID Connect Discovery 1.0 §3. */
import * as v from 'valibot'
import { ProtocolError } from '../error.ts'
import { members, ornament, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import { readHttpUrl, readIdentifierUrl, type Scheme } from '../url.ts'

export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  /** Whether its answers say whose they are (RFC 9207); absent means `false`. */
  readonly authorization_response_iss_parameter_supported?: boolean
}

const LENGTH = 131_072

const schema = members({
  issuer: text(),
  authorization_endpoint: text(),
  token_endpoint: text(),
  jwks_uri: text(),
  authorization_response_iss_parameter_supported: ornament(v.boolean()),
})

true satisfies Same<Plain<ProviderMetadata>, Reads<typeof schema>>

/** §4: the name goes behind the path, and not between it and the host. */
export function providerMetadataUrl(issuer: string, scheme: Scheme = 'https'): string {
  const { href } = readIdentifierUrl(issuer, scheme)
  return `${href.endsWith('/') ? href.slice(0, -1) : href}/.well-known/openid-configuration`
}

/** @throws {ProtocolError} `message_malformed`, also for another provider's; `message_too_large`, `https_required` */
export function readProviderMetadata(
  json: string,
  issuer: string,
  scheme: Scheme = 'https',
): ProviderMetadata {
  const metadata = readMessage(schema, json, { name: 'provider metadata', length: LENGTH })
  if (metadata.issuer !== issuer) {
    throw new ProtocolError(
      'message_malformed',
      'The provider metadata names another provider than was asked',
    )
  }
  for (const url of [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]) {
    readHttpUrl(url, scheme)
  }
  return metadata
}
