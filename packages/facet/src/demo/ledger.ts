/**
 * Who learned what. Taken from what really left the wallet: every message it sends is kept for the
 * length of the demonstration, and what a platform received is read out of it again.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import { hash } from '@facet-id/crypto/node'
import { readAuthorizationResponse } from '@facet-id/protocol/openid4vp'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'

export interface LedgerRow {
  readonly party: string
  /** Each claim it learned, as `path = value`. */
  readonly learned: readonly string[]
  readonly neverSaw: readonly string[]
  /** UTF-8 bytes of the values it learned, as JSON. */
  readonly personalBytes: number
  /** What it learned, or never learned, besides claims; in words. */
  readonly besides: string
}

/** One claim about the person: where it stands, and what it says. */
export interface Fact {
  readonly path: string
  readonly value: string
}

/** Keeps a copy of everything that is sent through it. */
export function recorder(): {
  readonly sent: readonly WireRequest[]
  around(transport: Transport): Transport
} {
  const sent: WireRequest[] = []
  return {
    sent,
    around: (transport) => ({
      send(request) {
        sent.push(request)
        return transport.send(request)
      },
    }),
  }
}

/** Every leaf of a claims set. */
export function factsOf(claims: JsonObject): readonly Fact[] {
  return Object.entries(claims).flatMap(([name, value]) => leaves(value, name))
}

/** What a platform can read in the presentations that it was sent: each claim, once. */
export function factsShown(sent: readonly WireRequest[], platform: string): readonly Fact[] {
  const facts = new Map<string, Fact>()
  for (const request of sent) {
    if (!request.url.startsWith(`${platform}/responses/`)) continue
    const response = readAuthorizationResponse(request)
    for (const presentation of 'vp_token' in response ? Object.values(response.vp_token).flat() : []) {
      for (const fact of learnedFrom(presentation)) facts.set(`${fact.path}=${fact.value}`, fact)
    }
  }
  // Where a claim stands in a credential is random: the digests are in order, not the names.
  return [...facts.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function bytesOf(facts: readonly Fact[]): number {
  return facts.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)
}

/** @param all every claim there is to learn */
export function ledgerRow(
  { party, besides }: Pick<LedgerRow, 'party' | 'besides'>,
  learned: readonly Fact[],
  all: readonly Fact[],
): LedgerRow {
  const known = new Set(learned.map(({ path, value }) => `${withoutIndex(path)}=${value}`))
  const order = all.map(({ path }) => withoutIndex(path))
  const placeOf = ({ path }: Fact): number => order.indexOf(withoutIndex(path))
  return {
    party,
    besides,
    learned: [...learned]
      .sort((a, b) => placeOf(a) - placeOf(b))
      .map(({ path, value }) => `${withoutIndex(path)} = ${value}`),
    neverSaw: all
      .filter(({ path, value }) => !known.has(`${withoutIndex(path)}=${value}`))
      .map(({ path }) => withoutIndex(path)),
    personalBytes: bytesOf(learned),
  }
}

/** Every claim about the person that stands in it, whether it could have been withheld or not. */
function learnedFrom(presentation: string): readonly Fact[] {
  const { claims } = openStoredSdJwt(presentation, hash).opened
  return Object.entries(claims)
    .filter(([name]) => !aboutTheCredential.includes(name))
    .flatMap(([name, value]) => leaves(value, name))
}

/** What every presentation shows: who issued it, as what, for how long, to which key. */
const aboutTheCredential: readonly string[] = [...protectedClaims, 'iat']

function leaves(value: JsonValue, path: string): readonly Fact[] {
  if (isJsonArray(value)) return value.flatMap((element, index) => leaves(element, `${path}[${index}]`))
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, member]) => leaves(member, `${path}.${name}`))
  return [{ path, value: JSON.stringify(value) }]
}

/** Which element it was in the credential is no longer visible in a presentation. */
function withoutIndex(path: string): string {
  return path.replace(/\[[0-9]+\]/g, '[]')
}
