/** Starts a server of the benchmarks, asks what it costs, and ends it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { IssuerRule } from '@facet-id/trust'
import { createClient } from './client.ts'

export type Starting =
  | { readonly role: 'issuer'; readonly dataDirectory: string }
  | { readonly role: 'verifier'; readonly dataDirectory: string; readonly issuers: readonly IssuerRule[] }

export type Asked =
  | { readonly ask: 'start'; readonly starting: Starting }
  | { readonly ask: 'cost' | 'memory' }
  | { readonly ask: 'requests'; readonly responseMode: ResponseMode; readonly count: number }
  | { readonly ask: 'close' }

export type ResponseMode = 'direct_post' | 'direct_post.jwt'

/** A request that a verifier made. */
export interface Requested {
  readonly transactionId: string
  readonly link: string
}

export interface Started {
  readonly url: string
  /** The issuer's DID, or the verifier's client id. */
  readonly did: string
}

/** Of the server's process, since it began. */
export interface Cost {
  readonly cpuSeconds: number
}

/** Of the server's process, once everything that nobody needs any more was collected. */
export interface Memory {
  readonly heapBytes: number
  readonly residentBytes: number
}

export interface Served extends Started {
  /** What its operator asks through the door, by HTTP as the command does it. */
  operate(operation: string, input: JsonObject): Promise<Readonly<Record<string, JsonValue>>>
  /** Of a verifier: so many requests for the same, to be answered later. */
  requests(responseMode: ResponseMode, count: number): Promise<readonly Requested[]>
  cost(): Promise<Cost>
  memory(): Promise<Memory>
  close(): Promise<void>
}

const program = fileURLToPath(new URL('./server.ts', import.meta.url))

export async function startServed(starting: Starting): Promise<Served> {
  const child = fork(program, { execArgv: [...process.execArgv, '--expose-gc'] })
  const ended = once(child, 'exit')
  /** One question at a time: answers carry no name. */
  async function ask<T>(asked: Asked): Promise<T> {
    const answer = once(child, 'message')
    child.send(asked)
    const [told] = await Promise.race([answer, ended.then(() => [{ failed: 'the server has ended' }])])
    if ('failed' in told) throw new Error(told.failed)
    return told.answered
  }
  async function end(): Promise<void> {
    if (child.connected) child.disconnect()
    await ended
  }
  try {
    const started = await ask<Started>({ ask: 'start', starting })
    const door: { readonly url: string; readonly token: string } = JSON.parse(
      await readFile(join(starting.dataDirectory, 'operator.json'), 'utf8'),
    )
    const client = createClient()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${door.token}` }
    return {
      ...started,
      async operate(operation, input) {
        const url = `${door.url}/${operation}`
        return JSON.parse(await client.post(url, headers, JSON.stringify(input)))
      },
      requests: (responseMode, count) => ask({ ask: 'requests', responseMode, count }),
      cost: () => ask<Cost>({ ask: 'cost' }),
      memory: () => ask<Memory>({ ask: 'memory' }),
      async close() {
        client.close()
        await ask<null>({ ask: 'close' })
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
