/**
 * The two JSON forms of an SD-JWT: a JWS in flattened or general JSON serialization, its disclosures and
 * key binding JWT in the unprotected header. RFC 9901 §8, RFC 7515 §7.2.
 *
 * What is judged, and what a key binding JWT covers, is the compact form that such a text stands for
 * (§8.1): this module takes the text apart, puts it together, and writes that compact form.
 */
import { readBase64urlText } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { maxHeaderValues } from '../jose/jws.ts'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '../json.ts'
import { isJwtShape, malformed, sdJwtLimits, tooLarge, tooMany, writeSdJwt } from './compact.ts'

/** An SD-JWT or SD-JWT+KB in JSON form, in its parts; nothing of it is verified. */
export interface SdJwtJson {
  /** `flattened` has one signature (§8.2), `general` one or more (§8.3). */
  readonly form: 'flattened' | 'general'
  /** Of the issuer-signed JWT, base64url. */
  readonly payload: string
  /** Not empty. A key binding JWT covers the first. */
  readonly signatures: readonly IssuerSignature[]
  /** In the order received. */
  readonly disclosures: readonly string[]
  /** Absent in an SD-JWT without key binding. */
  readonly keyBindingJwt?: string
}

export interface IssuerSignature {
  /** The protected header, base64url. */
  readonly protected: string
  /** Base64url. */
  readonly signature: string
  /** From the unprotected header: a hint at most, which anybody may have put there. */
  readonly kid?: string
}

/** More issuers than ever sign one credential. */
const maxSignatures = 16
const base64url = /^[A-Za-z0-9_-]+$/

/**
 * Reads an SD-JWT in flattened or general JSON serialization. `disclosures` must be there, empty where
 * nothing is disclosed, and only the first unprotected header may hold it and `kb_jwt` (§8.3). Other
 * members of unprotected headers are passed over, but none may stand in the protected header too
 * (RFC 7515 §7.2.1).
 *
 * @throws {CredentialError} `sd_jwt_too_large`, `disclosures_too_many`, `sd_jwt_malformed`, with the
 *   reason as its cause where there is one
 */
export function readSdJwtJson(text: string): SdJwtJson {
  if (text.length > sdJwtLimits.characters) throw tooLarge()
  const root = because(() => readJsonObject(text, { length: sdJwtLimits.characters }))
  const form = Object.hasOwn(root, 'signatures') ? 'general' : 'flattened'
  const [first, ...others] = form === 'general' ? readSignatures(root) : [root]
  if (first === undefined) throw malformed('An SD-JWT in JSON form has at least one signature')
  const header = readHeader(first)
  for (const other of others) refuseSdMembers(readHeader(other))
  return {
    form,
    payload: readText(root, 'payload'),
    signatures: [first, ...others].map(readSignature),
    disclosures: readDisclosures(header),
    ...readKeyBinding(header),
  }
}

/**
 * Writes the text of the form that it names, members in alphabetical order. What {@link readSdJwtJson}
 * reads of it is the same again.
 */
export function writeSdJwtJson(sdJwt: SdJwtJson): string {
  const { form, payload, signatures, disclosures, keyBindingJwt } = sdJwt
  const kbJwt = keyBindingJwt === undefined ? {} : { kb_jwt: keyBindingJwt }
  const [first, ...others] = signatures.map(({ kid, protected: header, signature }, index) => {
    const sdMembers = index === 0 ? { disclosures, ...kbJwt } : {}
    const unprotected = { ...sdMembers, ...(kid === undefined ? {} : { kid }) }
    return {
      ...(Object.keys(unprotected).length > 0 ? { header: unprotected } : {}),
      protected: header,
      signature,
    }
  })
  if (form === 'general') return JSON.stringify({ payload, signatures: [first, ...others] })
  return JSON.stringify({
    header: first?.header,
    payload,
    protected: first?.protected,
    signature: first?.signature,
  })
}

