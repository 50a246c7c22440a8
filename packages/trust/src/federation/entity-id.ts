/** Entity identifiers (OpenID Federation 1.0 §1.2, §9): an https URL, compared as text. */
import type { JsonValue } from '@facet-id/credential/json'
import { TrustError } from '../error.ts'

const form = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::[0-9]{1,5})?(?:\/[\x21-\x7e]*)?$/
const maxCharacters = 2048

/** @throws {TrustError} `statement_malformed` */
export function readEntityId(value: JsonValue | undefined, what: string): string {
  if (typeof value === 'string' && value.length <= maxCharacters && form.test(value) && !/[?#]/.test(value))
    return value
  throw malformed(`"${what}" must be an entity identifier: an https URL without query or fragment`)
}

/** The host of an entity identifier that was read. */
export function hostOf(entityId: string): string {
  return form.exec(entityId)?.[1] ?? ''
}

/**
 * Where an entity publishes its configuration: the well-known part comes behind the path, not in front of it
 * as elsewhere in OAuth (§9).
 */
export function entityConfigurationUrl(entityId: string): string {
  return `${entityId.replace(/\/$/, '')}/.well-known/openid-federation`
}

export function malformed(what: string, cause?: unknown): TrustError {
  const options = cause === undefined ? {} : { cause }
  return new TrustError('statement_malformed', `The entity statement cannot be taken: ${what}`, options)
}
