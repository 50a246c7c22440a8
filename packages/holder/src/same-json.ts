/** Whether two JSON values say the same, whatever the order of their members. */
import { isJsonArray, isJsonObject, type JsonValue } from '@facet-id/credential/json'

/** What is no JSON (`NaN`, an absent member, a date) is the same as nothing. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (isJsonArray(a)) {
    return isJsonArray(b) && a.length === b.length && a.every((element, index) => sameJson(element, b[index]))
  }
  if (isJsonObject(a)) {
    const names = Object.keys(a)
    return (
      isJsonObject(b) &&
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
    )
  }
  return a !== undefined && a === b
}
