/**
 * The compact form: an issuer-signed JWT, its disclosures and perhaps a key binding JWT, joined by
 * tildes. RFC 9901 §4.
 *
 * This module takes the text apart and puts it together; it reads neither the JWTs nor the
 * disclosures. `json-serialization.ts` does the same for the two JSON forms (§8).
 */
import { CredentialError } from '../error.ts'

/**
 * Bounds on what a stranger may send, refused before anything is decoded, hashed or verified. They fit
 * each other: a claim costs some 200 characters with its digest (two thirds of it base64 of base64).
 */
export const sdJwtLimits: { readonly characters: number; readonly disclosures: number } = {
  characters: 4_194_304,
  disclosures: 20_000,
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

const outsideAlphabet = /[^A-Za-z0-9_.~-]/

/**
 * Takes an SD-JWT or SD-JWT+KB apart (RFC 9901 §4). A text without its last tilde is refused: its
 * last disclosure would otherwise pass for a key binding JWT. Size and number are looked at before
 * anything else.
 *
 * @throws {CredentialError} `sd_jwt_malformed`, `sd_jwt_too_large`, `disclosures_too_many`
 */
export function splitSdJwt(text: string): SdJwtParts {
  if (text.length > sdJwtLimits.characters) throw tooLarge()
  const [jwt = '', ...rest] = text.split('~', sdJwtLimits.disclosures + 3)
  const keyBindingJwt = rest.pop()
  if (rest.length > sdJwtLimits.disclosures) throw tooMany()
  if (outsideAlphabet.test(text)) {
    throw malformed('An SD-JWT has base64url characters, dots and tildes only')
  }
  if (!isJwtShape(jwt)) throw malformed('An SD-JWT begins with a JWT of three parts')
  if (keyBindingJwt === undefined || !(keyBindingJwt === '' || isJwtShape(keyBindingJwt))) {
    throw malformed('An SD-JWT ends in a tilde or in a key binding JWT')
  }
  for (const disclosure of rest) {
    if (disclosure === '' || disclosure.includes('.')) {
      throw malformed('Between two tildes of an SD-JWT stands one disclosure')
    }
  }
  return keyBindingJwt === '' ? { jwt, disclosures: rest } : { jwt, disclosures: rest, keyBindingJwt }
}

/**
 * Puts an SD-JWT together, or an SD-JWT+KB when a key binding JWT is given (RFC 9901 §4). Without
 * one the text ends in a tilde, and is what a key binding JWT must hash.
 */
export function writeSdJwt(jwt: string, disclosures: readonly string[], keyBindingJwt = ''): string {
  return disclosures.length === 0
    ? `${jwt}~${keyBindingJwt}`
    : `${jwt}~${disclosures.join('~')}~${keyBindingJwt}`
}

/** Three parts, of which only the signature may be empty; the alphabet is looked at by the caller. */
export function isJwtShape(text: string): boolean {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  return first > 0 && second > first + 1 && !text.includes('.', second + 1)
}

export function tooLarge(): CredentialError {
  return new CredentialError('sd_jwt_too_large', `An SD-JWT has at most ${sdJwtLimits.characters} characters`)
}

export function tooMany(): CredentialError {
  return new CredentialError(
    'disclosures_too_many',
    `An SD-JWT carries at most ${sdJwtLimits.disclosures} disclosures`,
  )
}

export function malformed(message: string): CredentialError {
  return new CredentialError('sd_jwt_malformed', message)
}
