/** How the cost of issuing and of verifying grows with the number or the depth of disclosures. */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { type DisclosureFrame, splitSdJwt } from '@facet-id/credential/sd-jwt'
import { generateKey } from '@facet-id/crypto/node'
import { expected, issue, judge, now, theirs, theyIssue } from './reference-credential.ts'
import { type Contender, type Cost, costsOf } from './rounds.ts'
import type { Measured } from './run.ts'

export interface Shape {
  readonly claims: JsonObject
  readonly frame: DisclosureFrame
}

/** So many claims side by side, each disclosable. */
export function widthOf(count: number): Shape {
  const names = Array.from({ length: count }, (_, at) => `claim_${at}`)
  return { claims: Object.fromEntries(names.map((name) => [name, 'UTO'])), frame: { _sd: names } }
}

/** So many claims inside one another, each disclosable. */
export function depthOf(depth: number): Shape {
  let claims: JsonValue = 'UTO'
  let frame: DisclosureFrame = {}
  for (let at = 0; at < depth; at++) {
    claims = { a: claims }
    frame = at === 0 ? { _sd: ['a'] } : { _sd: ['a'], a: frame }
  }
  return { claims: claims as JsonObject, frame }
}

const atIssuance = { ...expected, keyBinding: { binding: 'forbidden' } } as const
const rounds = { rounds: 9, roundMs: 30, warmUpMs: 400 }

/** For each size what issuing and verifying all of it costs, and a disclosure of it, in turns. */
export async function checkGrowth(
  what: string,
  shapeOf: (size: number) => Shape,
  sizes: readonly number[],
): Promise<readonly Measured[]> {
  const contenders = (await Promise.all(sizes.map((size) => contendersOf(size, shapeOf(size))))).flat()
  const costs = await costsOf(contenders, rounds)
  return ['issue', 'verify'].map((act) => growthRow(`${act}: growth with ${what}`, act, sizes, costs))
}

async function contendersOf(size: number, { claims, frame }: Shape): Promise<readonly Contender[]> {
  const { publicJwk } = generateKey()
  const issued = issue(publicJwk, claims, frame)
  const engine = theirs()
  if ((await engine.verify(issued, { currentDate: now })).payload === undefined) throw new Error('not read')
  const check = (right: boolean): void => {
    if (!right) throw new Error(`a credential of ${size} went wrong`)
  }
  return [
    {
      name: `issue ${size}`,
      run: (times) => {
        for (let time = 0; time < times; time++) {
          check(splitSdJwt(issue(publicJwk, claims, frame)).disclosures.length === size)
        }
      },
    },
    {
      name: `verify ${size}`,
      run: (times) => {
        for (let time = 0; time < times; time++) {
          check(judge(issued, atIssuance).credential?.disclosed.length === size)
        }
      },
    },
    {
      name: `their issue ${size}`,
      run: async (times) => {
        for (let time = 0; time < times; time++) {
          check(splitSdJwt(await theyIssue(engine, publicJwk, claims, frame)).disclosures.length === size)
        }
      },
    },
    {
      name: `their verify ${size}`,
      run: async (times) => {
        for (let time = 0; time < times; time++) {
          check((await engine.verify(issued, { currentDate: now })).payload !== undefined)
        }
      },
    },
  ]
}

function growthRow(
  name: string,
  act: string,
  sizes: readonly number[],
  costs: ReadonlyMap<string, Cost>,
): Measured {
  const costOf = (contender: string): Cost => {
    const cost = costs.get(contender)
    if (cost === undefined) throw new Error(`${contender} is not measured`)
    return cost
  }
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)]
  // What one more costs: the signature and all else that every credential costs is not in it.
  const slope = (of: string, from: number, to: number): number =>
    (costOf(`${of} ${to}`).median - costOf(`${of} ${from}`).median) / (to - from)
  const steps = sizes.slice(1).map((to, at) => slope(act, sizes[at] ?? 0, to))
  const bend = (steps.at(-1) ?? Number.NaN) / (steps[0] ?? Number.NaN)
  return {
    name,
    unit: 'µs of CPU for one more disclosure',
    value: slope(act, smallest, largest),
    notes: {
      ...Object.fromEntries(sizes.map((size) => [size, describe(costOf(`${act} ${size}`), size)])),
      one_more_costs: steps.map((step) => `${step.toFixed(2)} µs`).join(', then '),
      linear: `${bend < 2 ? 'yes' : 'no'}: at the largest one more costs ${bend.toFixed(2)} times what it costs at the smallest`,
      ...Object.fromEntries(
        sizes.map((size) => [`@sd-jwt/core 0.20.0, ${size}`, describe(costOf(`their ${act} ${size}`), size)]),
      ),
    },
  }
}

function describe({ median, low, high }: Cost, size: number): string {
  const quartiles = `${Math.round(low)}–${Math.round(high)}`
  return `${Math.round(median)} µs (${quartiles}), ${(median / size).toFixed(2)} µs for each`
}
