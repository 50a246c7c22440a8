/**
 * Witnesses of a did:webvh that are elsewhere: what they are asked to sign is laid into a folder, and their
 * signature is awaited beside it. How the two files travel is for the operator to say.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { writeWitnessing } from '@facet-id/credential/did/webvh'
import { findMember, isJsonArray, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { hash } from '@facet-id/crypto/node'
import type { ShownToWitness } from '@facet-id/veramo'
import { FacetError } from '../error.ts'

export interface WitnessFolder {
  readonly directory: string
  /** How long a witness has, from the moment that it is asked. */
  readonly waitSeconds: number
}

const LOOK_EVERY_MS = 250
const SUFFIX = '.request.json'

/** What a witness answers, for the file `name.request.json`. */
export const answerFileOf = (requestFile: string): string =>
  `${requestFile.endsWith(SUFFIX) ? requestFile.slice(0, -SUFFIX.length) : requestFile}.signature`

/**
 * Lays the question into the folder and waits. `undefined` when no signature came in time. Both files are
 * removed afterwards: a question that nobody waits for any more must not be answered.
 *
 * @throws {FacetError} `file_unusable`
 */
export async function askThroughFolder(
  shown: ShownToWitness,
  { directory, waitSeconds }: WitnessFolder,
): Promise<Uint8Array | undefined> {
  const name = hash('sha-256', `${shown.witness} ${writeBase64url(shown.data)}`)
  const request = join(directory, `${name}${SUFFIX}`)
  try {
    await mkdir(directory, { recursive: true })
    await writeFile(request, writeRequest(shown))
  } catch (cause) {
    throw new FacetError('file_unusable', `The question to a witness cannot be written: ${request}`, {
      cause,
    })
  }
  try {
    const until = Date.now() + waitSeconds * 1000
    for (;;) {
      const signature = await answerIn(answerFileOf(request))
      if (signature !== undefined || Date.now() >= until) return signature
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  } finally {
    await Promise.all([request, answerFileOf(request)].map((file) => rm(file, { force: true })))
  }
}

function writeRequest({ witness, did, versionId, created, lines }: ShownToWitness): string {
  return `${JSON.stringify({ witness, did, versionId, created, lines }, null, 2)}\n`
}

/** A file that is not whole yet has no signature yet. */
async function answerIn(file: string): Promise<Uint8Array | undefined> {
  try {
    const signature = readBase64url((await readFile(file, 'utf8')).trim())
    return signature.length === 64 ? signature : undefined
  } catch {
    return undefined
  }
}

/** What a witness is asked, read again where it is. */
export type WitnessQuestion = ShownToWitness

/**
 * Reads a question. What is to be signed is made here from what is shown, and never taken from the file.
 *
 * @throws {FacetError} `file_unusable`: no question, or its last line is of another version than it asks about
 */
export function readWitnessQuestion(text: string): WitnessQuestion {
  const question = objectIn(text)
  const [witness, did, versionId] = ['witness', 'did', 'versionId'].map((name) => findMember(question, name))
  const created = findMember(question, 'created')
  const lines = findMember(question, 'lines')
  if (
    typeof witness !== 'string' ||
    !witness.startsWith('did:key:') ||
    typeof did !== 'string' ||
    typeof versionId !== 'string' ||
    typeof created !== 'number' ||
    lines === undefined ||
    !isJsonArray(lines) ||
    !lines.every((line) => typeof line === 'string')
  ) {
    throw unusable('it is no question that "facet did" asked')
  }
  if (findMember(objectIn(lines.at(-1) ?? ''), 'versionId') !== versionId)
    throw unusable('it asks about another version than it shows')
  const { data } = writeWitnessing({ versionId, witness: witness.slice('did:key:'.length), created }, hash)
  return { witness, did, versionId, created, lines, data }
}

function objectIn(text: string): JsonObject {
  try {
    return readJsonObject(text)
  } catch (cause) {
    throw unusable('it holds no JSON that can be read', cause)
  }
}

function unusable(why: string, cause?: unknown): FacetError {
  return new FacetError('file_unusable', `The file asks no witness anything: ${why}`, { cause })
}
