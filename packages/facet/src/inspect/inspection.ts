/** All that can be said of a token without asking anybody, as data. */
import type { PublicJwk } from '@facet-id/credential/jose'
import { compactOf, readSdJwtJson } from '@facet-id/credential/sd-jwt'
import { codeOf } from '../error.ts'
import { describeChain } from './chain.ts'
import { checkToken } from './check-token.ts'
import { checkEncrypted } from './encrypted.ts'
import type { Finding } from './finding.ts'
import { issuerKeyOf } from './issuer-key.ts'
import { readToken, type TokenRead } from './read-token.ts'
import { askSecondEngine, type SecondEngine } from './second-engine.ts'
import { type ListSummary, summaryOf } from './status-list.ts'

export interface Inspection {
  /** As we read it; absent when we refuse to, and then `checks` says why. */
  readonly token?: TokenRead
  /** For a status list token that can be opened. */
  readonly list?: ListSummary
  /** The certificates that the token brings along; absent where it has none. */
  readonly chain?: ReturnType<typeof describeChain>
  /** Signatures of a JSON form; the first is the one that is looked at. Absent for a text in compact form. */
  readonly signatures?: number
  readonly checks: readonly Finding[]
  /** Absent for an encrypted message, which the second engine does not know. */
  readonly secondEngine?: SecondEngine
}

export interface Inspecting {
  /** Seconds since the epoch. */
  readonly now: number
  /** Of the issuer; absent: the token says which. */
  readonly key?: PublicJwk
}

/**
 * An SD-JWT in JSON form is looked at in the compact form that it stands for.
 *
 * @throws what our reader threw, {CredentialError} `jws_malformed` and its like, when neither engine can
 * read the text
 */
export async function inspect(text: string, inspecting: Inspecting): Promise<Inspection> {
  if (!text.startsWith('{')) return inspectCompact(text, inspecting)
  const json = readSdJwtJson(text)
  return { signatures: json.signatures.length, ...(await inspectCompact(compactOf(json), inspecting)) }
}

async function inspectCompact(text: string, { now, key: given }: Inspecting): Promise<Inspection> {
  const read = attempt(text)
  if ('error' in read) {
    const secondEngine = await askSecondEngine(text, { checks: [] })
    if (!secondEngine.reads) throw read.error
    return { checks: [refusalOf(read.error)], secondEngine }
  }
  const { token } = read
  if (token.kind === 'encrypted message') return { token, checks: checkEncrypted(text) }
  const { key, keyBy } = await issuerKeyOf(token, given)
  const checks = [...(await checkToken(text, token, { key, keyBy, now }))]
  const chain = describeChain(token.header)
  const list = token.kind === 'status list token' ? await listOf(text) : undefined
  if (list !== undefined && 'code' in list) checks.push(list)
  const secondEngine = await askSecondEngine(text, { token, checks }, 'key' in key ? key.key : undefined)
  return {
    token,
    ...(list === undefined || 'code' in list ? {} : { list }),
    ...(chain === undefined ? {} : { chain }),
    checks,
    secondEngine,
  }
}

function attempt(text: string): { readonly token: TokenRead } | { readonly error: unknown } {
  try {
    return { token: readToken(text) }
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return { error }
  }
}

async function listOf(text: string): Promise<ListSummary | Finding> {
  try {
    return await summaryOf(text)
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return { ...refusalOf(error), code: 'status_list' }
  }
}

/** Messages of errors of ours hold nothing of a person. */
function refusalOf(error: unknown): Finding {
  const text = error instanceof Error ? `${error.message} [${codeOf(error)}].` : 'The token cannot be read.'
  return { code: 'format', outcome: 'fail', text }
}
