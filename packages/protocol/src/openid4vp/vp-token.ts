/** The VP Token: what is presented, by the query that it answers. OpenID4VP 1.0 §8.1. */
import { isJsonArray, type JsonValue } from '@facet-id/credential/json'
import { ProtocolError } from '../error.ts'
import { jsonObject, readMessage } from '../read.ts'
import { DCQL_LIMITS } from './dcql/limits.ts'

/**
 * For each query that is answered, by its `id`, the presentations, at least one: SD-JWTs, with a key
 * binding JWT where the query needs one. Whether several were asked for is not known here. Any name may
 * occur: look queries up with `Object.hasOwn`.
 */
export interface VpToken {
  readonly [queryId: string]: readonly string[]
}

const NAME = 'vp_token'

/** Characters: of one credential, and then some. */
const LENGTH = 1_310_720

/**
 * Reads the JSON text that stands in a form.
 *
 * @throws {ProtocolError} `message_malformed` also for a token without presentations (§8.1: whoever
 * has none sends an error); `message_too_large`
 */
export function readVpToken(json: string): VpToken {
  const token = readMessage(jsonObject, json, { name: NAME, length: LENGTH })
  const answers = Object.entries(token)
  if (answers.length === 0) throw malformed('it holds no presentation')
  if (answers.length > DCQL_LIMITS.credentials) {
    throw new ProtocolError('message_too_large', `The ${NAME} answers more queries than can be asked`)
  }
  return Object.fromEntries(answers.map(([id, presentations]) => [id, readPresentations(presentations)]))
}

/** The JSON text for a form. */
export function writeVpToken(token: VpToken): string {
  return JSON.stringify(token)
}

function readPresentations(value: JsonValue): readonly string[] {
  const presentations = isJsonArray(value) ? value.filter((one) => typeof one === 'string') : []
  if (!isJsonArray(value) || value.length === 0 || presentations.length < value.length) {
    throw malformed('each query is answered by an array of SD-JWTs, and by one at least')
  }
  if (presentations.length > DCQL_LIMITS.presentations) {
    throw new ProtocolError(
      'message_too_large',
      `The ${NAME} has more presentations than one query is answered by`,
    )
  }
  return presentations
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The ${NAME} is refused: ${why}`)
}
