/** A token as we read it: everything that stands in it, before anything of it is believed. */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { CredentialError } from '@facet-id/credential/error'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '@facet-id/credential/json'
import { type ClaimPlace, openSdJwt, readDisclosure, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { hash } from '@facet-id/crypto/node'
import { isEncrypted, readEncryptedHeader } from './encrypted.ts'

export type TokenKind =
  | 'SD-JWT'
  | 'SD-JWT with key binding'
  | 'status list token'
  | 'signed token'
  | 'encrypted message'

export interface TokenRead {
  readonly kind: TokenKind
  readonly header: JsonObject
  /** As it was signed: digests and all. */
  readonly payload: JsonObject
  /** The payload, with what was disclosed in its place. */
  readonly claims: JsonObject
  /** Absent where the kind of token has none. */
  readonly disclosures?: readonly DisclosureRead[]
  /** Digests that no disclosure was sent for: claims that are withheld, or decoys that stand for none. */
  readonly concealed?: number
  readonly keyBinding?: { readonly header: JsonObject; readonly payload: JsonObject }
}

export interface DisclosureRead {
  /** Where the claim stands. */
  readonly at: ClaimPlace
  readonly value: JsonValue
  readonly salt: string
  readonly digest: string
}

/** The header `typ` of a status list token; with or without `application/`, in any case. */
const STATUS_LIST = /^(?:application\/)?statuslist\+jwt$/i

/** @throws {CredentialError} when it is no token, or breaks a rule that no reader may pass over */
export function readToken(text: string): TokenRead {
  if (isEncrypted(text)) {
    return { kind: 'encrypted message', header: readEncryptedHeader(text), payload: {}, claims: {} }
  }
  if (text.includes('~')) return readSdJwt(text)
  const { header, payload } = readParts(text)
  const isList = typeof header.typ === 'string' && STATUS_LIST.test(header.typ)
  return { kind: isList ? 'status list token' : 'signed token', header, payload, claims: payload }
}

function readSdJwt(text: string): TokenRead {
  const { jwt, disclosures, keyBindingJwt } = splitSdJwt(text)
  const { header, payload } = readParts(jwt)
  const { claims, disclosed, sdAlg } = openSdJwt(payload, disclosures, hash)
  const read = disclosed.map(({ encoded, at }) => {
    const { value, salt } = readDisclosure(encoded)
    return { at, value, salt, digest: hash(sdAlg, encoded) }
  })
  const digests = [payload, ...read.map(({ value }) => value)].reduce<number>(
    (sum, part) => sum + digestsIn(part),
    0,
  )
  return {
    kind: keyBindingJwt === undefined ? 'SD-JWT' : 'SD-JWT with key binding',
    header,
    payload,
    claims,
    disclosures: read,
    concealed: digests - read.length,
    ...(keyBindingJwt === undefined ? {} : { keyBinding: readParts(keyBindingJwt) }),
  }
}

/** Header and payload of a compact JWS, whatever its kind and algorithm. */
function readParts(jwt: string): { readonly header: JsonObject; readonly payload: JsonObject } {
  const [header = '', payload = '', signature, ...more] = jwt.split('.', 5)
  if (signature === undefined || more.length > 0) {
    throw new CredentialError(
      'jws_malformed',
      'Not a signed token in compact form: it must have three parts, joined by dots',
    )
  }
  return { header: readPart(header), payload: readPart(payload) }
}

function readPart(part: string): JsonObject {
  const text = readBase64urlText(part)
  return readJsonObject(text, { length: text.length })
}

/** Members `_sd` and placeholders, at any depth that JSON is read to. */
function digestsIn(value: JsonValue): number {
  if (isJsonArray(value)) return value.reduce<number>((sum, item) => sum + digestsIn(item), 0)
  if (!isJsonObject(value)) return 0
  let found = 0
  for (const [name, member] of Object.entries(value)) {
    if (name === '_sd' && isJsonArray(member)) found += member.length
    else if (name === '...') found += 1
    else found += digestsIn(member)
  }
  return found
}
