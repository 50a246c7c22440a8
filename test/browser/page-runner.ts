/** A runner of tests for a page: as much of one as a contract asks for. */

interface Expectation {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
}

export interface PageRunner {
  readonly test: (title: string, body: () => Promise<void>) => void
  readonly expect: (actual: unknown) => Expectation
  readonly titles: readonly string[]
  /** Nothing, or why it failed. */
  run(title: string): Promise<string | undefined>
}

export function createPageRunner(): PageRunner {
  const bodies = new Map<string, () => Promise<void>>()
  return {
    test(title, body) {
      if (bodies.has(title)) throw new Error(`two tests are called "${title}"`)
      bodies.set(title, body)
    },
    expect: (actual) => ({
      toBe(expected) {
        if (!Object.is(actual, expected)) throw new Error(`${shown(actual)} is not ${shown(expected)}`)
      },
      toEqual(expected) {
        if (!isEqual(actual, expected)) throw new Error(`${shown(actual)} does not equal ${shown(expected)}`)
      },
    }),
    get titles() {
      return [...bodies.keys()]
    },
    async run(title) {
      const body = bodies.get(title)
      if (body === undefined) return 'there is no such test'
      try {
        await body()
        return undefined
      } catch (error) {
        return error instanceof Error
          ? `${error.name}: ${error.message}\n${error.stack ?? ''}`
          : String(error)
      }
    },
  }
}

/** Bytes, lists and plain objects, member by member; all else by identity. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && isEqual(value, right.get(name)))
  )
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
