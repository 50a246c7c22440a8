/** What leaves the wallet for one query, and what its verifier learns. OpenID4VP 1.0 §6.4, §7; RFC 9901 §7.2. */
import type { Hash, HashAlgorithm } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { type ClaimPlace, openStoredSdJwt, selectDisclosures, writeSdJwt } from '@facet-id/credential/sd-jwt'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import type { SignedWith } from '@facet-id/protocol/openid4vp/client'
import type { Match } from './presentation.ts'
import { signedWith } from './signed-with.ts'

export interface Shown {
  /** The SD-JWT with what was asked for and the ancestors of that, and nothing else; ends in `~`. */
  readonly sdJwt: string
  readonly sdAlg: HashAlgorithm
  /** The holder signs with the algorithm of the key that this copy is bound to. */
  readonly algs: SignedWith
  /**
   * Every value in it, in the order of the request, but for the members that say what a credential is:
   * more than was asked for, where a claim stands inside of another, or cannot be withheld.
   */
  readonly discloses: readonly { readonly path: ClaimPlace; readonly value: JsonValue }[]
}

/** @throws {CredentialError} when the copy is not what was kept */
export function shownBy({ copy, paths }: Pick<Match, 'copy' | 'paths'>, hash: Hash): Shown {
  const { jwt, opened } = openStoredSdJwt(copy.record.compact, hash)
  const sdJwt = writeSdJwt(jwt, selectDisclosures(opened, paths))
  const seen = openStoredSdJwt(sdJwt, hash).opened.claims
  const rank = (name: string): number => {
    const place = paths.findIndex(([first]) => first === name)
    return place === -1 ? paths.length : place
  }
  const discloses = membersOf(seen)
    .filter(([name]) => name !== 'iat' && !protectedClaims.includes(name))
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => valuesIn({ value, whole: findMember(opened.claims, name) }, [name]))
  return { sdJwt, sdAlg: opened.sdAlg, algs: signedWith(jwt, opened.claims), discloses }
}

/** A part of what is shown, and the same part with all that is withheld, where both stand in one place. */
interface Part {
  readonly value: JsonValue
  readonly whole: JsonValue | undefined
}

function valuesIn({ value, whole }: Part, path: ClaimPlace): Shown['discloses'] {
  if (isJsonArray(value) && value.length > 0) {
    return value.flatMap((element, index) => valuesIn({ value: element, whole: undefined }, [...path, index]))
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return membersOf(value).flatMap(([name, member]) =>
      valuesIn({ value: member, whole: isJsonObject(whole) ? findMember(whole, name) : undefined }, [
        ...path,
        name,
      ]),
    )
  }
  // What is empty because all of it is withheld says nothing.
  const isShell = isContainer(value) && isContainer(whole) && Object.keys(whole).length > 0
  return isShell ? [] : [{ path, value }]
}

function isContainer(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return isJsonArray(value) || isJsonObject(value)
}

/** By name: digests, and so what comes of them, stand in another order in each copy. */
function membersOf(object: JsonObject): readonly [string, JsonValue][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))
}
