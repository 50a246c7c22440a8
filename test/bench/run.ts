/**
 * Runs the benchmarks of this folder, each in a process of its own so that none warms up or burdens another:
 * all of them, or those that are named. Prints what they measured beside the machine, the versions and the load,
 * and keeps the same in `results/<name>.json`.
 *
 * `npm run bench`, `npm run bench -- flow`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** One figure. A benchmark exports `bench(): Promise<readonly Measured[]>` and checks its own answers. */
export interface Measured {
  readonly name: string
  /** `flows/s`, `µs`, `MB`. */
  readonly unit: string
  readonly value: number
  /** What one must know to read the figure: counts, sizes, the floor beside it. */
  readonly notes?: Readonly<Record<string, number | string>>
}

interface Surroundings {
  readonly at: string
  readonly machine: string
  readonly memoryGiB: number
  readonly versions: Readonly<Record<string, string>>
  /** Of the last minute, before the benchmark began; a busy machine measures itself. */
  readonly load: number
}

const here = dirname(fileURLToPath(import.meta.url))
const SUFFIX = '.bench.ts'
/** Set for the process that measures, to tell it from the one that starts it. */
const MEASURES = 'FACET_BENCH_MEASURES'

process.exitCode =
  process.env[MEASURES] === undefined
    ? startEach(process.argv.slice(2))
    : await measure(process.env[MEASURES])

function startEach(named: readonly string[]): number {
  const known = readdirSync(here).flatMap((file) =>
    file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : [],
  )
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
    return 1
  }
  const codes = (named.length > 0 ? named : known).map((name) => {
    const args = [...process.execArgv, fileURLToPath(import.meta.url)]
    return spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, [MEASURES]: name } })
      .status
  })
  return codes.every((code) => code === 0) ? 0 : 1
}

async function measure(name: string): Promise<number> {
  const around = surroundings()
  const { bench } = await import(pathToFileURL(join(here, `${name}${SUFFIX}`)).href)
  const measured: readonly Measured[] = await bench()
  const results = join(here, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ ...around, measured }, null, 2)}\n`)
  print(name, around, measured)
  return 0
}

function surroundings(): Surroundings {
  const { node = '', openssl = '', v8 = '' } = process.versions
  const processors = cpus()
  return {
    at: new Date().toISOString(),
    machine: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${platform()} ${release()} ${arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    versions: { node, openssl, v8 },
    load: loadavg()[0] ?? 0,
  }
}

function print(name: string, around: Surroundings, measured: readonly Measured[]): void {
  const { machine, memoryGiB, versions, load } = around
  const lines = measured.flatMap(({ name: what, unit, value, notes = {} }) => [
    `  ${what}: ${Number(value.toPrecision(4))} ${unit}`,
    ...Object.entries(notes).map(([note, said]) => `    ${note}: ${said}`),
  ])
  console.log([`${name} (Node ${versions.node}, OpenSSL ${versions.openssl})`, ...lines].join('\n'))
  console.log(`  on ${machine}, ${memoryGiB} GiB, load ${load.toFixed(2)}\n`)
}
