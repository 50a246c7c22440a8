/**
 * What the issuer conceals: everything that its protection rules allow. No claim about the person
 * stands in the clear, and each is shown only by the holder's choice (RFC 9901 §4.2), save what the type
 * says that nobody may withhold (SD-JWT VC §5.6.4).
 */
import { CredentialError } from '@facet-id/credential/error'
import { isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { type ClaimPlace, type DisclosureFrame, selectByPath } from '@facet-id/credential/sd-jwt'
import type { CredentialType } from '@facet-id/credential/type-metadata'

/**
 * A frame that conceals each member, at each depth, and each element of each array.
 *
 * @throws {CredentialError} `claim_name_forbidden` for an object or array that is named like a word of frames
 */
export function frameForAll(claims: JsonObject, type?: Pick<CredentialType, 'claims'>): DisclosureFrame {
  return frameOfObject(claims, [], placesInTheClear(claims, type))
}

/** As texts, to be found again. */
type Places = ReadonlySet<string>

function placesInTheClear(claims: JsonObject, type: Pick<CredentialType, 'claims'> | undefined): Places {
  const never = type?.claims.filter(({ sd }) => sd === 'never') ?? []
  return new Set(never.flatMap(({ path }) => placesOf(claims, path)).map(textOf))
}

function placesOf(claims: JsonObject, path: Parameters<typeof selectByPath>[1]): readonly ClaimPlace[] {
  try {
    return selectByPath(claims, path).map(({ at }) => at)
  } catch {
    // Nothing is there, or something else: whoever signs holds it against the type.
    return []
  }
}

function textOf(place: ClaimPlace): string {
  return JSON.stringify(place)
}

function frameOfObject(object: JsonObject, at: ClaimPlace, clear: Places): DisclosureFrame {
  const names = Object.keys(object)
  const concealed = names.filter((name) => !clear.has(textOf([...at, name])))
  return {
    _sd: concealed,
    ...nested(
      names.map((name) => [name, object[name]]),
      at,
      clear,
    ),
  }
}

function frameOfArray(elements: readonly JsonValue[], at: ClaimPlace, clear: Places): DisclosureFrame {
  const concealed = [...elements.keys()].filter((index) => !clear.has(textOf([...at, index])))
  return { _sd: concealed, ...nested([...elements.entries()], at, clear) }
}

function nested(
  members: readonly (readonly [string | number, JsonValue | undefined])[],
  at: ClaimPlace,
  clear: Places,
): Record<string, DisclosureFrame> {
  const frames: [string, DisclosureFrame][] = []
  for (const [step, value] of members) {
    const place = [...at, step]
    if ((step === '_sd' || step === '_sd_decoy') && typeof value === 'object' && value !== null) {
      throw new CredentialError(
        'claim_name_forbidden',
        `What stands inside of a claim named ${step} cannot be concealed`,
      )
    }
    if (Array.isArray(value)) frames.push([String(step), frameOfArray(value, place, clear)])
    else if (isJsonObject(value)) frames.push([String(step), frameOfObject(value, place, clear)])
  }
  return Object.fromEntries(frames)
}
