/**
 * The operator's door to a running service: loopback only, opened by a token that lies in the data
 * directory, readable by its owner, for as long as the service runs.
 *
 * Ports of loopback are anybody's once a service is gone. So the door proves first that it knows the
 * token; `ask-operator.ts` hands neither token nor claims to one that does not.
 */
import { randomBytes } from 'node:crypto'
import { type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { serve } from '@facet-id/http/node'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { codeOf, FacetError } from '../error.ts'
import { HELLO, placeDoor, proofOf, removeDoor, sameText } from './door-file.ts'
import { transportFor } from './judging-ports.ts'

/** What an operator may ask of a service, by name. Each takes and yields JSON. */
export type Operations = Readonly<Record<string, (input: JsonObject) => Promise<JsonValue>>>

export interface OperatorDoor {
  close(): Promise<void>
}

/**
 * @param onUnforeseen told of what an operation threw without a code; the operator is not
 * @throws {FacetError} `data_directory_unusable`; `service_running`: another has its door there
 */
export async function openOperatorDoor(
  dataDirectory: string,
  operations: Operations,
  onUnforeseen: (error: unknown) => void = () => {},
): Promise<OperatorDoor> {
  const token = randomBytes(32).toString('base64url')
  const handle = (request: WireRequest): Promise<WireResponse> => answer(request, token, operations)
  const served = await serve(handle, { host: '127.0.0.1', port: 0, cors: false, onUnforeseen })
  const door = { url: served.url, token }
  const transport = transportFor(true)
  try {
    await placeDoor(dataDirectory, door, transport)
  } catch (cause) {
    await served.close()
    if (cause instanceof FacetError) throw cause
    const words = `The operator's door cannot be written to ${dataDirectory}`
    throw new FacetError('data_directory_unusable', words, { cause })
  } finally {
    transport.close()
  }
  return {
    async close() {
      await removeDoor(dataDirectory, door)
      await served.close()
    },
  }
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
