/**
 * What the issuer conceals: everything that its protection rules allow. No claim about the person
 * stands in the clear, and each is shown only by the holder's choice (RFC 9901 §4.2).
 */
import { isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { DisclosureFrame } from '@facet-id/credential/sd-jwt'

/** A frame that conceals each member, at each depth, and each element of each array. */
export function frameForAll(claims: JsonObject): DisclosureFrame {
  const names = Object.keys(claims)
  return { _sd: names, ...nested(names.map((name) => [name, claims[name]])) }
}

function frameOfArray(elements: readonly JsonValue[]): DisclosureFrame {
  return { _sd: [...elements.keys()], ...nested(elements.map((element, index) => [String(index), element])) }
}

function nested(
  members: readonly (readonly [string, JsonValue | undefined])[],
): Record<string, DisclosureFrame> {
  const frames: [string, DisclosureFrame][] = []
  for (const [name, value] of members) {
    if (Array.isArray(value)) frames.push([name, frameOfArray(value)])
    else if (isJsonObject(value)) frames.push([name, frameForAll(value)])
  }
  return Object.fromEntries(frames)
}
