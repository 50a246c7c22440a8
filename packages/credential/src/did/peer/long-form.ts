/**
 * did:peer, numalgo 4: a whole document in the DID, behind its hash; the hash alone is the short form
 * (peer-did-method-spec, Method 4).
 */

import { readBase58btc, writeBase58btc } from '../../base58btc.ts'
import { utf8 } from '../../base64url.ts'
import { CredentialError } from '../../error.ts'
import type { Hash } from '../../jose/ports.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '../../json.ts'
import { type DidDocument, verificationRelationships } from '../document.ts'
import { multihashOf } from '../multihash.ts'
import { readDidDocumentValue } from '../read-document.ts'
import { maxDidLength, readDid } from '../syntax.ts'

/** Varint of the multicodec `json`, 0x0200. */
const jsonCode = [0x80, 0x04] as const
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Both forms of one DID. */
export interface PeerForms {
  /** Needs nothing else to be resolved; sent first. */
  readonly long: string
  /** Names the same to whoever has seen the long one. */
  readonly short: string
}

/**
 * The DID of a document that does not name itself: no `id`, keys and services by relative ids, no `controller`
 * where the DID itself controls ("Generating a did:peer:4").
 *
 * @throws {CredentialError} `did_document_malformed`; `did_malformed` when it is too long for a DID
 */
export function writeLongForm(document: JsonObject, hash: Hash): PeerForms {
  if (Object.hasOwn(document, 'id')) {
    throw new CredentialError(
      'did_document_malformed',
      'The document of a did:peer:4 is written without its "id"',
    )
  }
  const text = utf8(JSON.stringify(document))
  // Base58 takes more characters than bytes, and its cost grows with their square.
  if (text.length > maxDidLength) throw malformed('its document is too long for a DID')
  const encoded = `z${writeBase58btc(Uint8Array.of(...jsonCode, ...text))}`
  const short = `did:peer:4z${multihashOf(encoded, hash)}`
  const long = `${short}:${encoded}`
  readDid(long)
  documentOfLongForm(long, long, hash)
  return { long, short }
}

/** Of a long form, its short one; the form itself where it is short. */
export function shortFormOf(did: string): string {
  const end = did.indexOf(':', 'did:peer:'.length)
  return end === -1 ? did : did.slice(0, end)
}

/**
 * The document inside a long form.
 *
 * @param did which of the two forms is asked for; the document is of that one
 * @throws {CredentialError} `did_malformed`, `did_document_malformed`, and those of `readDidDocumentValue`
 */
export function documentOfLongForm(did: string, long: string, hash: Hash): DidDocument {
  const short = shortFormOf(long)
  const encoded = long.slice(short.length + 1)
  if (short !== `did:peer:4z${multihashOf(encoded, hash)}`)
    throw malformed('its hash is not that of its document')
  const document = decode(encoded)
  if (Object.hasOwn(document, 'id')) throw malformed('its document has an "id"')
  const { alsoKnownAs = [] } = document
  if (!isJsonArray(alsoKnownAs)) throw malformed('its "alsoKnownAs" is no list')
  return readDidDocumentValue(
    {
      ...document,
      id: did,
      alsoKnownAs: [...alsoKnownAs, did === short ? long : short],
      ...controlled(document, did),
    },
    did,
  )
}

/** "…the controller … is set to the DID" wherever there is none. */
function controlled(document: JsonObject, did: string): JsonObject {
  const complete = (entry: JsonValue): JsonValue =>
    isJsonObject(entry) && !Object.hasOwn(entry, 'controller') ? { ...entry, controller: did } : entry
  return Object.fromEntries(
    ['verificationMethod', ...verificationRelationships].flatMap((name) => {
      const list = Object.hasOwn(document, name) ? document[name] : undefined
      return isJsonArray(list) ? [[name, list.map(complete)]] : []
    }),
  )
}

function decode(encoded: string): JsonObject {
  if (!encoded.startsWith('z')) throw malformed('its document is not base58btc after a "z"')
  try {
    const bytes = readBase58btc(encoded.slice(1))
    if (bytes[0] !== jsonCode[0] || bytes[1] !== jsonCode[1]) throw malformed('its document is no JSON')
    return readJsonObject(decoder.decode(bytes.subarray(jsonCode.length)))
  } catch (cause) {
    throw malformed('its document cannot be read', cause)
  }
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('did_malformed', `Not a did:peer:4 that can be read: ${why}`, { cause })
}
