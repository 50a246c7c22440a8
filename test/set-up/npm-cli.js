/**
 * Stands for npm: "installs" Node as a link to the running one, and a pnpm that "installs" a task.
 * Whatever is called writes a line into the journal.
 */
import { appendFileSync, copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const [, , command, wanted = ''] = process.argv
const name = wanted.slice(0, wanted.lastIndexOf('@'))

appendFileSync(process.env.FAKE_JOURNAL, `npm ${command} ${wanted}\n`)
if (process.env.FAKE_NPM_FAILS !== undefined) {
  console.error(process.env.FAKE_NPM_FAILS)
  process.exit(1)
}

const folder = join('node_modules', name, 'bin')
mkdirSync(folder, { recursive: true })
if (name === 'pnpm') copyFileSync(join(here, 'pnpm.mjs'), join(folder, 'pnpm.mjs'))
else symlinkSync(process.execPath, join(folder, 'node'))
