/**
 * JSON Web Signatures in compact form whose payload is a JSON object, which is what every signed
 * message here is (RFC 7515, RFC 7519; RFC 8725 for what may go wrong).
 *
 * Reading verifies nothing. It says what was signed and which check must hold; the caller finds the
 * key, and the crypto adapter answers the check.
 */
import { readBase64url, readBase64urlText, writeBase64url, writeBase64urlText } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { findMember, type JsonObject, readJsonObject } from '../json.ts'
import { algorithmRules, type JwsAlgorithm } from './algorithm.ts'
import { readCrit } from './crit.ts'
import { algorithmOf, type PublicJwk, readPublicJwk } from './jwk.ts'
import type { SignatureCheck } from './ports.ts'
import { readX5c } from './x5c.ts'

/** What a reader of one kind of token takes: rules of two kinds never take the same token. */
export interface JwsRules {
  /** The kind of token (RFC 8725 §3.11): `kb+jwt`. */
  readonly typ: string
  /**
   * Whether the token may leave its kind out, as ID Tokens of OpenID Connect do; it is told by its claims then. Not
   * when absent.
   */
  readonly typAbsent?: 'allowed'
  readonly algs: readonly JwsAlgorithm[]
  /** Size of the whole token in characters, each of them one byte. */
  readonly maxBytes: number
  /** Whether the header carries the public key; forbidden when absent. */
  readonly jwk?: 'required' | 'forbidden'
  /** Whether the header may carry certificates; forbidden when absent. */
  readonly x5c?: 'allowed' | 'forbidden'
  /** Extensions that the caller understands and acts upon when `crit` names them; none when absent. */
  readonly crit?: readonly string[]
}

export interface JwsHeader {
  readonly alg: JwsAlgorithm
  /** As it was received: `kb+jwt`, or `application/KB+JWT`; that of the rules where it may be left out, and was. */
  readonly typ: string
  readonly kid?: string
  /** Present where the rules require it; whether it may be trusted is for the caller to know. */
  readonly jwk?: PublicJwk
  /**
   * DER certificates, that of the signing key first; 1 to 10. Present where the rules allow them and the
   * token has them; nothing in them was looked at.
   */
  readonly x5c?: readonly Uint8Array[]
  /** What `crit` demands, by name: the caller acts upon each. Absent when nothing is demanded. */
  readonly extensions?: JsonObject
}

