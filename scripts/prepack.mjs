/**
 * What `pnpm pack` and `pnpm publish` do first in the folder of a package: build it anew, and where its manifest
 * names packages under `bundled`, write them into what was built (specs/decisions/0011).
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cwd, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'

const folder = cwd()
const { bundled = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

// Anew: what a former build or a former packing left would be packed too.
rmSync(join(folder, 'dist'), { recursive: true, force: true })
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
// The compiler has said what is wrong.
if (spawnSync(execPath, [tsc, '-b', folder], { stdio: 'inherit' }).status !== 0) exit(1)
if (bundled.length > 0) {
  const { bundleInto } = await import('./bundle.mjs')
  await bundleInto(folder)
}
