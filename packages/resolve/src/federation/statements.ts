/**
 * Fetching entity statements (OpenID Federation 1.0 §9, §8.1), so many and no more for one question. Every address but
 * that of the first is chosen by whoever was asked before.
 */
import { isJsonObject } from '@facet-id/credential/json'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import {
  type EntityStatement,
  entityConfigurationUrl,
  isEntityConfiguration,
  readEntityStatement,
} from '@facet-id/trust/federation'
import type { Kept } from '../kept.ts'

/** A statement, and its text: chains are made of texts. */
export interface Stated {
  readonly text: string
  readonly statement: EntityStatement
}

/** Fetches for one question; what it met stands in its members. */
export interface Statements {
  /** What an entity says of itself; absent where it says nothing that can be read. */
  configurationOf(entityId: string): Promise<Stated | undefined>
  /** What a superior says of an entity. */
  statementAbout(entityId: string, superior: EntityStatement): Promise<Stated | undefined>
  /** Keeps these texts for other questions: they are of a chain that holds, or led to it. */
  remember(chain: readonly string[]): void
  /** More would have been asked for than one question may. */
  isSpent(): boolean
  /** A server was not reached, or did not answer: it may be otherwise another time. */
  isWanting(): boolean
}

export interface StatementsOptions {
  readonly transport: Transport
  readonly maxFetches: number
  readonly maxTtl: number
  readonly now: number
  /** By address, across questions: what is common to many members is fetched once. */
  readonly kept: Kept<string>
}

const mediaType = 'application/entity-statement+jwt'

export function createStatements({
  transport,
  maxFetches,
  maxTtl,
  now,
  kept,
}: StatementsOptions): Statements {
  const asked = new Map<string, Promise<Stated | undefined>>()
  const fetched = new Map<string, { readonly url: string; readonly exp: number }>()
  let left = maxFetches
  let spent = false
  let wanting = false

  const fetchText = async (url: string): Promise<string | undefined> => {
    if (left === 0) {
      spent = true
      return undefined
    }
    left--
    let response: WireResponse
    try {
      response = await transport.send({ method: 'GET', url, headers: { accept: mediaType } })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      wanting ||= code === 'peer_unreachable' || code === 'peer_timed_out'
      return undefined
    }
    wanting ||= response.status >= 500
    const [type = ''] = (response.headers['content-type'] ?? '').toLowerCase().split(';', 1)
    return response.status === 200 && type.trim() === mediaType ? response.body : undefined
  }

  const stateAt = async (
    url: string,
    isWanted: (of: EntityStatement) => boolean,
  ): Promise<Stated | undefined> => {
    const text = kept.find(url, now) ?? (await fetchText(url))
    const statement = text === undefined ? undefined : findStatement(text)
    if (text === undefined || statement === undefined || !isWanted(statement)) return undefined
    fetched.set(text, { url, exp: statement.exp })
    return { text, statement }
  }

  const once = (
    url: string | undefined,
    isWanted: (of: EntityStatement) => boolean,
  ): Promise<Stated | undefined> => {
    if (url === undefined) return Promise.resolve(undefined)
    const known = asked.get(url) ?? stateAt(url, isWanted)
    asked.set(url, known)
    return known
  }

  return {
    configurationOf: (entityId) =>
      once(entityConfigurationUrl(entityId), (of) => isEntityConfiguration(of) && of.sub === entityId),
    statementAbout: (entityId, superior) =>
      once(findFetchUrl(superior, entityId), ({ iss, sub }) => iss === superior.sub && sub === entityId),
    remember(chain) {
      for (const text of chain) {
        const from = fetched.get(text)
        if (from !== undefined)
          kept.keep(from.url, text, { from: now, until: Math.min(from.exp, now + maxTtl) })
      }
    },
    isSpent: () => spent,
    isWanting: () => wanting,
  }
}

function findStatement(text: string): EntityStatement | undefined {
  try {
    return readEntityStatement(text.trim())
  } catch {
    return undefined
  }
}

/** §5.1.1, §8.1.1: `federation_fetch_endpoint`, an https URL, with `sub` in its query. */
function findFetchUrl({ metadata }: EntityStatement, sub: string): string | undefined {
  const entity = Object.hasOwn(metadata, 'federation_entity') ? metadata.federation_entity : undefined
  const endpoint = isJsonObject(entity) ? entity.federation_fetch_endpoint : undefined
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return undefined
  const url = new URL(endpoint)
  if (url.protocol !== 'https:' || url.hash !== '') return undefined
  url.searchParams.set('sub', sub)
  return url.href
}
