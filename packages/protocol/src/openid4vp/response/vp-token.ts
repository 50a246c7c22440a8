/** The VP Token: what is presented, by the query that it answers. OpenID4VP 1.0 §8.1. */
import { isJsonArray, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { ProtocolError } from '../../error.ts'
import { jsonObject, readMessage } from '../../read.ts'
import { DCQL_LIMITS } from '../dcql/limits.ts'

/**
 * For each query that is answered, by its `id`, the presentations: at least one, and more than one only where
 * the query says `multiple`, which the verifier knows. Any name may occur: look queries up with `Object.hasOwn`.
 */
export interface VpToken {
  readonly [queryId: string]: readonly string[]
}

const NAME = 'vp_token'

/** Characters: of one large credential, or of many. */
export const VP_TOKEN_LENGTH = 1_310_720

/**
 * Reads the JSON text that stands in a form, or the object that stands in a payload.
 *
 * @throws {ProtocolError} `message_malformed` also for a query with no presentation; `message_too_large`
 */
export function readVpToken(value: string | JsonObject): VpToken {
  const token = readMessage(jsonObject, value, { name: NAME, length: VP_TOKEN_LENGTH })
  const answers = Object.entries(token)
  if (answers.length > DCQL_LIMITS.credentials) {
    throw new ProtocolError('message_too_large', `The ${NAME} answers more queries than can be asked`)
  }
  return Object.fromEntries(answers.map(([id, presentations]) => [id, readPresentations(presentations)]))
}

/** The JSON text for a form. */
export function writeVpToken(token: VpToken): string {
  return JSON.stringify(token)
}

/** §8.1: an array of presentations, never an empty one. */
function readPresentations(value: JsonValue): readonly string[] {
  const presentations = isJsonArray(value) ? value.filter((each) => typeof each === 'string') : []
  if (!isJsonArray(value) || value.length === 0 || presentations.length < value.length) {
    throw new ProtocolError(
      'message_malformed',
      `The ${NAME} is refused: each query is answered by an array of SD-JWTs that is not empty`,
    )
  }
  if (value.length > DCQL_LIMITS.presentations) {
    throw new ProtocolError('message_too_large', `The ${NAME} holds more presentations than are read here`)
  }
  return presentations
}
