#!/usr/bin/env node
import { main } from './command/main.ts'

process.exitCode = await main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  isTerminal: process.stdout.isTTY === true,
  environment: process.env,
})