/** A token as parsed; its signature has not been verified. */
export interface Jws {
  readonly header: JwsHeader
  readonly payload: JsonObject
  /** The payload's JSON as it was signed. */
  readonly payloadText: string
  /** What was signed, ASCII. */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/** Characters of the header: room for ten large certificates, and none for a `kid` that is a payload. */
export const maxHeaderLength = 131_072
/** Values in the header, which is parsed to learn whose signature to look for: none that is honest has many. */
export const maxHeaderValues = 1000

/** Ways for a stranger to make us fetch a key (RFC 8725 §3.10): no reader takes them. */
const addressesOfKeys = ['jku', 'x5u'] as const

/**
 * Reads a compact JWS of one kind.
 *
 * @throws {CredentialError} `jws_too_large`, `jws_malformed`, `jws_alg_not_allowed`,
 * `jws_typ_unexpected`, `jws_crit_not_understood`, `jws_header_forbidden`, and those of
 * `readBase64urlText`, `readJsonObject` and, where the header carries the key, `readPublicJwk`
 */
export function readJws(text: string, rules: JwsRules): Jws {
  const afterHeader = text.indexOf('.')
  if (text.length > rules.maxBytes || afterHeader > maxHeaderLength) {
    throw new CredentialError(
      'jws_too_large',
      'The signed token, or its header, is longer than is read here: send a smaller one',
    )
  }
  const afterPayload = text.indexOf('.', afterHeader + 1)
  if (afterHeader < 1 || afterPayload === -1 || text.includes('.', afterPayload + 1)) {
    throw malformed('it must have three parts, joined by dots')
  }
  const header = readHeader(readObject(text.slice(0, afterHeader), maxHeaderValues).object, rules)
  const payload = readObject(text.slice(afterHeader + 1, afterPayload))
  const signature = readBase64url(text.slice(afterPayload + 1))
  const { signatureBytes } = algorithmRules[header.alg]
  if (signature.length !== signatureBytes) {
    throw malformed(`an ${header.alg} signature has ${signatureBytes} bytes`)
  }
  return {
    header,
    payload: payload.object,
    payloadText: payload.text,
    signingInput: text.slice(0, afterPayload),
    signature,
  }
}

/** What must hold for the token to be the owner's of that key. */
export function checkOf(jws: Jws, key: PublicJwk): SignatureCheck {
  return { alg: jws.header.alg, key, data: jws.signingInput, signature: jws.signature }
}

/** The text to sign: its ASCII bytes are the signer's input (RFC 7515 §5.1). */
export function writeSigningInput(header: JsonObject, payload: JsonObject): string {
  return `${writeBase64urlText(JSON.stringify(header))}.${writeBase64urlText(JSON.stringify(payload))}`
}

/** The compact form of what was signed, with its signature. */
export function writeJws(signingInput: string, signature: Uint8Array): string {
  return `${signingInput}.${writeBase64url(signature)}`
}

/** Rules come before the payload is looked at: what is not for us is not parsed. */
function readHeader(header: JsonObject, rules: JwsRules): JwsHeader {
  const alg = rules.algs.find((allowed) => allowed === findMember(header, 'alg'))
  if (alg === undefined) {
    throw new CredentialError(
      'jws_alg_not_allowed',
      `The token must be signed with ${rules.algs.join(' or ')}`,
    )
  }
  const given = findMember(header, 'typ')
  const typ = given === undefined && rules.typAbsent === 'allowed' ? rules.typ : given
  if (typeof typ !== 'string' || mediaType(typ) !== mediaType(rules.typ)) {
    throw new CredentialError('jws_typ_unexpected', `The token's "typ" must be "${rules.typ}"`)
  }
  const extensions = readCrit(header, rules.crit ?? [])
  const kid = findMember(header, 'kid')
  if (kid !== undefined && typeof kid !== 'string') throw malformed('"kid" must be a text')
  return {
    alg,
    typ,
    ...(kid === undefined ? {} : { kid }),
    ...readHeaderKey(header, alg, rules),
    ...readCertificates(header, rules),
    ...(extensions === undefined ? {} : { extensions }),
  }
}

function readCertificates(header: JsonObject, rules: JwsRules): Pick<JwsHeader, 'x5c'> {
  if (!Object.hasOwn(header, 'x5c')) return {}
  if (rules.x5c !== 'allowed') throw forbidden('x5c')
  return { x5c: readX5c(findMember(header, 'x5c')) }
}

function readHeaderKey(header: JsonObject, alg: JwsAlgorithm, rules: JwsRules): Pick<JwsHeader, 'jwk'> {
  const address = addressesOfKeys.find((name) => Object.hasOwn(header, name))
  if (address !== undefined) throw forbidden(address)
  if (rules.jwk === 'required') {
    const jwk = readPublicJwk(findMember(header, 'jwk'))
    if (algorithmOf(jwk) === alg) return { jwk }
    throw new CredentialError('jwk_unsupported', 'The key in the header is none for the algorithm beside it')
  }
  if (Object.hasOwn(header, 'jwk')) throw forbidden('jwk')
  return {}
}

/** @param values how many, where fewer are read than of any JSON */
function readObject(part: string, values?: number): { readonly object: JsonObject; readonly text: string } {
  const text = readBase64urlText(part)
  const limits = values === undefined ? { length: text.length } : { length: text.length, values }
  return { object: readJsonObject(text, limits), text }
}

/** RFC 7515 §4.1.9: compared as media types are, `application/` may be left out. */
function mediaType(typ: string): string {
  // Letters of ASCII only: `toLowerCase` would also turn the Kelvin sign into a `k`.
  const lower = typ.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return lower.includes('/') ? lower : `application/${lower}`
}

function forbidden(name: string): CredentialError {
  return new CredentialError(
    'jws_header_forbidden',
    `The token may not bring its own key: leave out "${name}"`,
  )
}

function malformed(why: string): CredentialError {
  return new CredentialError('jws_malformed', `Not a signed token in compact form: ${why}`)
}
