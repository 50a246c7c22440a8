/** Stands for pnpm: "installs" what `test` runs. Where a file of that name is, it fails or never ends. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const journal = (line) => appendFileSync(process.env.FAKE_JOURNAL, `pnpm ${line}\n`)

journal('begins')
if (existsSync('pnpm-fails')) {
  console.error(readFileSync('pnpm-fails', 'utf8'))
  process.exit(1)
}
if (existsSync('pnpm-hangs')) {
  writeFileSync('pnpm-hangs', String(process.pid))
  await pause(600_000)
}
// Long enough for another set-up to come in between, were it let in.
await pause(300)
mkdirSync('node_modules/vitest', { recursive: true })
writeFileSync('node_modules/vitest/vitest.mjs', readFileSync(new URL(process.env.FAKE_TASK)))
journal('ends')
