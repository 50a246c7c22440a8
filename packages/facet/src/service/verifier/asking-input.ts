/** What an operator asks for, as JSON that came through the door: as the verifier takes it. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type {
  Asking,
  CommonOptions,
  PageOptions,
  PlatformOptions,
  RequestOptions,
  TransactionWish,
} from '@facet-id/verifier'
import { FacetError } from '../../error.ts'

/** @throws {FacetError} `usage`; {ProtocolError} those of `readDcqlQuery` */
export function readAsking({ dcql_query, words }: JsonObject): Asking {
  if (typeof words === 'string') return words
  if (isJsonObject(dcql_query)) return readDcqlQuery(dcql_query)
  throw new FacetError('usage', 'A request needs words or a dcql_query')
}

type Way = 'posted' | 'page' | 'platform'

/** What fits one way of an answer only: elsewhere nothing would come of it. */
const fitting: Readonly<Record<string, readonly Way[]>> = {
  session: ['posted'],
  returnTo: ['posted'],
  byValue: ['posted'],
  at: ['posted', 'page'],
  page: ['page'],
  origin: ['platform'],
  unsigned: ['platform'],
}

function refuseUnfit(input: JsonObject, way: Way): void {
  for (const [name, ways] of Object.entries(fitting)) {
    if (input[name] !== undefined && !ways.includes(way))
      throw new FacetError('usage', `"${name}" does not go with this mode`)
  }
}

/** @throws {FacetError} `usage` */
export function readPosted(input: JsonObject): RequestOptions {
  refuseUnfit(input, 'posted')
  const { mode, session, byValue } = input
  const at = readAt(input)
  const returnTo = textOf(input, 'returnTo')
  if ((session === undefined) !== (returnTo === undefined))
    throw new FacetError('usage', 'On the same device a request has a session and an address to come back to')
  return {
    ...commonIn(input),
    ...(mode === 'direct_post' || mode === 'direct_post.jwt' ? { responseMode: mode } : unknownMode(mode)),
    ...(typeof session === 'string' && returnTo !== undefined ? { sameDevice: { session, returnTo } } : {}),
    ...(byValue === true ? { byValue } : {}),
    ...(at === undefined ? {} : { at }),
  }
}

/** @throws {FacetError} `usage` */
export function readPage(input: JsonObject): PageOptions {
  refuseUnfit(input, 'page')
  const [page, at] = [textOf(input, 'page'), readAt(input)]
  if (page === undefined)
    throw new FacetError('usage', 'An answer in an address needs the address of the page')
  return {
    ...commonIn(input),
    page,
    part: input.mode === 'query' ? 'query' : 'fragment',
    ...(at === undefined ? {} : { at }),
  }
}

/** @throws {FacetError} `usage` */
export function readPlatform(input: JsonObject): PlatformOptions {
  refuseUnfit(input, 'platform')
  if (input.unsigned === true && input.as !== undefined)
    throw new FacetError('usage', 'What is unsigned is asked as nobody: "as" does not go with it')
  const origin = textOf(input, 'origin')
  if (origin === undefined)
    throw new FacetError('usage', 'An answer through the platform needs the origin of the page')
  const { as, ...common } = commonIn(input)
  return {
    ...common,
    origin,
    encrypted: input.mode === 'dc_api.jwt',
    ...(input.unsigned === true ? { as: [] } : as === undefined ? {} : { as: [as] }),
  }
}

function commonIn(input: JsonObject): CommonOptions {
  const as = textOf(input, 'as')
  const { transactions } = input
  return {
    ...(as === undefined ? {} : { as }),
    ...(transactions === undefined ? {} : { transactions: readTransactions(transactions) }),
  }
}

/** What wallets are found by: others run what is in an address. */
function readAt(input: JsonObject): string | undefined {
  const at = textOf(input, 'at')
  if (at === undefined || at === 'openid4vp://' || at === 'haip-vp://') return at
  if (/^https:\/\/[^?#\s]+$/.test(at) && URL.canParse(at)) return at
  throw new FacetError(
    'usage',
    'A wallet is found at openid4vp://, haip-vp:// or an https address of its own',
  )
}

/** `[{ "type": …, "credential_ids": […], "data": { … } }]` */
function readTransactions(value: JsonValue): readonly TransactionWish[] {
  const all = isJsonArray(value) ? value : [value]
  return all.map((one) => {
    const { type, credential_ids: ids, data } = isJsonObject(one) ? one : {}
    const isFit = typeof type === 'string' && isJsonArray(ids) && ids.every((id) => typeof id === 'string')
    if (!isFit || !(data === undefined || isJsonObject(data)))
      throw new FacetError(
        'usage',
        'A transaction has "type", "credential_ids" and perhaps "data", an object',
      )
    return { type, credential_ids: ids.map(String), ...(data === undefined ? {} : { data }) }
  })
}

function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || typeof value === 'string') return value
  throw new FacetError('usage', `"${name}" is a text`)
}

function unknownMode(mode: JsonValue | undefined): object {
  if (mode === undefined) return {}
  throw new FacetError(
    'usage',
    'A mode is one of direct_post, direct_post.jwt, fragment, query, dc_api and dc_api.jwt',
  )
}
