/**
 * What our packages weigh in a browser and how long Node takes to import them, from the tarballs that a registry
 * would serve, installed with npm in an empty folder.
 *
 * The holder's side is what a wallet needs of a credential by itself: read, select, present, check, with the crypto
 * of the browser. The target is 35 KB gzipped and 60 ms. Fronts are measured whole, with all that they import.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleForBrowser, everythingOf } from '../packed/browser-bundle.ts'
import { type Consumer, install } from '../packed/consumer.ts'
import { allEntries, browserEntries } from '../packed/entries.ts'
import { hasWebCrypto, holderSide } from '../packed/holder-side.ts'
import { mustRun, node } from '../packed/run.ts'
import { packAll } from '../packed/tarballs.ts'
import type { Measured } from './run.ts'

/** Starts of each kind, interleaved with the others. */
const STARTS = 15

export async function bench(): Promise<readonly Measured[]> {
  const packed = await packAll()
  try {
    const consumer = await install(packed.tarballs)
    try {
      return [...(await sizes(consumer)), ...(await coldImports(consumer))]
    } finally {
      await consumer.remove()
    }
  } finally {
    await packed.remove()
  }
}

async function sizes({ folder }: Consumer): Promise<readonly Measured[]> {
  const credentialAlone = await holderSide(folder, false)
  const wholes: readonly (readonly [string, string])[] = [
    [`holder's side (${whatItHolds})`, await holderSide(folder)],
    ...(hasWebCrypto ? [["holder's side, credential alone", credentialAlone] as const] : []),
    ...browserEntries.map((entry) => [entry, everythingOf([entry])] as const),
    ['all entries for browsers together', everythingOf(browserEntries)],
  ]
  const measured: Measured[] = []
  for (const [name, text] of wholes) {
    const { gzipped, gzippedLater, files, packages } = await bundleForBrowser({ text, folder, minify: true })
    const bytes = files.reduce((sum, { code }) => sum + code.length, 0)
    if (bytes < 100 && packages.length > 0) throw new Error(`${name} came out empty`)
    measured.push({
      name: `size in a browser: ${name}`,
      unit: 'KB gzipped',
      value: gzipped / 1000,
      notes: {
        ...(gzippedLater > 0 ? { loaded_when_needed_KB: round(gzippedLater / 1000) } : {}),
        minified_bytes: bytes,
        of: packages.join(', ') || 'types only',
      },
    })
  }
  return measured
}

const whatItHolds = hasWebCrypto ? 'credential, crypto/web' : 'credential; there is no crypto/web yet'

async function coldImports({ folder }: Consumer): Promise<readonly Measured[]> {
  const side = await holderSide(folder)
  await writeFile(join(folder, 'side.mjs'), side)
  const bundled = join(folder, 'bundled')
  await mkdir(bundled)
  for (const { name, code } of (await bundleForBrowser({ text: side, folder, minify: true })).files)
    await writeFile(join(bundled, name), code)
  const imported: readonly (readonly [string, string])[] = [
    [`holder's side (${whatItHolds})`, './side.mjs'],
    ["holder's side, bundled", './bundled/entry.js'],
    ...[
      '@facet-id/holder',
      '@facet-id/verifier',
      '@facet-id/issuer',
      '@facet-id/crypto/node',
      '@facet-id/facet',
    ]
      .filter((entry) => allEntries.includes(entry))
      .map((entry) => [entry, entry] as const),
  ]
  await writeFile(
    join(folder, 'empty.mjs'),
    `process.stdout.write('{ "names": 1, "importMs": 0, "cpuMs": 0 }')`,
  )
  const scripts = await Promise.all(
    imported.map(async ([name, specifier], place) => {
      const file = `import-${place}.mjs`
      await writeFile(join(folder, file), importing(specifier))
      return { name, file }
    }),
  )
  const starts = new Map<string, Started[]>()
  for (let round = 0; round < STARTS; round++) {
    for (const file of ['empty.mjs', ...scripts.map((script) => script.file)])
      starts.set(file, [...(starts.get(file) ?? []), await start(folder, file)])
  }
  const empty = median((starts.get('empty.mjs') ?? []).map(({ wholeMs }) => wholeMs))
  return scripts.map(({ name, file }) => {
    const own = starts.get(file) ?? []
    const whole = own.map(({ wholeMs }) => wholeMs)
    return {
      name: `cold import in Node: ${name}`,
      unit: 'ms',
      value: median(whole) - empty,
      notes: {
        starts: STARTS,
        whole_process_ms: round(median(whole)),
        empty_process_ms: round(empty),
        import_alone_ms: round(median(own.map(({ importMs }) => importMs))),
        import_alone_cpu_ms: round(median(own.map(({ cpuMs }) => cpuMs))),
        least_and_most_ms: `${round(Math.min(...whole) - empty)} to ${round(Math.max(...whole) - empty)}`,
      },
    }
  })
}

/** A module that imports another, and prints how many names it got and what that took. */
function importing(specifier: string): string {
  return `const [began, before] = [performance.now(), process.cpuUsage()]
const names = Object.keys(await import(${JSON.stringify(specifier)})).length
const importMs = performance.now() - began
const { user, system } = process.cpuUsage(before)
process.stdout.write(JSON.stringify({ names, importMs, cpuMs: (user + system) / 1000 }))
`
}

interface Started {
  /** From the start of the process to its end. */
  readonly wholeMs: number
  /** Of the import, as the process saw it. */
  readonly importMs: number
  /** The same, of the processors: a busy machine adds less to it. */
  readonly cpuMs: number
}

async function start(folder: string, file: string): Promise<Started> {
  const began = performance.now()
  const { stdout } = await mustRun(node(file), folder)
  const wholeMs = performance.now() - began
  const { names, importMs, cpuMs } = JSON.parse(stdout)
  if (names === 0) throw new Error(`${file} imported nothing`)
  return { wholeMs, importMs, cpuMs }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
