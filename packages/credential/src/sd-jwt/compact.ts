/**
 * The compact form: an issuer-signed JWT, its disclosures and perhaps a key binding JWT, joined by
 * tildes. RFC 9901 §4.
 *
 * This module takes the text apart and puts it together; it reads neither the JWTs nor the
 * disclosures. The JSON serialization (§8) is not read.
 */
import { CredentialError } from '../error.ts'

/** Bounds on what a stranger may send, refused before anything is decoded, hashed or verified. */
export const sdJwtLimits: { readonly characters: number; readonly disclosures: number } = {
  characters: 1_048_576,
  disclosures: 5_000,
}

/** An SD-JWT or SD-JWT+KB in its parts, each exactly as it was received. */
export interface SdJwtParts {
  /** The issuer-signed JWT, in the shape `header.payload.signature`. */
  readonly jwt: string
  /** In the order received. */
  readonly disclosures: readonly string[]
  /** Absent in an SD-JWT without key binding, whose text ends in a tilde. */
  readonly keyBindingJwt?: string
}

const urlSafe = /^[A-Za-z0-9_.~-]*$/
const jwtShape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/

/**
 * Takes an SD-JWT or SD-JWT+KB apart (RFC 9901 §4). A text without its last tilde is refused: its
 * last disclosure would otherwise pass for a key binding JWT.
 *
 * @throws {CredentialError} `sd_jwt_malformed`, `sd_jwt_too_large`, `disclosures_too_many`
 */
export function splitSdJwt(text: string): SdJwtParts {
  if (text.length > sdJwtLimits.characters) {
    throw new CredentialError(
      'sd_jwt_too_large',
      `An SD-JWT has at most ${sdJwtLimits.characters} characters`,
    )
  }
  if (!urlSafe.test(text)) {
    throw new CredentialError('sd_jwt_malformed', 'An SD-JWT has base64url characters, dots and tildes only')
  }
  const [jwt = '', ...rest] = text.split('~', sdJwtLimits.disclosures + 3)
  const keyBindingJwt = rest.pop()
  if (rest.length > sdJwtLimits.disclosures) {
    throw new CredentialError(
      'disclosures_too_many',
      `An SD-JWT carries at most ${sdJwtLimits.disclosures} disclosures`,
    )
  }
  if (!jwtShape.test(jwt)) {
    throw new CredentialError('sd_jwt_malformed', 'An SD-JWT begins with a JWT of three parts')
  }
  if (keyBindingJwt === undefined || !(keyBindingJwt === '' || jwtShape.test(keyBindingJwt))) {
    throw new CredentialError('sd_jwt_malformed', 'An SD-JWT ends in a tilde or in a key binding JWT')
  }
  if (rest.some((disclosure) => disclosure === '' || disclosure.includes('.'))) {
    throw new CredentialError('sd_jwt_malformed', 'Between two tildes of an SD-JWT stands one disclosure')
  }
  return { jwt, disclosures: rest, ...(keyBindingJwt === '' ? {} : { keyBindingJwt }) }
}

/**
 * Puts an SD-JWT together, or an SD-JWT+KB when a key binding JWT is given (RFC 9901 §4). Without
 * one the text ends in a tilde, and is what a key binding JWT must hash.
 */
export function writeSdJwt(jwt: string, disclosures: readonly string[], keyBindingJwt = ''): string {
  return `${[jwt, ...disclosures].join('~')}~${keyBindingJwt}`
}
