/** The hash that an SD-JWT names for its digests. RFC 9901 §4.1.1. */
import { CredentialError } from '../error.ts'
import type { HashAlgorithm } from '../jose/ports.ts'
import { findMember, type JsonObject } from '../json.ts'
import { hashName } from './reserved-name.ts'

/**
 * The algorithm of `_sd_alg`, or `sha-256` when the payload does not name one. Names are
 * case-sensitive; truncated and broken hashes of the registry are refused (§9.4).
 *
 * @throws {CredentialError} `sd_alg_not_allowed`
 */
export function readHashAlgorithm(payload: JsonObject): HashAlgorithm {
  const name = findMember(payload, hashName)
  if (name === undefined) return 'sha-256'
  if (name === 'sha-256' || name === 'sha-384' || name === 'sha-512') return name
  throw new CredentialError('sd_alg_not_allowed', '_sd_alg must be sha-256, sha-384 or sha-512')
}
