/**
 * The operator's door to a running service: loopback only, opened by a token that lies in the data
 * directory, readable by its owner, for as long as the service runs.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type JsonObject, type JsonValue, readJson, readJsonObject } from '@facet-id/credential/json'
import { serve } from '@facet-id/http/node'
import type { Transport, WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { FacetError } from '../error.ts'

const FILE = 'operator.json'

/** What an operator may ask of a service, by name. Each takes and yields JSON. */
export type Operations = Readonly<Record<string, (input: JsonObject) => Promise<JsonValue>>>

export interface OperatorDoor {
  close(): Promise<void>
}

export async function openOperatorDoor(dataDirectory: string, operations: Operations): Promise<OperatorDoor> {
  const token = randomBytes(32).toString('base64url')
  const served = await serve((request) => answer(request, token, operations), { host: '127.0.0.1', port: 0 })
  const path = join(dataDirectory, FILE)
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(JSON.stringify({ url: served.url, token }))
  await file.close()
  return {
    async close() {
      await rm(path, { force: true })
      await served.close()
    },
  }
}

/**
 * Asks the service that runs on a data directory.
 *
 * @throws {FacetError} `service_not_running`, `operator_refused`
 */
export async function askOperator(
  { dataDirectory, transport }: { dataDirectory: string; transport: Transport },
  operation: string,
  input: JsonObject,
): Promise<JsonValue> {
  const { url, token } = await readDoor(dataDirectory)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  let response: WireResponse
  try {
    response = await transport.send({
      method: 'POST',
      url: `${url}/${operation}`,
      headers,
      body: JSON.stringify(input),
    })
  } catch (cause) {
    throw notRunning(dataDirectory, cause)
  }
  const body = readJson(response.body)
  if (response.status === 200) return body
  const said =
    typeof body === 'object' && body !== null && 'error' in body
      ? String(body.error)
      : `HTTP status ${response.status}`
  throw new FacetError('operator_refused', `The service refused: ${said}`)
}

async function readDoor(dataDirectory: string): Promise<{ readonly url: string; readonly token: string }> {
  try {
    const door = readJsonObject(await readFile(join(dataDirectory, FILE), 'utf8'))
    return { url: String(door.url), token: String(door.token) }
  } catch (cause) {
    throw notRunning(dataDirectory, cause)
  }
}

function notRunning(dataDirectory: string, cause: unknown): FacetError {
  return new FacetError(
    'service_not_running',
    `No service runs on ${dataDirectory}; start it with "serve" first`,
    { cause },
  )
}

async function answer(request: WireRequest, token: string, operations: Operations): Promise<WireResponse> {
  if (!sameToken(request.headers.authorization ?? '', `Bearer ${token}`))
    return json(401, { error: 'The operator token is wrong' })
  const name = request.url.split('/').at(-1) ?? ''
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (operation === undefined || request.method !== 'POST')
    return json(404, { error: 'There is no such operation' })
  try {
    return json(200, await operation(readJsonObject(request.body ?? '{}')))
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return json(400, { error: `${error.message} (${String(error.code)})` })
    throw error
  }
}

function json(status: number, body: JsonValue): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
