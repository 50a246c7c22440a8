/**
 * Conceals claims: the issuer's half of SD-JWT, digests in the place of what becomes disclosable.
 * RFC 9901 §4.2.
 */
import { createTextWriter, writeBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import type { Hash, HashAlgorithm, Random } from '../jose/ports.ts'
import { isJsonArray, type JsonObject, type JsonValue } from '../json.ts'
import { checkScalar } from '../json-scalar.ts'
import type { ClaimsPath } from './claims-path.ts'
import { sdJwtLimits } from './compact.ts'
import { type Disclosure, writeDisclosure } from './disclosure.ts'
import { type DisclosureFrame, readFramePart } from './disclosure-frame.ts'
import { checkConcealed } from './must-conceal.ts'
import type { FindDisclosure } from './open.ts'
import { digestsName, elementName, hashName, isReservedName, putClaim } from './reserved-name.ts'

/** What concealing needs from outside. */
export interface Concealing {
  readonly hash: Hash
  readonly random: Random
  /** `sha-256` when absent. */
  readonly alg?: HashAlgorithm
  /**
   * The issuer's policy: claims that may not stay in the clear, whatever the frame says. A path reaches
   * with all that is inside it; one that reaches nothing asks for nothing. None when absent.
   */
  readonly mustConceal?: readonly ClaimsPath[]
}

export interface Concealed {
  /** What the issuer signs; `_sd_alg` is among it when there is a digest. */
  readonly payload: JsonObject
  /** All of them, for the holder; an inner one comes before the one that it stands inside of. */
  readonly disclosures: readonly string[]
}

const saltBytes = 16
const decoyBytes = 32
/** Sixteen salts at first; twice as many each time, up to 512. */
const poolBytes = { first: 256, most: 8192 }
/** One less than is read, because digests stand one level below what they belong to. */
const maxDepth = 63

/**
 * Puts digests in the place of what the frame names. Each disclosure has a fresh salt of 128 bits
 * (§9.3). Digests are sorted, which hides the order of the claims (§4.2.4.1). Decoys are digests of
 * random bytes (§4.2.5): where the frame asks for some, between that many and twice as many are drawn,
 * and stand in places by chance, so that neither their number nor their places tell how many claims
 * there are, or that two credentials are copies of one.
 *
 * @throws {CredentialError} `frame_names_nothing`, `frame_malformed`; `frame_leaves_in_clear` for what
 *   `mustConceal` reaches; those of `readClaimsPath`; `claim_name_forbidden` for a
 *   claim named `_sd`, `_sd_alg` or `...` at any depth; `disclosures_too_many`, `json_too_deep`,
 *   `json_malformed` for what no reader would take
 */
export function conceal(claims: JsonObject, frame: DisclosureFrame, tools: Concealing): Concealed {
  const { payload, disclosures } = concealKeeping(claims, frame, tools)
  return { payload, disclosures }
}

/**
 * {@link conceal}, and the disclosures as they were written, for who looks at them again: none is hashed or parsed
 * a second time.
 *
 * @throws {CredentialError} those of {@link conceal}
 */
export function concealKeeping(
  claims: JsonObject,
  frame: DisclosureFrame,
  tools: Concealing,
): Concealed & { readonly findDisclosure: FindDisclosure } {
  if (tools.mustConceal !== undefined) checkConcealed(claims, frame, tools.mustConceal)
  const alg = tools.alg ?? 'sha-256'
  const concealment: Concealment = {
    hash: tools.hash,
    random: pooled(tools.random),
    alg,
    write: createTextWriter(),
    disclosures: [],
    written: new Map(),
    decoys: 0,
  }
  const payload = concealObject({ value: claims, frame, depth: 1 }, concealment)
  const { disclosures, written, decoys } = concealment
  return {
    payload: disclosures.length + decoys > 0 ? { ...payload, [hashName]: alg } : payload,
    disclosures,
    findDisclosure: (digest) => written.get(digest),
  }
}

interface Concealment extends Required<Omit<Concealing, 'mustConceal'>> {
  /** Base64url of a text. */
  readonly write: (text: string) => string
  readonly disclosures: string[]
  /** The same, by their digests. */
  readonly written: Map<string, Disclosure>
  decoys: number
}

/** A value on its way, with the frame that speaks of it. */
interface Part<Value extends JsonValue> {
  readonly value: Value
  readonly frame: DisclosureFrame | undefined
  readonly depth: number
}

function concealValue({ value, frame, depth }: Part<JsonValue>, concealment: Concealment): JsonValue {
  if (typeof value !== 'object' || value === null) {
    checkScalar(value)
    return value
  }
  if (depth > maxDepth) throw new CredentialError('json_too_deep', `Claims nest at most ${maxDepth} deep`)
  return isJsonArray(value)
    ? concealArray({ value, frame, depth }, concealment)
    : concealObject({ value, frame, depth }, concealment)
}

function concealObject(part: Part<JsonObject>, concealment: Concealment): JsonObject {
  const { concealed, decoys, inner } = readFramePart(part.frame, part.value)
  const payload: Record<string, JsonValue> = {}
  const digests: string[] = []
  for (const [name, claim] of Object.entries(part.value)) {
    checkScalar(name)
    if (isReservedName(name)) {
      throw new CredentialError('claim_name_forbidden', `SD-JWT keeps the claim name ${name} for itself`)
    }
    const value = concealValue({ value: claim, frame: inner.get(name), depth: part.depth + 1 }, concealment)
    if (concealed.has(name)) digests.push(disclose({ name, value }, concealment))
    else putClaim(payload, name, value)
  }
  for (let left = drawDecoys(decoys, concealment); left > 0; left--) digests.push(decoy(concealment))
  if (digests.length > 0) payload[digestsName] = digests.sort()
  return payload
}

function concealArray(part: Part<readonly JsonValue[]>, concealment: Concealment): readonly JsonValue[] {
  const { concealed, decoys, inner } = readFramePart(part.frame, part.value)
  const payload = part.value.map((element, index): JsonValue => {
    const name = String(index)
    const value = concealValue({ value: element, frame: inner.get(name), depth: part.depth + 1 }, concealment)
    return concealed.has(name) ? { [elementName]: disclose({ value }, concealment) } : value
  })
  return mixDecoys(payload, drawDecoys(decoys, concealment), concealment)
}

/** Each choice of places is as likely as any other; the elements stay in their order. */
function mixDecoys(
  elements: readonly JsonValue[],
  decoys: number,
  concealment: Concealment,
): readonly JsonValue[] {
  if (decoys === 0) return elements
  const mixed: JsonValue[] = []
  let left = decoys
  for (let next = 0; next < elements.length || left > 0; ) {
    const isDecoy = left > 0 && draw(elements.length - next + left, concealment) < left
    if (isDecoy) {
      left--
      mixed.push({ [elementName]: decoy(concealment) })
    } else mixed.push(elements[next++] ?? null)
  }
  return mixed
}

function disclose(claim: { name?: string; value: JsonValue }, concealment: Concealment): string {
  if (concealment.disclosures.length === sdJwtLimits.disclosures) {
    throw new CredentialError(
      'disclosures_too_many',
      `At most ${sdJwtLimits.disclosures} claims are disclosable`,
    )
  }
  const salt = writeBase64url(concealment.random(saltBytes))
  const encoded = writeDisclosure({ ...claim, salt }, concealment.write)
  const digest = concealment.hash(concealment.alg, encoded)
  concealment.disclosures.push(encoded)
  concealment.written.set(digest, { encoded, salt, ...claim })
  return digest
}

function decoy(concealment: Concealment): string {
  concealment.decoys++
  return concealment.hash(concealment.alg, writeBase64url(concealment.random(decoyBytes)))
}

/** As many as asked for, or up to twice as many: a number that is always added to the claims would count them. */
function drawDecoys(atLeast: number, concealment: Concealment): number {
  return atLeast === 0 ? 0 : atLeast + draw(atLeast + 1, concealment)
}

/** One of that many places by chance: a decoy that always stood last would give itself away. */
function draw(places: number, { random }: Concealment): number {
  const [high = 0, middle = 0, low = 0] = random(3)
  return ((high << 16) | (middle << 8) | low) % places
}

/** Draws for many salts at once, because a draw costs the platform more than all else about a disclosure. */
function pooled(random: Random): Random {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  let next = poolBytes.first
  return (bytes) => {
    if (pool.length - used < bytes) {
      pool = random(next)
      used = 0
      next = Math.min(2 * next, poolBytes.most)
    }
    used += bytes
    return pool.subarray(used - bytes, used)
  }
}
