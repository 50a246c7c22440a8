/** Asks the service that runs on a data directory, through the operator's door. */
import { type JsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { FacetError } from '../error.ts'
import { checkDoor, type DoorKey, readDoor } from './door-file.ts'

/**
 * @throws {FacetError} `service_not_running`, `operator_refused`; {ProtocolError} `peer_timed_out` and its
 * like, when it is not known whether the service did what it was asked
 */
export async function askOperator(
  { dataDirectory, transport }: { dataDirectory: string; transport: Transport },
  operation: string,
  input: JsonObject,
): Promise<JsonValue> {
  const { url, token } = await findDoor(dataDirectory, transport)
  const answer = await transport.send({
    method: 'POST',
    url: `${url}/${operation}`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(input),
  })
  return readAnswer(answer)
}

async function findDoor(dataDirectory: string, transport: Transport): Promise<DoorKey> {
  try {
    const door = await readDoor(dataDirectory)
    await checkDoor(door, transport)
    return door
  } catch (cause) {
    throw new FacetError(
      'service_not_running',
      `No service runs on ${dataDirectory}; start it with "serve" first`,
      { cause },
    )
  }
}

function readAnswer({ status, body }: WireResponse): JsonValue {
  const answer = readJson(body)
  if (status === 200) return answer
  const said =
    typeof answer === 'object' && answer !== null && 'error' in answer
      ? String(answer.error)
      : `HTTP status ${status}`
  throw new FacetError('operator_refused', `The service refused: ${said}`)
}
