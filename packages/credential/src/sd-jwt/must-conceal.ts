/**
 * A concealment policy: what must not stand in the clear, said apart from the frame that conceals it. A
 * frame is written for the claims of one type, and a claim that it forgets is in the clear without a
 * word; the policy is what it is held against before anything is signed.
 */
import { CredentialError } from '../error.ts'
import { findMember, isJsonArray, isJsonObject, type JsonValue } from '../json.ts'
import { type ClaimsPath, readClaimsPath } from './claims-path.ts'
import { type DisclosureFrame, type FramePart, readFramePart } from './disclosure-frame.ts'

/**
 * Refuses a frame that leaves something in the clear of what the paths reach. It is concealed when it
 * is disclosable itself or stands inside of what is; an object or array also when all inside it is. A
 * path that reaches nothing asks for nothing: not everybody has every claim. `['a', null]` is about the elements
 * of a list, and an empty one has none; that it is empty is concealed by `['a']`.
 *
 * @throws {CredentialError} `frame_leaves_in_clear`; `claims_path_malformed`, `claims_path_type_mismatch`
 *   for a path that can reach nothing; `frame_names_nothing`, `frame_malformed`
 */
export function checkConcealed(
  claims: JsonValue,
  frame: DisclosureFrame,
  mustConceal: readonly ClaimsPath[],
): void {
  for (const path of mustConceal) {
    if (!isConcealed({ value: claims, frame }, readClaimsPath(path))) {
      throw new CredentialError(
        'frame_leaves_in_clear',
        `The disclosure frame leaves ${JSON.stringify(path)} in the clear, or something inside it, against the policy`,
      )
    }
  }
}

/** A value, and what the frame says of it. */
interface Part {
  readonly value: JsonValue
  readonly frame: DisclosureFrame | undefined
}

function isConcealed({ value, frame }: Part, [component, ...rest]: ClaimsPath): boolean {
  if (component === undefined) return isAllConcealed({ value, frame })
  if (typeof component === 'string') {
    if (!isJsonObject(value)) throw mismatch('A name selects in an object only')
    const inner = findMember(value, component)
    return inner === undefined || isMemberConcealed({ value, frame }, component, inner, rest)
  }
  if (!isJsonArray(value)) throw mismatch('A number or null selects in an array only')
  return value.every(
    (element, index) =>
      (component !== null && component !== index) ||
      isMemberConcealed({ value, frame }, String(index), element, rest),
  )
}

function isMemberConcealed(around: Part, name: string, member: JsonValue, rest: ClaimsPath): boolean {
  const { concealed, inner } = partOf(around)
  return concealed.has(name) || isConcealed({ value: member, frame: inner.get(name) }, rest)
}

function isAllConcealed(part: Part): boolean {
  const { value } = part
  if (typeof value !== 'object' || value === null) return false
  const { concealed, inner } = partOf(part)
  const members = Object.entries(value)
  return (
    members.length > 0 &&
    members.every(
      ([name, member]) => concealed.has(name) || isAllConcealed({ value: member, frame: inner.get(name) }),
    )
  )
}

function partOf({ value, frame }: Part): FramePart {
  return readFramePart(frame, isJsonArray(value) || isJsonObject(value) ? value : {})
}

function mismatch(message: string): CredentialError {
  return new CredentialError(
    'claims_path_type_mismatch',
    `A path of the concealment policy does not fit: ${message}`,
  )
}
