/**
 * JSON Web Encryption in compact form, of one kind: ECDH-ES in direct key agreement on P-256, with
 * AES-GCM (RFC 7516, RFC 7518 §4.6, §5.3).
 *
 * Reading decrypts nothing. Whatever another kind would cost (derivations from passwords, inflating,
 * RSA) is refused here, before any key is at hand: what comes out has the one form that can be opened.
 */
import { readBase64url, readBase64urlText, writeBase64url, writeBase64urlText } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { findMember, type JsonObject, type JsonValue, readJsonObject } from '../json.ts'
import { bareEncryptionJwk, type EncryptionJwk, readEncryptionJwk } from './encryption-key.ts'

/** How contents are encrypted (JOSE names). */
export type JweEncryption = 'A128GCM' | 'A256GCM'

/** All of them, for readers whose caller does not narrow the choice. */
export const jweEncryptions: readonly JweEncryption[] = ['A128GCM', 'A256GCM']

/** What a reader takes. */
export interface JweRules {
  readonly encs: readonly JweEncryption[]
  /** Size of the whole text in characters, each of them one byte. */
  readonly maxBytes: number
}

export interface JweHeader {
  readonly alg: 'ECDH-ES'
  readonly enc: JweEncryption
  /** The sender's key, made for this one message; its point has not been checked. */
  readonly epk: EncryptionJwk
  /** Which of the receiver's keys; a hint, to be looked up and never to be believed. */
  readonly kid?: string
  /** What both sides mix into the key, base64url (RFC 7518 §4.6.1.2, §4.6.1.3). */
  readonly apu?: string
  readonly apv?: string
}

/** A message as parsed; nothing of it is authentic before it was opened. */
export interface Jwe {
  readonly header: JweHeader
  /** The header as it was sent, base64url: its ASCII is authenticated (RFC 7516 §5.1). */
  readonly protectedText: string
  /** 12 bytes. */
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  /** 16 bytes. */
  readonly tag: Uint8Array
}

/** A header holds a key and some names; what is longer is no header of ours. */
const MAX_HEADER_CHARACTERS = 4096
const IV_BYTES = 12
const TAG_BYTES = 16

/** Ways to bring keys along, to have one fetched, or to make a small text large (RFC 8725 §3.6, §3.10). */
const forbiddenMembers = ['zip', 'jwk', 'jku', 'x5u', 'x5c'] as const

/**
 * Reads a compact JWE.
 *
 * @throws {CredentialError} `jwe_too_large`, `jwe_malformed`, `jwe_alg_not_allowed`,
 * `jwe_enc_not_allowed`, `jwe_crit_not_understood`, `jwe_header_forbidden`, and those of
 * `readBase64urlText`, `readJsonObject` and, of `epk`, `readEncryptionJwk`
 */
export function readJwe(text: string, rules: JweRules): Jwe {
  if (text.length > rules.maxBytes) {
    throw new CredentialError('jwe_too_large', 'The encrypted text is longer than is read here: send less')
  }
  // One more than is wanted, so that a text of dots is not cut into as many parts.
  const [head = '', encryptedKey, iv, ciphertext, tag, ...more] = text.split('.', 6)
  if (encryptedKey === undefined || iv === undefined || ciphertext === undefined || tag === undefined) {
    throw malformed('it must have five parts, joined by dots')
  }
  if (more.length > 0) throw malformed('it must have five parts, joined by dots')
  if (head.length > MAX_HEADER_CHARACTERS) throw malformed('its header is longer than any that is written')
  const headText = readBase64urlText(head)
  const header = readHeader(readJsonObject(headText, { length: headText.length, depth: 8 }), rules)
  // RFC 7516 §5.2: "If Direct Key Agreement … verify that the JWE Encrypted Key is an empty octet sequence".
  if (encryptedKey !== '') throw malformed('direct key agreement sends no encrypted key')
  return {
    header,
    protectedText: head,
    iv: readBytes(iv, IV_BYTES, 'initialization vector'),
    ciphertext: readBase64url(ciphertext),
    tag: readBytes(tag, TAG_BYTES, 'authentication tag'),
  }
}

/** The header as it is sent and authenticated, base64url. */
export function writeJweHeader({ alg, enc, epk, kid, apu, apv }: JweHeader): string {
  return writeBase64urlText(JSON.stringify({ alg, enc, kid, apu, apv, epk: bareEncryptionJwk(epk) }))
}

/** The compact form. */
export function writeJwe({ protectedText, iv, ciphertext, tag }: Omit<Jwe, 'header'>): string {
  return [protectedText, '', ...[iv, ciphertext, tag].map(writeBase64url)].join('.')
}

function readHeader(header: JsonObject, rules: JweRules): JweHeader {
  // First, so that what costs most is told from its first member.
  if (findMember(header, 'alg') !== 'ECDH-ES') {
    throw new CredentialError(
      'jwe_alg_not_allowed',
      'The text must be encrypted by ECDH-ES, and by nothing else',
    )
  }
  const enc = rules.encs.find((allowed) => allowed === findMember(header, 'enc'))
  if (enc === undefined) {
    throw new CredentialError(
      'jwe_enc_not_allowed',
      `The text must be encrypted with ${rules.encs.join(' or ')}`,
    )
  }
  // RFC 7516 §4.1.13: extensions listed there that are not understood make the JWE invalid. None is.
  if (Object.hasOwn(header, 'crit')) {
    throw new CredentialError(
      'jwe_crit_not_understood',
      'The encrypted text demands extensions ("crit") that are not known',
    )
  }
  const forbidden = forbiddenMembers.find((name) => Object.hasOwn(header, name))
  if (forbidden !== undefined) {
    throw new CredentialError('jwe_header_forbidden', `The header must not have "${forbidden}"`)
  }
  const kid = findMember(header, 'kid')
  if (kid !== undefined && typeof kid !== 'string') throw malformed('"kid" must be a text')
  const parties = { ...readParty(header, 'apu'), ...readParty(header, 'apv') }
  // RFC 7518 §4.6.2: "The "apu" and "apv" values MUST be distinct, when used."
  if (parties.apu !== undefined && parties.apu === parties.apv) {
    throw malformed('"apu" and "apv" must be distinct')
  }
  return {
    alg: 'ECDH-ES',
    enc,
    epk: bareEncryptionJwk(readEncryptionJwk(findMember(header, 'epk'))),
    ...(kid === undefined ? {} : { kid }),
    ...parties,
  }
}

function readParty<Name extends 'apu' | 'apv'>(header: JsonObject, name: Name): { [N in Name]?: string } {
  const party: JsonValue | undefined = findMember(header, name)
  if (party === undefined) return {}
  if (typeof party !== 'string') throw malformed(`"${name}" must be a text`)
  readBase64url(party)
  return { [name]: party } as { [N in Name]?: string }
}

function readBytes(text: string, length: number, what: string): Uint8Array {
  const bytes = readBase64url(text)
  if (bytes.length !== length) throw malformed(`its ${what} has ${length} bytes`)
  return bytes
}

function malformed(why: string): CredentialError {
  return new CredentialError('jwe_malformed', `The encrypted text cannot be read: ${why}`)
}
