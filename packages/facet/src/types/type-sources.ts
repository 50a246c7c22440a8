/** Documents about types besides those of the release: files that were brought along, and who publishes others. */
import { readFile } from 'node:fs/promises'
import { findMember, readJsonObject } from '@facet-id/credential/json'
import { readTypeMetadata } from '@facet-id/credential/type-metadata'
import { readHttpUrl } from '@facet-id/protocol/url'
import type { Arguments } from '../command/arguments.ts'
import { FacetError } from '../error.ts'

export interface TypeSources {
  /** As they were published, byte for byte; used before anything is fetched. */
  readonly documents: readonly string[]
  /** Origins whose documents are fetched: `https://types.example`. */
  readonly publishers: readonly string[]
}

/**
 * Reads `--type-document FILE …` and `--type-publisher URL …`.
 *
 * @throws {FacetError} `file_unusable` for a file that is no document about a type, `usage` for a
 *   publisher that is no https address of a server
 */
export async function readTypeSources(args: Arguments): Promise<TypeSources> {
  const scheme = args.switches.has('development') ? 'https_or_loopback_http' : 'https'
  return {
    documents: await Promise.all(args.values('type-document').map(readTypeDocument)),
    publishers: args.values('type-publisher').map((text) => publisherOf(text, scheme)),
  }
}

async function readTypeDocument(file: string): Promise<string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file))
    readTypeMetadata(text, String(findMember(readJsonObject(text), 'vct')))
    return text
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as a document about a type`, { cause })
  }
}

/** Whole servers count, or none: an address below one would promise what is not looked at. */
function publisherOf(text: string, scheme: 'https' | 'https_or_loopback_http'): string {
  try {
    const { href, origin } = readHttpUrl(text, scheme)
    if (href === origin || href === `${origin}/`) return origin
  } catch {
    // Said below.
  }
  throw new FacetError('usage', '--type-publisher takes the https address of a server, without a path')
}
