#!/usr/bin/env node
import { refusalOfNode } from './runtime.ts'

const refusal = refusalOfNode(process.versions.node)
if (refusal === undefined) {
  // Only now: a Node that is too old may not even read it.
  const { run } = await import('./command/run.ts')
  await run()
} else {
  process.stderr.write(`${refusal}\n`)
  process.exitCode = 1
}
