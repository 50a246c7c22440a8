import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One scenario a file: what is put in, and the outcome that the requirement asks for. */
export interface Vector {
  readonly requirement: string
  readonly comment: string
  readonly input: unknown
  /** `accepted`, or an error code. */
  readonly expect: string
  /** The file's name without its ending. */
  readonly name: string
}

/**
 * All vectors of a folder, in the order of their names.
 *
 * @param folder where they are, as a URL: `new URL('../../vectors/sd-jwt/', import.meta.url)`
 */
export function vectors(folder: URL): readonly Vector[] {
  const path = fileURLToPath(folder)
  const names = readdirSync(path).filter((name) => name.endsWith('.json'))
  if (names.length === 0) throw new Error('a folder of vectors holds at least one')
  return names.sort().map((name) => ({
    ...JSON.parse(readFileSync(join(path, name), 'utf8')),
    name: name.slice(0, -'.json'.length),
  }))
}

/**
 * The folder of public vectors that may lie beside the checkout, or `undefined` where it is absent.
 * A test that needs it uses `test.skipIf(sharedVectors('…') === undefined)`, so skips are counted.
 */
export function sharedVectors(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../../shared/vectors/${name}`, import.meta.url))
  return existsSync(path) ? path : undefined
}
