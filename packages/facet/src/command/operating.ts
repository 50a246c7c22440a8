/** What the commands that talk to a running service have in common. */
import { readFile } from 'node:fs/promises'
import { isJsonObject, type JsonObject, type JsonValue, readJsonObject } from '@facet-id/credential/json'
import { FacetError } from '../error.ts'
import { askOperator } from '../service/ask-operator.ts'
import { transportFor } from '../service/judging-ports.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'

/** An operator's call stays on this machine, whatever the service's own address is. */
export async function ask(dataDirectory: string, operation: string, input: JsonObject): Promise<JsonObject> {
  const transport = transportFor(true)
  try {
    const answer = await askOperator({ dataDirectory, transport }, operation, input)
    if (isJsonObject(answer)) return answer
  } finally {
    transport.close()
  }
  throw new FacetError('operator_refused', 'The service answered with something else than an object')
}

export function print(answer: JsonObject, asJson: boolean, terminal: Terminal): void {
  const output = createOutput(terminal)
  if (asJson) output.line(JSON.stringify(answer))
  else
    for (const [name, value] of Object.entries(answer)) output.line(`${called(name)}: ${plain(name, value)}`)
}

/** `expiresAt` as people say it. */
function called(name: string): string {
  return name === 'txCode'
    ? 'transaction code'
    : name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** @throws {FacetError} `file_unusable` */
export async function readObjectFile(file: string): Promise<JsonObject> {
  try {
    return readJsonObject(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as a JSON object`, { cause })
  }
}

/** Seconds since the epoch as a time that people read; empty when there is none. */
export function timeOf(seconds: JsonValue | undefined): string {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : ''
}

function plain(name: string, value: JsonValue | undefined): string {
  if (name.endsWith('At')) return timeOf(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
