/**
 * The signed text of a list (RFC 7515, compact). The key is known beforehand: whatever key or certificate
 * the header brings along is read over, and decides nothing.
 */
import { readBase64url, readBase64urlText } from '@facet-id/credential/base64url'
import {
  algorithmOf,
  algorithmRules,
  isJwsAlgorithm,
  type JwsAlgorithm,
  type PublicJwk,
  type SignatureCheck,
} from '@facet-id/credential/jose'
import { findMember, isJsonArray, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { TrustError } from '../error.ts'

/** A list as parsed; whose it is, the checks say. */
export interface SignedText {
  readonly alg: JwsAlgorithm
  /** As the header says, if it does. */
  readonly typ: string | undefined
  readonly payload: JsonObject
  readonly signingInput: string
  readonly signature: Uint8Array
}

/** Lists of a few thousand entries. */
export const maxListCharacters = 4_194_304

/** JAdES (ETSI TS 119 182-1) lists `sigT`, when it was signed, as critical: nothing follows from it here. */
const understood: readonly string[] = ['sigT']

/** @throws {TrustError} `list_malformed` */
export function readSignedText(text: string): SignedText {
  if (text.length > maxListCharacters) throw malformed('is longer than is read here')
  try {
    return read(text)
  } catch (cause) {
    if (cause instanceof TrustError) throw cause
    throw malformed('is no signed JSON object in compact form', cause)
  }
}

/** One check for each key that may have signed; one that holds is enough. */
export function checksOfSignedText(
  { alg, signingInput, signature }: SignedText,
  keys: readonly PublicJwk[],
): readonly SignatureCheck[] {
  return keys
    .filter((key) => algorithmOf(key) === alg)
    .map((key) => ({ alg, key, data: signingInput, signature }))
}

export function malformed(what: string, cause?: unknown): TrustError {
  return new TrustError('list_malformed', `The list ${what}`, cause === undefined ? {} : { cause })
}

function read(text: string): SignedText {
  const [head = '', body = '', tail = '', ...more] = text.split('.')
  if (more.length > 0) throw malformed('has more than three parts')
  const header = readJsonObject(readBase64urlText(head), { length: 65_536 })
  const alg = findMember(header, 'alg')
  if (!isJwsAlgorithm(alg)) throw malformed('is signed with an algorithm that is not taken')
  const crit = findMember(header, 'crit')
  const isUnderstood =
    crit === undefined ||
    (isJsonArray(crit) &&
      crit.length > 0 &&
      crit.every((name) => typeof name === 'string' && understood.includes(name)))
  if (!isUnderstood || findMember(header, 'b64') === false)
    throw malformed('demands extensions that are not known')
  const typ = findMember(header, 'typ')
  const signature = readBase64url(tail)
  if (signature.length !== algorithmRules[alg].signatureBytes)
    throw malformed('has a signature of the wrong size')
  return {
    alg,
    typ: typeof typ === 'string' ? typ : undefined,
    payload: readJsonObject(readBase64urlText(body), { length: maxListCharacters }),
    signingInput: `${head}.${body}`,
    signature,
  }
}
