/**
 * What every did:webvh offers without saying so, and the did:web that may stand beside it (did:webvh 1.0, DID URL
 * Resolution and Publishing a Parallel `did:web` DID).
 */
import { type JsonObject, readJsonObject } from '../../json.ts'
import type { DidDocument, DidService } from '../document.ts'
import { readDidDocumentValue } from '../read-document.ts'
import { absoluteDidUrl } from '../syntax.ts'
import type { WebLocationRules } from '../web-location.ts'
import { readDidWebvh } from './did.ts'

/** The document, with the services `#files` and `#whois` where it does not bring its own. */
export function withImplicitServices(document: DidDocument, rules: WebLocationRules = {}): DidDocument {
  const { location } = readDidWebvh(document.id, rules)
  const base = `${location.origin}${location.path}`
  const own = document.service ?? []
  const implicit: readonly (DidService & JsonObject)[] = [
    { id: '#files', type: 'relativeRef', serviceEndpoint: base },
    {
      '@context': 'https://identity.foundation/linked-vp/contexts/v1',
      id: '#whois',
      type: 'LinkedVerifiablePresentation',
      serviceEndpoint: `${base}/whois.vp`,
    },
  ]
  const idOf = ({ id }: DidService): string => absoluteDidUrl(id, document.id)
  const missing = implicit.filter((service) => !own.some((other) => idOf(other) === idOf(service)))
  return missing.length === 0 ? document : { ...document, service: [...own, ...missing] }
}

/** The did:web at the same place: any resolver finds it, and none learns its history. */
export function didWebOf(did: string, rules: WebLocationRules = {}): string {
  const { scid } = readDidWebvh(did, rules)
  return did.replace(`did:webvh:${scid}:`, 'did:web:')
}

/**
 * The document of the did:web beside a did:webvh, to be published as `did.json`.
 *
 * @throws {CredentialError} `did_document_malformed`
 */
export function writeParallelDidWeb(document: DidDocument, rules: WebLocationRules = {}): DidDocument {
  const { did, scid } = readDidWebvh(document.id, rules)
  const web = didWebOf(did, rules)
  const text = JSON.stringify(withImplicitServices(document, rules)).replaceAll(
    `did:webvh:${scid}:`,
    'did:web:',
  )
  const renamed = readJsonObject(text)
  const names = new Set([...(document.alsoKnownAs ?? []), did])
  names.delete(web)
  return readDidDocumentValue({ ...renamed, alsoKnownAs: [...names] }, web)
}