/**
 * The compact SD-JWT, or SD-JWT+KB, that a JSON form stands for: the text to judge, and to present from.
 *
 * @param index which of the signatures; the key binding JWT, which covers the first, goes with that only
 * @throws {CredentialError} `sd_jwt_malformed` when there is no such signature
 */
export function compactOf(sdJwt: SdJwtJson, index = 0): string {
  const signed = sdJwt.signatures[index]
  if (signed === undefined) throw malformed('The SD-JWT has fewer signatures than were asked for')
  const jwt = `${signed.protected}.${sdJwt.payload}.${signed.signature}`
  return writeSdJwt(jwt, sdJwt.disclosures, index === 0 ? sdJwt.keyBindingJwt : undefined)
}

function readSignatures(root: JsonObject): readonly JsonObject[] {
  if (['header', 'protected', 'signature'].some((name) => Object.hasOwn(root, name))) {
    throw malformed('A JSON form is either flattened or general, and not both')
  }
  const signatures = findMember(root, 'signatures')
  if (!isJsonArray(signatures) || signatures.length > maxSignatures || !signatures.every(isJsonObject)) {
    throw malformed(`"signatures" must be a list of at most ${maxSignatures} objects`)
  }
  return signatures
}

function readSignature(signed: JsonObject): IssuerSignature {
  const header = readText(signed, 'protected')
  const unprotected = readHeader(signed)
  const limits = { length: header.length, values: maxHeaderValues }
  const kept = because(() => readJsonObject(readBase64urlText(header), limits))
  if (Object.keys(unprotected).some((name) => Object.hasOwn(kept, name))) {
    throw malformed('No header member stands in the protected and in the unprotected header')
  }
  if (Object.hasOwn(unprotected, 'crit')) throw malformed('"crit" stands in the protected header only')
  refuseSdMembers(kept)
  const kid = findMember(unprotected, 'kid')
  if (kid !== undefined && typeof kid !== 'string') throw malformed('"kid" must be a text')
  return {
    protected: header,
    signature: readText(signed, 'signature'),
    ...(kid === undefined ? {} : { kid }),
  }
}

/** The unprotected header; an empty one where there is none. */
function readHeader(signed: JsonObject): JsonObject {
  const header = findMember(signed, 'header')
  if (header === undefined) return {}
  if (isJsonObject(header)) return header
  throw malformed('"header" must be an object')
}

function refuseSdMembers(header: JsonObject): void {
  if (Object.hasOwn(header, 'disclosures') || Object.hasOwn(header, 'kb_jwt')) {
    throw malformed('"disclosures" and "kb_jwt" stand in the first unprotected header only')
  }
}

function readDisclosures(header: JsonObject): readonly string[] {
  const disclosures = findMember(header, 'disclosures')
  if (!isJsonArray(disclosures)) throw malformed('"disclosures" must be a list in the unprotected header')
  if (disclosures.length > sdJwtLimits.disclosures) throw tooMany()
  if (!disclosures.every(isBase64url)) throw malformed('"disclosures" must be a list of base64url texts')
  return disclosures
}

function readKeyBinding(header: JsonObject): Pick<SdJwtJson, 'keyBindingJwt'> {
  const keyBindingJwt = findMember(header, 'kb_jwt')
  if (keyBindingJwt === undefined) return {}
  if (typeof keyBindingJwt === 'string' && isJwtShape(keyBindingJwt)) {
    if (keyBindingJwt.split('.').every((part) => part === '' || isBase64url(part))) return { keyBindingJwt }
  }
  throw malformed('"kb_jwt" must be a JWT of three parts')
}

function readText(object: JsonObject, name: string): string {
  const value = findMember(object, name)
  if (isBase64url(value)) return value
  throw malformed(`"${name}" must be a base64url text`)
}

function isBase64url(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && base64url.test(value)
}

/** The text is not an SD-JWT, whatever in particular is wrong with its JSON. */
function because(read: () => JsonObject): JsonObject {
  try {
    return read()
  } catch (cause) {
    throw new CredentialError('sd_jwt_malformed', 'The JSON form of an SD-JWT cannot be read', { cause })
  }
}
