/**
 * A disclosure frame: which claims an issuer makes selectively disclosable, written in the shape of
 * the claims. The shape is that of `@sd-jwt/core`.
 *
 * Whatever a frame names must be there: a misspelt name would leave a claim in the clear without a
 * word. A claim may be named `_sd_decoy`, and be concealed; of what stands inside of it no frame can speak.
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'
import { sdJwtLimits } from './compact.ts'

/**
 * What to conceal in one object or array, and in what stands inside it:
 * `{ _sd: ['address'], address: { _sd: ['locality'], _sd_decoy: 2 }, nationalities: { _sd: [0, 1] } }`.
 */
export interface DisclosureFrame {
  /** Names of the claims, or indices of the elements, that become disclosable one by one. */
  readonly _sd?: readonly (string | number)[]
  /** How many decoy digests stand among the real ones, at the least; none when absent. At most 20,000. */
  readonly _sd_decoy?: number
  /** The frame of the object or array under that name, or at that index. */
  readonly [name: string]: DisclosureFrame | readonly (string | number)[] | number | undefined
}

/**
 * The frames of claims whose type is known: the compiler finds the misspelt name that
 * {@link DisclosureFrame} leaves to the moment of issuing. Each is a `DisclosureFrame`.
 */
export type DisclosureFrameOf<Claims> = Claims extends readonly (infer Element)[]
  ? Marks<number> & { readonly [index: number]: DisclosureFrameOf<NonNullable<Element>> }
  : Marks<keyof Claims & string> & {
      readonly [Name in keyof Claims as NonNullable<Claims[Name]> extends object
        ? Name
        : never]?: DisclosureFrameOf<NonNullable<Claims[Name]>>
    }

type Marks<Name> = {
  readonly _sd?: readonly Name[]
  readonly _sd_decoy?: number
}

/** What a frame says of one object or array, checked against it. Indices are spelled as names. */
export interface FramePart {
  readonly concealed: ReadonlySet<string>
  readonly decoys: number
  readonly inner: ReadonlyMap<string, DisclosureFrame>
}

const nothing: FramePart = { concealed: new Set(), decoys: 0, inner: new Map() }

/**
 * What the frame says of `container` itself and of what stands directly inside it.
 *
 * @throws {CredentialError} `frame_names_nothing`, `frame_malformed`
 */
export function readFramePart(
  frame: DisclosureFrame | undefined,
  container: JsonObject | readonly JsonValue[],
): FramePart {
  if (frame === undefined) return nothing
  const { _sd: concealed = [], _sd_decoy: decoys = 0, ...rest } = frame
  if (!Array.isArray(concealed)) throw malformed('"_sd" must be a list')
  if (!Number.isSafeInteger(decoys) || decoys < 0 || decoys > sdJwtLimits.disclosures) {
    throw malformed(`"_sd_decoy" must be a whole number of at most ${sdJwtLimits.disclosures}`)
  }
  const names = new Set<string>()
  for (const name of concealed) names.add(nameIn(container, name))
  const inner = new Map<string, DisclosureFrame>()
  for (const [name, part] of Object.entries(rest)) {
    if (!isFrame(part)) throw malformed('what stands under a name must be a frame')
    const member = memberOf(container, name)
    if (member !== undefined && !isJsonObject(member) && !isJsonArray(member)) {
      throw malformed(`nothing stands inside of ${JSON.stringify(name)}`)
    }
    inner.set(name, part)
  }
  for (const name of names) if (memberOf(container, name) === undefined) throw missing(name)
  for (const name of inner.keys()) if (memberOf(container, name) === undefined) throw missing(name)
  return { concealed: names, decoys, inner }
}

/** Own members and elements only: the `length` of an array is none, and `00` is no index. */
function memberOf(container: JsonObject | readonly JsonValue[], name: string): JsonValue | undefined {
  if (!isJsonArray(container)) return findMember(container, name)
  const index = Number(name)
  return String(index) === name ? container[index] : undefined
}

/** Numbers are indices of arrays only; in an object a claim may well be named "18". */
function nameIn(container: JsonObject | readonly JsonValue[], name: string | number): string {
  if (typeof name === 'string' || isJsonArray(container)) return String(name)
  throw malformed('claims of an object are named by texts')
}

function isFrame(part: DisclosureFrame[string]): part is DisclosureFrame {
  return typeof part === 'object' && !Array.isArray(part)
}

function missing(name: string): CredentialError {
  return new CredentialError(
    'frame_names_nothing',
    `The disclosure frame names ${JSON.stringify(name)}, which the claims do not have there`,
  )
}

function malformed(why: string): CredentialError {
  return new CredentialError('frame_malformed', `The disclosure frame does not fit the claims: ${why}`)
}
