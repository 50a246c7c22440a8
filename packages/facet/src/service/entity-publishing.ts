/**
 * A service as an entity of federations: beside what it serves, it says of itself who it is, with which key, and who
 * its superiors are (OpenID Federation 1.0 §9). Superiors that vouch for it are told its identifier and that key.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { jwkThumbprint, writeJws } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { hash } from '@facet-id/crypto/node'
import type { Handle } from '@facet-id/protocol/wire'
import { entityConfigurationUrl, writeEntityConfiguration } from '@facet-id/trust/federation'
import type { Identity } from '@facet-id/veramo'
import { FacetError } from '../error.ts'

export interface EntityOptions {
  /** The address of the service, which is its entity identifier. */
  readonly url: string
  readonly identity: Identity
  readonly authorities: readonly string[]
  /** What it is: `openid_credential_issuer`, `openid_credential_verifier`. */
  readonly entityType: string
  /** Where the service publishes its metadata; absent: it publishes none, and `metadata` is told. */
  readonly metadataUrl?: string
  /** What is told of a service that publishes no metadata; empty when absent. */
  readonly metadata?: JsonObject
  /** Seconds since the epoch. */
  readonly now: () => number
}

const LIFETIME = 86_400
/** Signed anew that often, so that whoever asks signs nothing for themselves. */
const RENEWED_AFTER = 3600

/**
 * Stands in front of a service.
 *
 * @throws {FacetError} `usage`: the address of the service, or of a superior, is no entity identifier
 */
export function publishingEntity(handle: Handle, options: EntityOptions): Handle {
  const { url, now } = options
  check(options)
  const place = entityConfigurationUrl(url)
  let known: { readonly at: number; readonly body: Promise<string> } | undefined
  return async (request) => {
    if (request.url !== place || request.method !== 'GET') return handle(request)
    const at = now()
    if (known === undefined || at - known.at >= RENEWED_AFTER || at < known.at)
      known = { at, body: sign(handle, options) }
    const { body } = known
    body.catch(() => {
      known = undefined
    })
    const headers = { 'content-type': 'application/entity-statement+jwt' }
    return { status: 200, headers, body: await body }
  }
}

async function sign(handle: Handle, options: EntityOptions): Promise<string> {
  const { signer } = options.identity
  const input = writeEntityConfiguration(
    configurationOf(options, await metadataOf(handle, options)),
    signer.alg,
  )
  return writeJws(input, await signer.sign(utf8(input)))
}

async function metadataOf(handle: Handle, { metadataUrl, metadata }: EntityOptions): Promise<JsonObject> {
  if (metadataUrl === undefined) return metadata ?? {}
  const { body } = await handle({ method: 'GET', url: metadataUrl, headers: { accept: 'application/json' } })
  return readJsonObject(body)
}

function configurationOf(
  { url, identity: { publicJwk }, authorities, entityType, now }: EntityOptions,
  metadata: JsonObject,
): Parameters<typeof writeEntityConfiguration>[0] {
  const issuedAt = Math.floor(now())
  return {
    entityId: url,
    key: { kid: jwkThumbprint(publicJwk, hash), publicJwk },
    authorityHints: authorities,
    metadata: { [entityType]: metadata },
    issuedAt,
    expiresAt: issuedAt + LIFETIME,
  }
}

function check(options: EntityOptions): void {
  try {
    writeEntityConfiguration(configurationOf(options, {}), options.identity.signer.alg)
  } catch (cause) {
    throw new FacetError(
      'usage',
      'A service of a federation is at an https address (--public-url), and so is each authority above it',
      { cause },
    )
  }
}
