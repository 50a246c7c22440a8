/** Asks the service that runs on a data directory, through the operator's door. */
import { randomBytes } from 'node:crypto'
import { type JsonObject, type JsonValue, readJson, readJsonObject } from '@facet-id/credential/json'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { FacetError } from '../error.ts'
import { type DoorKey, HELLO, proofOf, readDoor, sameText } from './operator.ts'

/**
 * @throws {FacetError} `service_not_running`, `operator_refused`; {ProtocolError} `peer_timed_out` and its
 * like, when it is not known whether the service did what it was asked
 */
export async function askOperator(
  { dataDirectory, transport }: { dataDirectory: string; transport: Transport },
  operation: string,
  input: JsonObject,
): Promise<JsonValue> {
  const post: Post = (url, body, headers = {}) =>
    transport.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const { url, token } = await findDoor(dataDirectory, post)
  return readAnswer(await post(`${url}/${operation}`, input, { authorization: `Bearer ${token}` }))
}

type Post = (
  url: string,
  body: JsonObject,
  headers?: Readonly<Record<string, string>>,
) => Promise<WireResponse>

async function findDoor(dataDirectory: string, post: Post): Promise<DoorKey> {
  try {
    const door = await readDoor(dataDirectory)
    await checkDoor(door, post)
    return door
  } catch (cause) {
    throw new FacetError(
      'service_not_running',
      `No service runs on ${dataDirectory}; start it with "serve" first`,
      { cause },
    )
  }
}

/** Throws unless it is our service that listens there, and not who took its port after it was killed. */
async function checkDoor({ url, token }: DoorKey, post: Post): Promise<void> {
  const challenge = randomBytes(32).toString('base64url')
  const { body } = await post(`${url}/${HELLO}`, { challenge })
  const { proof } = readJsonObject(body)
  if (!sameText(String(proof), proofOf(token, challenge))) throw new Error('it does not know the token')
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
