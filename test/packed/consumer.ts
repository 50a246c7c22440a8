/** Who installs our packages: an empty folder, npm and the tarballs. */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Ended, mustRun, npm, run } from './run.ts'
import type { Tarball } from './tarballs.ts'

export interface Consumer {
  readonly folder: string
  /** Of `npm ls`: exit code 0 where nothing is missing or invalid. */
  readonly listed: Ended
  remove(): Promise<void>
}

/** What a consumer writes: files of `outside/`, copied beside its `node_modules`. */
const outside = fileURLToPath(new URL('outside/', import.meta.url))

/** Whether npm gets an answer from its registry; without one there is nothing to install from. */
export async function registryAnswers(): Promise<boolean> {
  const asked = npm('view', 'valibot@1.5.0', 'version', '--fetch-retries=0', '--fetch-timeout=10000')
  return (await run(asked, tmpdir())).code === 0
}

export async function install(tarballs: readonly Tarball[]): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-consumer-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    const paths = tarballs.map(({ path }) => path)
    const quietly = ['--no-audit', '--no-fund', '--prefer-offline']
    await mustRun(npm('install', ...quietly, ...paths), folder)
    for (const file of await readdir(outside)) await cp(join(outside, file), join(folder, file))
    return { folder, listed: await run(npm('ls', '--all'), folder), remove }
  } catch (error) {
    await remove()
    throw error
  }
}
