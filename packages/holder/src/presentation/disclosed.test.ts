import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { conceal, type DisclosureFrame, openSdJwt, selectDisclosures } from '@facet-id/credential/sd-jwt'
import { hash, random, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { disclosedBy } from './disclosed.ts'

test('CON-1 what the person is told is what a verifier can read, whatever is concealed and chosen', () => {
  const bytes = seededRandom('disclosed')
  const below = (end: number): number => (bytes(1)[0] ?? 0) % end
  let seen = 0
  for (let run = 0; run < 300; run++) {
    const claims = objectOf(3, below)
    const { payload, disclosures } = conceal(claims, frameFor(claims, below), { hash, random })
    const opened = openSdJwt(payload, disclosures, hash)
    const disclosable = opened.disclosed.map(({ at }) => at)
    const chosen = disclosable.filter(() => below(2) === 0)
    const shown = openSdJwt(payload, selectDisclosures(opened, chosen), hash).claims
    const told = disclosedBy({ claims: opened.claims, disclosable }, chosen)
    expect(new Map(told.map(({ path, value }) => [JSON.stringify(path), value]))).toEqual(
      leavesOf(shown, claims),
    )
    seen += told.length
  }
  expect(seen).toBeGreaterThan(600)
})

type Below = (end: number) => number

function anyValue(depth: number, below: Below): JsonValue {
  const kind = depth === 0 ? 0 : below(4)
  if (kind === 1) return Array.from({ length: 1 + below(3) }, () => anyValue(depth - 1, below))
  return kind > 1 ? objectOf(depth - 1, below) : below(9)
}

function objectOf(depth: number, below: Below): JsonObject {
  const names = ['a', 'b', 'c'].slice(0, 1 + below(3))
  return Object.fromEntries(names.map((name) => [name, anyValue(depth, below)]))
}

function frameFor(value: JsonValue, below: Below): DisclosureFrame {
  const keys = Array.isArray(value) ? value.map((_, at) => at) : Object.keys(value as JsonObject)
  const inside = keys.flatMap((key) => {
    const member = (value as Record<string | number, JsonValue>)[key] ?? null
    return typeof member === 'object' && member !== null
      ? [[String(key), frameFor(member, below)] as const]
      : []
  })
  return { _sd: keys.filter(() => below(2) === 0), ...Object.fromEntries(inside) } as DisclosureFrame
}

/** Every value by its place; what is empty only because all of it was withheld says nothing. */
function leavesOf(shown: JsonObject, whole: JsonObject): ReadonlyMap<string, JsonValue> {
  const leaves = new Map<string, JsonValue>()
  const walk = (value: JsonValue, path: readonly (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) leaves.set(JSON.stringify(path), value)
    else
      for (const [name, member] of Object.entries(value))
        walk(member, [...path, Array.isArray(value) ? Number(name) : name])
  }
  walk(shown, [])
  expect(JSON.stringify(whole)).not.toContain('[]')
  return leaves
}
