/**
 * Tokens that others sign with RSA, as most OpenID providers and authorization servers do: RS256 (OpenID Connect Core
 * 1.0 §15.1, RFC 9068 §2.1 have everybody support it) and PS256. Nothing else of ours takes RSA (0008), so it is a
 * library's work here, and only for servers that the operator named.
 */
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { ServerKeys } from '@facet-id/resolve'
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose'

const ALGS = ['RS256', 'PS256']

/** Whose token it has to be. */
export interface RsaTokenQuestion {
  /** A server that the operator named; its published keys alone are tried. */
  readonly issuer: string
  readonly token: string
  /** Of the header; `JWT` may be left out. */
  readonly typ: 'JWT' | 'at+jwt'
  /** Seconds since the epoch. */
  readonly now: number
}

const LENGTH = 16_384
/** Keys may be kept for so many seconds before one that is not among them makes them be fetched again. */
const REREAD_AFTER = 60
/** RFC 7515 §4.1: ways for a token to bring a key of its own, or to change what its parts mean. */
const forbidden = ['jku', 'x5u', 'jwk', 'crit', 'b64'] as const

/** Whether it says that it is signed in one of these ways. Nothing of it is believed by that. */
export function isRsaSigned(token: string): boolean {
  return ALGS.includes(headerOf(token)?.alg ?? '')
}

/**
 * What the server signed; `undefined` where it did not, or its keys cannot be had. Whom it is for, and whether it is
 * of now, is for whoever reads it.
 */
export async function verifiedRsaPayload(
  question: RsaTokenQuestion,
  servers: Pick<ServerKeys<unknown>, 'keySetOf'>,
): Promise<JsonObject | undefined> {
  const { issuer, now } = question
  if (!isOfKind(question)) return undefined
  const known = await servers.keySetOf(issuer)
  if (!('document' in known)) return undefined
  const payload = await payloadUnder(known.document, question)
  const since = now - REREAD_AFTER
  if (payload !== undefined || known.askedAt >= since) return payload
  const fresh = await servers.keySetOf(issuer, since)
  return 'document' in fresh ? payloadUnder(fresh.document, question) : undefined
}

function isOfKind({ token, typ }: RsaTokenQuestion): boolean {
  const header = token.length > LENGTH ? undefined : headerOf(token)
  if (header === undefined || !ALGS.includes(header.alg ?? '')) return false
  if (forbidden.some((name) => Object.hasOwn(header, name))) return false
  const given = header.typ?.toLowerCase().replace(/^application\//, '')
  return given === undefined ? typ === 'JWT' : given === typ.toLowerCase()
}

async function payloadUnder(
  keySet: string,
  { token, issuer }: RsaTokenQuestion,
): Promise<JsonObject | undefined> {
  try {
    // The library finds the key by `kid`, and takes none that is shorter than 2048 bits or of another use.
    const keys = createLocalJWKSet(JSON.parse(keySet) as JSONWebKeySet)
    const { payload } = await compactVerify(token, keys, { algorithms: ALGS })
    const read = readJsonObject(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return read.iss === issuer ? read : undefined
  } catch {
    // Whatever is wrong with it, or with the keys, it is nothing that this server is known to have said.
    return undefined
  }
}

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> | undefined {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}
