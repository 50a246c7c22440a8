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
  /** How many digests stand for none of the disclosures: decoys, or claims that were held back. */
  readonly undisclosed: number
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
  return openKeepingDisclosures(payload, disclosures, hash).opened
}

/** The disclosure that a digest stands for; `undefined` for a decoy, and for what was withheld. */
export type FindDisclosure = (digest: string) => Disclosure | undefined

/**
 * {@link openSdJwt}, and the disclosures as they were read, for who looks at them again: none is hashed or
 * parsed twice.
 *
 * @throws {CredentialError} those of {@link openSdJwt}
 */
export function openKeepingDisclosures(
  payload: JsonObject,
  disclosures: readonly string[],
  hash: Hash,
): { readonly opened: OpenedSdJwt; readonly findDisclosure: FindDisclosure } {
  const sdAlg = readHashAlgorithm(payload)
  const opening: Opening = {
    disclosures,
    known: indexByDigest(disclosures, (encoded) => hash(sdAlg, encoded)),
    unknown: new Set(),
    read: [],
    placed: new Array(disclosures.length).fill(undefined),
  }
  const claims = openObject(payload, undefined, opening)
  const { known, unknown, read, placed } = opening
  const disclosed = placed.map((place) => describe(place, opening))
  return {
    opened: { sdAlg, claims, disclosed, undisclosed: unknown.size },
    findDisclosure: (digest) => read[known.get(digest) ?? -1],
  }
}

interface Opening {
  readonly disclosures: readonly string[]
  /** Which disclosure a digest stands for, by number. */
  readonly known: ReadonlyMap<string, number>
  /** Digests met that stand for none: decoys, and claims that were withheld. */
  readonly unknown: Set<string>
  /** Each disclosure that a digest referred to, by number. */
  readonly read: Disclosure[]
  /** Where each disclosure was put, by number; `undefined` as long as no digest referred to it. */
  readonly placed: (Place | undefined)[]
}

/** A place in the processed claims, told from the inside out; the root is `undefined`. */
interface Place {
  readonly around: Place | undefined
  readonly step: string | number
  readonly depth: number
  /** The number of the disclosure that the value came out of; absent in the clear. */
  readonly disclosure?: number
}

function indexByDigest(
  disclosures: readonly string[],
  digestOf: (encoded: string) => string,
): Map<string, number> {
  const found = new Map<string, number>()
  for (const [index, encoded] of disclosures.entries()) found.set(digestOf(encoded), index)
  if (found.size < disclosures.length) {
    throw new CredentialError('disclosure_repeated', 'The same disclosure was sent more than once')
  }
  return found
}

function openObject(object: JsonObject, place: Place | undefined, opening: Opening): JsonObject {
  const opened: Record<string, JsonValue> = {}
  for (const name of Object.keys(object)) {
    if (name === digestsName || (name === hashName && place === undefined)) continue
    refuseReserved(name)
    const value = object[name] ?? null
    putClaim(opened, name, isContainer(value) ? openContainer(value, inside(place, name), opening) : value)
  }
  for (const digest of readDigests(object)) {
    const index = takeDisclosure(digest, opening)
    if (index === undefined) continue
    const { name, value } = readNumbered(index, opening)
    if (name === undefined) {
      throw new CredentialError(
        'disclosure_malformed',
        'A disclosure for a claim of an object names no claim',
      )
    }
    if (Object.hasOwn(opened, name)) {
      throw new CredentialError('disclosure_name_taken', 'A disclosure names a claim that is already there')
    }
    putClaim(opened, name, openDisclosed(value, inside(place, name, index), opening))
  }
  return opened
}

function openArray(
  array: readonly JsonValue[],
  place: Place | undefined,
  opening: Opening,
): readonly JsonValue[] {
  const opened: JsonValue[] = []
  for (const element of array) {
    const digest = readPlaceholder(element)
    if (digest === undefined) {
      opened.push(
        isContainer(element) ? openContainer(element, inside(place, opened.length), opening) : element,
      )
      continue
    }
    const index = takeDisclosure(digest, opening)
    if (index === undefined) continue
    const { name, value } = readNumbered(index, opening)
    if (name !== undefined) {
      throw new CredentialError('disclosure_malformed', 'A disclosure for an array element names a claim')
    }
    opened.push(openDisclosed(value, inside(place, opened.length, index), opening))
  }
  return opened
}

function readNumbered(index: number, { disclosures, read }: Opening): Disclosure {
  const disclosure = readDisclosure(disclosures[index] ?? '')
  read[index] = disclosure
  return disclosure
}

function inside(around: Place | undefined, step: string | number, disclosure?: number): Place {
  const depth = (around?.depth ?? 0) + 1
  return disclosure === undefined ? { around, step, depth } : { around, step, depth, disclosure }
}

function openDisclosed(value: JsonValue, place: Place, opening: Opening): JsonValue {
  if (place.disclosure !== undefined) opening.placed[place.disclosure] = place
  return isContainer(value) ? openContainer(value, place, opening) : value
}

function openContainer(value: JsonObject | readonly JsonValue[], place: Place, opening: Opening): JsonValue {
  if (place.depth >= maxDepth) {
    throw new CredentialError('json_too_deep', `Claims nest at most ${maxDepth} deep, disclosures included`)
  }
  return isJsonArray(value) ? openArray(value, place, opening) : openObject(value, place, opening)
}

function isContainer(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null
}

/** The number of the disclosure of a digest, or `undefined`: a decoy, or a claim that was withheld. */
function takeDisclosure(digest: string, { known, unknown, placed }: Opening): number | undefined {
  const index = known.get(digest)
  // §7.1 (4): "If any digest value is encountered more than once … the SD-JWT MUST be rejected."
  if (index === undefined ? unknown.has(digest) : placed[index] !== undefined) {
    throw new CredentialError('digest_repeated', 'The same digest stands in this SD-JWT more than once')
  }
  if (index === undefined) unknown.add(digest)
  return index
}

function describe(placed: Place | undefined, { disclosures }: Opening): DisclosedClaim {
  // §7.1 (5): "If any Disclosure was not referenced by digest value … the SD-JWT MUST be rejected."
  if (placed?.disclosure === undefined) {
    throw new CredentialError('disclosure_unreferenced', 'A disclosure belongs to no digest of this SD-JWT')
  }
  const at: (string | number)[] = [placed.step]
  const ancestors: string[] = []
  for (let place = placed.around; place !== undefined; place = place.around) {
    at.push(place.step)
    if (place.disclosure !== undefined) ancestors.push(disclosures[place.disclosure] ?? '')
  }
  return { encoded: disclosures[placed.disclosure] ?? '', at: at.reverse(), ancestors: ancestors.reverse() }
}
