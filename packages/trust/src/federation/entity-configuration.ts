/** What an entity of ours says of itself (OpenID Federation 1.0 §3, §9). */
import { type JwsAlgorithm, type PublicJwk, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { malformed, readEntityId } from './entity-id.ts'

export interface OwnConfiguration {
  readonly entityId: string
  /** The key that signs it, which superiors name too. */
  readonly key: { readonly kid: string; readonly publicJwk: PublicJwk }
  /** Entity identifiers of superiors; one at least. */
  readonly authorityHints: readonly string[]
  /** By entity type. */
  readonly metadata: Readonly<Record<string, JsonObject>>
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/**
 * What is signed: the caller signs its ASCII, and joins both with `writeJws`.
 *
 * @throws {TrustError} `statement_malformed`
 */
export function writeEntityConfiguration(of: OwnConfiguration, alg: JwsAlgorithm): string {
  const { key, authorityHints, metadata, issuedAt, expiresAt } = of
  if (authorityHints.length === 0) throw malformed('"authority_hints" must name a superior')
  const id = readEntityId(of.entityId, 'iss')
  const claims = {
    iss: id,
    sub: id,
    iat: issuedAt,
    exp: expiresAt,
    jwks: { keys: [{ ...key.publicJwk, kid: key.kid }] },
    authority_hints: authorityHints.map((hint) => readEntityId(hint, 'authority_hints')),
    metadata,
  }
  return writeSigningInput({ alg, typ: 'entity-statement+jwt', kid: key.kid }, claims)
}
