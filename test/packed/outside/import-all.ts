/** Imports each entry that is named on the command line, and prints how many names each has, as JSON. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

async function namesIn(entry: string): Promise<number> {
  if (!entry.endsWith('/worker')) return Object.keys(await import(entry)).length
  // It is made to be started, not to be imported.
  const worker = new Worker(new URL(import.meta.resolve(entry)))
  await once(worker, 'online')
  return worker.terminate()
}

const counted = process.argv.slice(2).map(async (entry) => [entry, await namesIn(entry)])
process.stdout.write(`${JSON.stringify(Object.fromEntries(await Promise.all(counted)))}\n`)
