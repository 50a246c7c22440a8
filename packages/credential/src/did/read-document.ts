/**
 * DID documents that were published somewhere: a stranger's JSON until they have been looked at (DID 1.1,
 * Representations and Consumption). No context is ever fetched: members mean what DID 1.1 says.
 */
import { CredentialError } from '../error.ts'
import { readPublicMembers } from '../jose/jwk.ts'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '../json.ts'
import { type DidDocument, type VerificationMethod, verificationRelationships } from './document.ts'
import { absoluteDidUrl, readDid, readDidUrl } from './syntax.ts'

/** More keys, relationships or services than a document of any use has. */
const maxEntries = 256

/**
 * Reads the document of a DID.
 *
 * @throws {CredentialError} `did_document_malformed`, also when it is that of another DID; `jwk_private` when it
 * gives private key material away; and those of `readJsonObject`
 */
export function readDidDocument(text: string, did: string): DidDocument {
  return readDidDocumentValue(readJsonObject(text), did)
}

/**
 * The same of a value that was read as JSON.
 *
 * @throws {CredentialError} `did_document_malformed`, `jwk_private`
 */
export function readDidDocumentValue(value: JsonValue | undefined, did: string): DidDocument {
  if (!isJsonObject(value)) throw malformed('it is no object')
  // "id: … MUST be a string that conforms to the rules in DID Syntax": and the one that was asked for.
  if (findMember(value, 'id') !== did) throw malformed('its "id" is not the DID')
  const methods = listIn(value, 'verificationMethod').map((entry) => readMethod(entry, did))
  for (const name of verificationRelationships) {
    for (const entry of listIn(value, name)) {
      if (typeof entry === 'string') readUrl(entry, did)
      else methods.push(readMethod(entry, did))
    }
  }
  const ids = methods.map(({ id }) => absoluteDidUrl(id, did))
  if (new Set(ids).size !== ids.length) throw malformed('two keys have one id')
  for (const name of listIn(value, 'alsoKnownAs')) {
    if (typeof name !== 'string') throw malformed('"alsoKnownAs" holds what is no text')
  }
  for (const service of listIn(value, 'service')) checkService(service)
  return value as DidDocument
}

function listIn(document: JsonObject, name: string): readonly JsonValue[] {
  const list = findMember(document, name)
  if (list === undefined) return []
  if (!isJsonArray(list)) throw malformed(`"${name}" is no list`)
  if (list.length > maxEntries) throw malformed(`"${name}" has more than ${maxEntries} entries`)
  return list
}

function readMethod(value: JsonValue, did: string): VerificationMethod {
  if (!isJsonObject(value)) throw malformed('a key is no object')
  const id = findMember(value, 'id')
  const type = findMember(value, 'type')
  if (typeof id !== 'string' || typeof type !== 'string') throw malformed('a key has no "id" or no "type"')
  readUrl(id, did)
  checkController(findMember(value, 'controller'))
  const jwk = findMember(value, 'publicKeyJwk')
  const multibase = findMember(value, 'publicKeyMultibase')
  if (jwk !== undefined && multibase !== undefined) throw malformed('a key has two forms')
  if (multibase !== undefined && typeof multibase !== 'string') throw malformed('a Multikey is no text')
  if (jwk !== undefined) readPublicMembers(jwk)
  if (Object.hasOwn(value, 'privateKeyJwk') || Object.hasOwn(value, 'secretKeyMultibase')) {
    throw new CredentialError('jwk_private', 'The DID document holds a private key: its DID must not be used')
  }
  return value as VerificationMethod
}

function checkController(controller: JsonValue | undefined): void {
  if (controller === undefined) return
  if (typeof controller !== 'string') throw malformed('the controller of a key is no text')
  try {
    readDid(controller)
  } catch (cause) {
    throw malformed('the controller of a key is no DID', cause)
  }
}

function readUrl(url: string, did: string): void {
  try {
    readDidUrl(absoluteDidUrl(url, did))
  } catch (cause) {
    throw malformed('the id of a key is no DID URL', cause)
  }
}

function checkService(service: JsonValue): void {
  const isOne =
    isJsonObject(service) &&
    typeof findMember(service, 'id') === 'string' &&
    findMember(service, 'type') !== undefined &&
    findMember(service, 'serviceEndpoint') !== undefined
  if (!isOne) throw malformed('a service has no "id", no "type" or no "serviceEndpoint"')
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('did_document_malformed', `Not a DID document that can be used: ${why}`, {
    cause,
  })
}
