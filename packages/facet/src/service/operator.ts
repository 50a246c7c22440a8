/**
 * The operator's door to a running service: loopback only, opened by a token that lies in the data
 * directory, readable by its owner, for as long as the service runs.
 *
 * Ports of loopback are anybody's once a service is gone. So the door proves first that it knows the
 * token; `ask-operator.ts` hands neither token nor claims to one that does not.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { serve } from '@facet-id/http/node'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { codeOf, FacetError } from '../error.ts'

const FILE = 'operator.json'

/** Where a door proves itself; no operation has this name. */
export const HELLO = 'hello'

/** What an operator may ask of a service, by name. Each takes and yields JSON. */
export type Operations = Readonly<Record<string, (input: JsonObject) => Promise<JsonValue>>>

export interface OperatorDoor {
  close(): Promise<void>
}

/** How a door is found: what its file says. */
export interface DoorKey {
  readonly url: string
  readonly token: string
}

/**
 * @param onUnforeseen told of what an operation threw without a code; the operator is not
 * @throws {FacetError} `data_directory_unusable`
 */
export async function openOperatorDoor(
  dataDirectory: string,
  operations: Operations,
  onUnforeseen: (error: unknown) => void = () => {},
): Promise<OperatorDoor> {
  const token = randomBytes(32).toString('base64url')
  const handle = (request: WireRequest): Promise<WireResponse> => answer(request, token, operations)
  const served = await serve(handle, { host: '127.0.0.1', port: 0, cors: false, onUnforeseen })
  const path = join(dataDirectory, FILE)
  try {
    await writeDoor(path, { url: served.url, token })
  } catch (cause) {
    await served.close()
    throw new FacetError('data_directory_unusable', `The operator's door cannot be written to ${path}`, {
      cause,
    })
  }
  return {
    async close() {
      await rm(path, { force: true })
      await served.close()
    },
  }
}

/** @throws where no service runs, or one that ended without closing left half a file */
export async function readDoor(dataDirectory: string): Promise<DoorKey> {
  const door = readJsonObject(await readFile(join(dataDirectory, FILE), 'utf8'))
  return { url: String(door.url), token: String(door.token) }
}

export function proofOf(token: string, challenge: string): string {
  return createHmac('sha256', token).update(`facet operator ${challenge}`).digest('base64url')
}

export function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** In one step: who reads it meanwhile reads the file of a service that was killed, or this one. */
async function writeDoor(path: string, door: DoorKey): Promise<void> {
  const draft = `${path}.new`
  await rm(draft, { force: true })
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(door))
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

async function answer(request: WireRequest, token: string, operations: Operations): Promise<WireResponse> {
  const name = request.url.split('/').at(-1) ?? ''
  if (request.method !== 'POST') return json(404, { error: 'There is no such operation' })
  const known = sameText(request.headers.authorization ?? '', `Bearer ${token}`)
  if (!known && name !== HELLO) return json(401, { error: 'The operator token is wrong' })
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  try {
    const input = readJsonObject(request.body ?? '{}')
    if (name === HELLO) return json(200, { proof: proofOf(token, String(input.challenge)) })
    if (operation === undefined) return json(404, { error: 'There is no such operation' })
    return json(200, await operation(input))
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined || !(error instanceof Error)) throw error
    return json(400, { error: `${error.message} (${code})` })
  }
}

function json(status: number, body: JsonValue): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}
