/**
 * What those get who install our packages: each is packed, the tarballs are installed with npm in an empty folder,
 * and everything below happens there.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeFits } from '../../scripts/versions.mjs'
import { bundleForBrowser, everythingOf, strangersIn } from './browser-bundle.ts'
import { type Consumer, install, registryAnswers } from './consumer.ts'
import { allEntries, browserEntries, isOf, notForBrowsers, passedOver } from './entries.ts'
import { hasWebCrypto, holderSide } from './holder-side.ts'
import { nodesAtHand } from './nodes.ts'
import { node, npm, run } from './run.ts'
import { packAll, published, type Tarball, type Tarballs } from './tarballs.ts'
import { typeFaults } from './types.ts'

const noRegistry = !(await registryAnswers())
const nodes = await nodesAtHand()
const tooOld = nodes.filter(({ version }) => !nodeFits(version))

const SET_UP_MS = 300_000
let packed: Tarballs
let consumer: Consumer

beforeAll(async () => {
  packed = await packAll()
  if (!noRegistry) consumer = await install(packed.tarballs)
}, SET_UP_MS)

afterAll(async () => {
  await consumer?.remove()
  await packed?.remove()
})

test('PKG-1 a tarball holds what its manifest names, the licence and the README, and nothing that is ours alone', () => {
  const strange =
    /(?:^|\/)(?:src|test|vectors|node_modules)\/|\.test\.|test-support|\.map$|tsbuildinfo|(?<!\.d)\.ts$/
  const faults = packed.tarballs.flatMap((tarball) => [
    ...['LICENSE', 'README.md', 'package.json', ...targetsOf(tarball)]
      .filter((path) => !tarball.files.includes(path))
      .map((path) => `${tarball.name} lacks ${path}`),
    ...tarball.files.filter((path) => strange.test(path)).map((path) => `${tarball.name} holds ${path}`),
    ...tarball.files
      .filter((path) => /\.(?:js|ts)$/.test(path) && textIn(tarball, path).includes('sourceMappingURL'))
      .map((path) => `${tarball.name} points from ${path} to a map`),
  ])
  expect(faults).toEqual([])
})

test('PKG-1 a manifest says what it may do to its users: its licence, side effects, Node, and nothing of this workspace', () => {
  for (const { name, manifest } of packed.tarballs) {
    expect({ ...manifest, name }).toMatchObject({
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=22.18' },
      publishConfig: { access: 'public' },
    })
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|@facet-id\/source|\.\/src\//)
  }
})

test('PKG-9 what is bundled is no dependency, is imported no more, and its licence is there', () => {
  const bundling = packed.tarballs.filter(({ manifest }) => manifest.bundled !== undefined)
  expect(bundling.length).toBeGreaterThan(0)
  for (const tarball of bundling) {
    const { name, manifest, files } = tarball
    const notices = textIn(tarball, 'dist/THIRD-PARTY-LICENSES.txt')
    const code = files.filter((path) => path.endsWith('.js')).map((path) => textIn(tarball, path))
    for (const inside of manifest.bundled ?? []) {
      const version = manifest.devDependencies?.[inside]
      expect({ name, inside, version, depends: manifest.dependencies?.[inside] }).toMatchObject({
        version: expect.any(String),
        depends: undefined,
      })
      expect(notices).toContain(`\n${inside} ${version}\n`)
      expect(code.some((text) => text.includes(`from "${inside}"`))).toBe(false)
    }
    expect(notices).toMatch(/Apache License|Permission is hereby granted/)
    expect([...notices.matchAll(/^License: (.*)$/gm)].map(([, said]) => said).filter(isRefused)).toEqual([])
  }
})

test.skipIf(noRegistry)(
  'PKG-2 npm installs them in an empty folder, and finds nothing missing or invalid',
  () => {
    expect(consumer.listed.stderr).toBe('')
    expect(consumer.listed.code).toBe(0)
    const installed = published.filter((name) =>
      existsSync(join(consumer.folder, 'node_modules/@facet-id', name)),
    )
    expect(installed).toEqual(published)
  },
)

test.skipIf(noRegistry)('PKG-3 every entry is imported, by each Node at hand that fits', async () => {
  for (const { path, version } of nodes.filter((each) => nodeFits(each.version))) {
    const ended = await run({ file: path, args: ['import-all.ts', ...allEntries] }, consumer.folder, path)
    expect({ version, code: ended.code, stderr: ended.stderr }).toEqual({ version, code: 0, stderr: '' })
    expect(Object.keys(JSON.parse(ended.stdout))).toEqual(allEntries)
  }
})

test.skipIf(noRegistry).each([
  { resolution: 'nodenext', forNode: true },
  { resolution: 'bundler', forNode: true },
  // Who writes for browsers has a bundler, and no types of Node.
  { resolution: 'bundler', forNode: false },
] as const)(
  'PKG-4 every entry compiles for who imports it, as $resolution resolves, with types of Node: $forNode',
  async ({ resolution, forNode }) => {
    const entries = forNode ? allEntries : browserEntries
    expect(await typeFaults(consumer.folder, { resolution, entries, forNode })).toEqual([])
  },
)

test.skipIf(noRegistry)('an entry that is not there does not compile', async () => {
  const entries = ['@facet-id/credential/nothing']
  const faults = await typeFaults(consumer.folder, { resolution: 'nodenext', entries, forNode: true })
  expect(faults).toEqual([expect.stringContaining('@facet-id/credential/nothing')])
})

test.skipIf(noRegistry)(
  'PKG-5 every entry that does not say node bundles for a browser, with nothing of Node in it',
  async () => {
    expect(browserEntries.length).toBeGreaterThan(0)
    for (const entry of browserEntries) {
      const bundle = await bundleForBrowser({ text: everythingOf([entry]), folder: consumer.folder })
      const passed = bundle.packages.flatMap((name) => passedOver[name] ?? [])
      const strangers = strangersIn(bundle).filter((name) => !passed.includes(name))
      expect({ entry, strangers }).toEqual({ entry, strangers: [] })
      expect(bundle.packages).toContain(entry.split('/').slice(0, 2).join('/'))
    }
  },
)

test.skipIf(noRegistry)('PKG-5 what is excepted has something of Node in it', async () => {
  for (const name of Object.keys(notForBrowsers)) {
    const entries = allEntries.filter((entry) => isOf(entry, name))
    const bundle = await bundleForBrowser({ text: everythingOf(entries), folder: consumer.folder })
    expect({ name, strange: strangersIn(bundle).length > 0 }).toEqual({ name, strange: true })
  }
})

test.skipIf(noRegistry)(
  'PKG-10 a wallet in a browser carries no second engine, no Veramo, no level, no libp2p',
  async () => {
    const wallet = browserEntries.filter((entry) => !/\/(?:issuer|verifier)$/.test(entry))
    const { packages } = await bundleForBrowser({ text: everythingOf(wallet), folder: consumer.folder })
    expect(packages).toContain('@facet-id/holder')
    expect(packages.filter((name) => /sd-jwt|@owf|veramo|level|libp2p|ethers|did-jwt/.test(name))).toEqual([])
  },
)

test.skipIf(noRegistry)(
  "PKG-11 the holder's side of a credential costs a browser no more than 35 KB gzipped",
  async () => {
    const text = await holderSide(consumer.folder)
    const bundle = await bundleForBrowser({ text, folder: consumer.folder, minify: true })
    expect(strangersIn(bundle)).toEqual([])
    expect(bundle.packages.includes('@facet-id/crypto')).toBe(hasWebCrypto)
    const all = bundle.gzipped + bundle.gzippedLater
    expect(all).toBeGreaterThan(2_000)
    expect(all).toBeLessThanOrEqual(35_000)
  },
)

test.skipIf(noRegistry)('PKG-6 a credential is issued, held, shown in part and verified', async () => {
  const { stdout, stderr } = await run(node('flow.ts'), consumer.folder)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ outcome: 'verified', shown: [{ nationalities: ['UTO'] }] })
})

test.skipIf(noRegistry)('PKG-7 the command helps, and tells the whole story', async () => {
  const help = await run(npm('exec', '--offline', '--', 'facet', 'help'), consumer.folder)
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('facet demo') })
  const demo = ['facet', 'demo', '--once', '--json', '--data', 'story']
  const { code, stdout, stderr } = await run(npm('exec', '--offline', '--', ...demo), consumer.folder)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { transcript } = JSON.parse(stdout)
  const outcomes = transcript.flatMap((line: { event: string; outcome?: string }) =>
    line.event === 'report' ? [line.outcome] : [],
  )
  expect(outcomes).toEqual(['verified', 'refused'])
})

test.skipIf(noRegistry || tooOld.length === 0)(
  'PKG-8 the command tells a Node that is too old which one it needs, in one line',
  async () => {
    for (const { path, version } of tooOld) {
      const bin = join(consumer.folder, 'node_modules/@facet-id/facet/dist/bin.js')
      expect(await run({ file: path, args: [bin, 'help'] }, consumer.folder, path)).toEqual({
        code: 1,
        stdout: '',
        stderr: `facet: Node 22.18 or newer is needed, and this is ${version} [node_too_old]\n`,
      })
    }
  },
)

function targetsOf({ manifest }: Tarball): readonly string[] {
  const { exports = {}, bin = {} } = manifest
  const targets = [
    ...Object.values(exports).flatMap((target) => Object.values(target)),
    ...Object.values(bin),
  ]
  return targets.map((target) => target.replace(/^\.\//, ''))
}

function textIn({ folder }: Tarball, path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}

/** Licences that ask more of our users than to keep the notice. */
function isRefused(license: string | undefined): boolean {
  return license === undefined || !/^\(?(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)\b[^)]*\)?$/.test(license)
}
