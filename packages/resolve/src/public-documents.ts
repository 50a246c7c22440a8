/**
 * JSON documents that parties publish about themselves: fetched through the transport that is given,
 * read, and kept for as long as their publishers say, within bounds.
 * draft-ietf-oauth-sd-jwt-vc-19 §3, RFC 9111 §4.2.
 */
import type { Transport, WireResponse } from '@facet-id/protocol/wire'

import { createKept } from './kept.ts'

export interface PublicDocumentPorts {
  /** It follows no redirect, and refuses addresses that strangers must not choose. */
  readonly transport: Transport
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Times are seconds. */
export interface PublicDocumentBounds {
  /** A document is not fetched again sooner, unless it says `no-store`; 60. */
  readonly minTtl: number
  /** A document is fetched again at least so often; 86,400. */
  readonly maxTtl: number
  /** For a document that does not say; 300. */
  readonly defaultTtl: number
  /** For how long one that could not be had is not asked for again; 5. */
  readonly failureTtl: number
  /** Of all documents that are kept; 8 MiB. */
  readonly maxKeptBytes: number
}

/** A document as read, or why there is none, in words that are safe to show. */
export type DocumentAnswer<Document> =
  /** `askedAt`: seconds since the epoch. */
  | { readonly document: Document; readonly askedAt: number }
  /** It could not be had. */
  | { readonly undetermined: string }
  /** What is there breaks a rule. */
  | { readonly refused: string }

/** One kind of document. */
export interface DocumentKind<Document> {
  /** What it is called in words: `The metadata of the issuer`. */
  readonly title: string
  /** Where it is. May throw: then nothing is fetched. */
  urlOf(key: string): string
  /** Throws for what is no such document. */
  read(text: string, key: string): Document
}

export interface PublicDocuments<Document> {
  /**
   * The document of that key. Never rejects; many who ask at once share one fetch.
   *
   * @param since one that was asked for before that is fetched anew; absent: what is kept will do
   */
  documentOf(key: string, since?: number): Promise<DocumentAnswer<Document>>
}

export const defaultBounds: PublicDocumentBounds = {
  minTtl: 60,
  maxTtl: 86_400,
  defaultTtl: 300,
  failureTtl: 5,
  maxKeptBytes: 8_388_608,
}

export function createPublicDocuments<Document>(
  kind: DocumentKind<Document>,
  { transport, now }: PublicDocumentPorts,
  given: Partial<PublicDocumentBounds> = {},
): PublicDocuments<Document> {
  const bounds = { ...defaultBounds, ...given }
  const kept = createKept<Sized<Document>>(bounds.maxKeptBytes, ({ bytes }) => bytes)
  const underWay = new Map<string, Promise<DocumentAnswer<Document>>>()

  const fetchAndKeep = async (key: string): Promise<DocumentAnswer<Document>> => {
    const askedAt = now()
    const { answer, keepFor, bytes } = await fetchDocument(key, askedAt)
    kept.keep(key, { answer, bytes }, { from: askedAt, until: askedAt + keepFor })
    return answer
  }

  const fetchDocument = async (key: string, askedAt: number): Promise<Fetched<Document>> => {
    const failed = (answer: DocumentAnswer<Document>): Fetched<Document> => ({
      answer,
      keepFor: bounds.failureTtl,
      bytes: 0,
    })
    const url = attempt(() => kind.urlOf(key))
    if (url === undefined) return failed({ refused: `${kind.title} is at no address that can be called.` })
    let response: WireResponse
    try {
      response = await transport.send({ method: 'GET', url, headers: { accept: 'application/json' } })
    } catch (error) {
      return failed(faultOfTransport(error, kind.title))
    }
    // §3: "MUST NOT use" what comes with an error; a redirect is an answer that is no document.
    if (response.status !== 200) {
      return failed({
        undetermined: `${kind.title} was not given out: its server answered with another status.`,
      })
    }
    if (!isJson(response.headers['content-type'])) {
      return failed({ refused: `${kind.title} must be given out as application/json.` })
    }
    const document = attempt(() => ({ value: kind.read(response.body, key) }))
    if (document === undefined) return failed({ refused: `${kind.title} cannot be read, or is another one.` })
    return {
      answer: { document: document.value, askedAt },
      keepFor: lifetimeOf(response.headers, bounds),
      bytes: 2 * response.body.length,
    }
  }

  return {
    async documentOf(key, since = Number.NEGATIVE_INFINITY) {
      const known = kept.find(key, now())?.answer
      if (known !== undefined && (!('askedAt' in known) || known.askedAt >= since)) return known
      const begun = underWay.get(key)
      if (begun !== undefined) return begun
      const fetching = fetchAndKeep(key).finally(() => underWay.delete(key))
      underWay.set(key, fetching)
      return fetching
    },
  }
}

interface Sized<Document> {
  readonly answer: DocumentAnswer<Document>
  readonly bytes: number
}

interface Fetched<Document> extends Sized<Document> {
  /** Seconds. */
  readonly keepFor: number
}

function isJson(contentType = ''): boolean {
  const [mediaType = ''] = contentType.toLowerCase().split(';', 1)
  return /^application\/(?:[a-z0-9.-]+\+)?json$/.test(mediaType.trim())
}

/** What a publisher says is brought within bounds; `no-store` is kept for nobody. */
function lifetimeOf(headers: WireResponse['headers'], bounds: PublicDocumentBounds): number {
  const said = (headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (said.includes('no-store')) return 0
  const [, maxAge] = said.map((directive) => /^max-age="?([0-9]{1,9})"?$/.exec(directive)).find(Boolean) ?? []
  const age = /^[0-9]{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : 0
  const wished = maxAge === undefined ? bounds.defaultTtl : Number(maxAge) - age
  return Math.min(bounds.maxTtl, Math.max(bounds.minTtl, wished))
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

function faultOfTransport(error: unknown, title: string): { undetermined: string } | { refused: string } {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'peer_timed_out':
      return { undetermined: `${title} was not given out in time.` }
    case 'peer_unreachable':
      return { undetermined: `${title} was not given out: its server is not reached.` }
    case 'response_too_large':
      return { refused: `${title} is larger than is read here.` }
    case 'address_refused':
    case 'https_required':
      return { refused: `${title} is at an address that is not called from here.` }
    case 'message_malformed':
      return { refused: `${title} cannot be read, or its address cannot.` }
    default:
      return { undetermined: `${title} could not be looked at, and it is not known why.` }
  }
}
