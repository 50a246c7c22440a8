/**
 * Opens an SD-JWT: puts every disclosed claim in its place and refuses whatever does not fit.
 * RFC 9901 §7.1, steps 3 to 5.
 *
 * The signature is not looked at here; it must hold before disclosures that a stranger may have
 * appended are hashed. The work grows linearly with the text.
 */
import { CredentialError } from '../error.ts'
import type { Hash, HashAlgorithm } from '../jose/ports.ts'
import { isJsonArray, type JsonObject, type JsonValue } from '../json.ts'
import type { ClaimPlace } from './claims-path.ts'
import { type Disclosure, readDisclosure } from './disclosure.ts'
import { readHashAlgorithm } from './hash-algorithm.ts'
import {
  digestsName,
  hashName,
  putClaim,
  readDigests,
  readPlaceholder,
  refuseReserved,
} from './reserved-name.ts'

/** A claim that came out of a disclosure. */
export interface DisclosedClaim {
  /** The disclosure, as issued. */
  readonly encoded: string
  /** Where the claim stands in the processed claims. */
  readonly at: ClaimPlace
  /** The disclosures that it stands inside of, outermost first: without them nobody can reach it. */
  readonly ancestors: readonly string[]
}

/** A processed SD-JWT; plain data, so it can be kept beside the text it came from. */
export interface OpenedSdJwt {
  /** The hash of the digests, which a key binding JWT must use too. */
  readonly sdAlg: HashAlgorithm
  /** The processed payload: what was disclosed in its place, no digests and no `_sd_alg`. */
  readonly claims: JsonObject
  /** One for each disclosure, in the order they were given. */
  readonly disclosed: readonly DisclosedClaim[]
}

/** As deep as strict JSON may be, so that processed claims can be written and read again. */
const maxDepth = 64

/**
 * Processes the payload of an issuer-signed JWT with its disclosures.
 *
 * @throws {CredentialError} `sd_alg_not_allowed`, `disclosure_malformed`, `disclosure_repeated`,
 *   `disclosure_unreferenced`, `disclosure_name_forbidden`, `disclosure_name_taken`, `digest_malformed`,
 *   `digest_repeated`, `claim_name_forbidden`, `json_too_deep` (RFC 9901 §7.1)
 */
export function openSdJwt(payload: JsonObject, disclosures: readonly string[], hash: Hash): OpenedSdJwt {
  const sdAlg = readHashAlgorithm(payload)
  const opening: Opening = {
    unplaced: byDigest(disclosures, (encoded) => hash(sdAlg, encoded)),
    digests: new Set(),
    placed: new Map(),
  }
  const claims = openObject(payload, { at: [], ancestors: [] }, opening)
  // §7.1 (5): "If any Disclosure was not referenced by digest value … the SD-JWT MUST be rejected."
  if (opening.unplaced.size > 0) {
    throw new CredentialError('disclosure_unreferenced', 'A disclosure belongs to no digest of this SD-JWT')
  }
  const disclosed = disclosures.flatMap((encoded) => opening.placed.get(encoded) ?? [])
  return { sdAlg, claims, disclosed }
}

interface Opening {
  /** Disclosures by digest that no digest has referred to yet. */
  readonly unplaced: Map<string, string>
  /** Every digest met, of claims and of decoys. */
  readonly digests: Set<string>
  /** By the text of the disclosure. */
  readonly placed: Map<string, DisclosedClaim>
}

type Place = Pick<DisclosedClaim, 'at' | 'ancestors'>

function byDigest(
  disclosures: readonly string[],
  digestOf: (encoded: string) => string,
): Map<string, string> {
  const found = new Map(disclosures.map((encoded) => [digestOf(encoded), encoded]))
  if (found.size < disclosures.length) {
    throw new CredentialError('disclosure_repeated', 'The same disclosure was sent more than once')
  }
  return found
}

function openObject(object: JsonObject, place: Place, opening: Opening): JsonObject {
  const opened: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(object)) {
    if (name === digestsName || (name === hashName && place.at.length === 0)) continue
    refuseReserved(name)
    putClaim(opened, name, openInside(value, place, name, opening))
  }
  for (const digest of readDigests(object)) {
    const disclosure = takeDisclosure(digest, opening)
    if (disclosure === undefined) continue
    const { name } = disclosure
    if (name === undefined) {
      throw new CredentialError(
        'disclosure_malformed',
        'A disclosure for a claim of an object names no claim',
      )
    }
    if (Object.hasOwn(opened, name)) {
      throw new CredentialError('disclosure_name_taken', 'A disclosure names a claim that is already there')
    }
    putClaim(opened, name, openDisclosed(disclosure, place, name, opening))
  }
  return opened
}

function openArray(array: readonly JsonValue[], place: Place, opening: Opening): readonly JsonValue[] {
  const opened: JsonValue[] = []
  for (const element of array) {
    const digest = readPlaceholder(element)
    if (digest === undefined) {
      opened.push(openInside(element, place, opened.length, opening))
      continue
    }
    const disclosure = takeDisclosure(digest, opening)
    if (disclosure === undefined) continue
    if (disclosure.name !== undefined) {
      throw new CredentialError('disclosure_malformed', 'A disclosure for an array element names a claim')
    }
    opened.push(openDisclosed(disclosure, place, opened.length, opening))
  }
  return opened
}

function openInside(value: JsonValue, place: Place, step: string | number, opening: Opening): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  return openContainer(value, { at: [...place.at, step], ancestors: place.ancestors }, opening)
}

function openDisclosed(
  disclosure: Disclosure,
  place: Place,
  step: string | number,
  opening: Opening,
): JsonValue {
  const { encoded, value } = disclosure
  const { ancestors } = place
  const at = [...place.at, step]
  opening.placed.set(encoded, { encoded, at, ancestors })
  if (typeof value !== 'object' || value === null) return value
  return openContainer(value, { at, ancestors: [...ancestors, encoded] }, opening)
}

function openContainer(value: JsonObject | readonly JsonValue[], place: Place, opening: Opening): JsonValue {
  if (place.at.length >= maxDepth) {
    throw new CredentialError('json_too_deep', `Claims nest at most ${maxDepth} deep, disclosures included`)
  }
  return isJsonArray(value) ? openArray(value, place, opening) : openObject(value, place, opening)
}

/** The disclosure of a digest, or `undefined`: then it is a decoy or a claim that was withheld. */
function takeDisclosure(digest: string, opening: Opening): Disclosure | undefined {
  // §7.1 (4): "If any digest value is encountered more than once … the SD-JWT MUST be rejected."
  if (opening.digests.has(digest)) {
    throw new CredentialError('digest_repeated', 'The same digest stands in this SD-JWT more than once')
  }
  opening.digests.add(digest)
  const encoded = opening.unplaced.get(digest)
  if (encoded === undefined) return undefined
  opening.unplaced.delete(digest)
  return readDisclosure(encoded)
}
