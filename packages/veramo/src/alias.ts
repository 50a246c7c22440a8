import { DidAgentError } from './error.ts'

const ALIAS = /^[A-Za-z0-9._:/-]{1,128}$/

/**
 * Reads the name that the owner of a store gives a DID, such as `issuer`. It rests in the clear, so
 * it is no place for anything about a person.
 *
 * @throws {DidAgentError} `alias_malformed`
 */
export function readAlias(alias: string): string {
  if (typeof alias === 'string' && ALIAS.test(alias)) return alias
  throw new DidAgentError('alias_malformed', 'An alias is 1 to 128 letters, digits and . _ : / -')
}
