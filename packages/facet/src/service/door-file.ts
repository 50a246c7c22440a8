/**
 * The file by which the operator's door of a running service is found, and the proof that whoever listens there is
 * that service. It is also the lock of its directory: while the service lives no other takes its place.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { constants, copyFile, link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { Transport } from '@facet-id/protocol/wire'
import { codeOf, FacetError, isSystemError } from '../error.ts'

const FILE = 'operator.json'
/** How often the file of a service that was killed is cleared away before it is given up. */
const TRIES = 5

/** Where a door proves itself; no operation has this name. */
export const HELLO = 'hello'

/** How a door is found: what its file says. */
export interface DoorKey {
  readonly url: string
  readonly token: string
}

/** @throws where no service runs, or one that ended without closing left half a file */
export async function readDoor(dataDirectory: string): Promise<DoorKey> {
  return doorIn(await readFile(join(dataDirectory, FILE), 'utf8'))
}

/** Throws unless it is our service that listens there, and not who took its port after it was killed. */
export async function checkDoor({ url, token }: DoorKey, transport: Transport): Promise<void> {
  const challenge = randomBytes(32).toString('base64url')
  const { body } = await transport.send({
    method: 'POST',
    url: `${url}/${HELLO}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ challenge } satisfies JsonObject),
  })
  const { proof } = readJsonObject(body)
  if (!sameText(String(proof), proofOf(token, challenge))) throw new Error('it does not know the token')
}

export function proofOf(token: string, challenge: string): string {
  return createHmac('sha256', token).update(`facet operator ${challenge}`).digest('base64url')
}

export function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Puts the file there in one step, for its owner alone. What a killed service left gives way.
 *
 * @throws {FacetError} `service_running`; what the file system throws
 */
export async function placeDoor(dataDirectory: string, door: DoorKey, transport: Transport): Promise<void> {
  const path = join(dataDirectory, FILE)
  const draft = draftOf(path)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(door))
    await file.close()
    for (let tries = 0; tries < TRIES; tries++) {
      if (await isNamed(draft, path)) return
      await clear(path, transport)
    }
    throw running(dataDirectory)
  } finally {
    await file.close().catch(() => {})
    await rm(draft, { force: true })
  }
}

/** Removes the file, if it is that of this door and not of one that came after it. */
export async function removeDoor(dataDirectory: string, { token }: DoorKey): Promise<void> {
  const path = join(dataDirectory, FILE)
  const text = await readText(path)
  if (text !== undefined && tokenIn(text) === token) await rm(path, { force: true })
}

/** A second name is given only where there is none: of two who begin at once one has it. */
async function isNamed(draft: string, path: string): Promise<boolean> {
  try {
    // Some file systems have no second names.
    await link(draft, path).catch((error: unknown) => {
      if (isSystemError(error, 'EEXIST')) throw error
      return copyFile(draft, path, constants.COPYFILE_EXCL)
    })
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false
    throw error
  }
}

/** Takes the file of a service that was killed away. @throws {FacetError} `service_running` */
async function clear(path: string, transport: Transport): Promise<void> {
  const left = await readText(path)
  if (left === undefined) return
  if (await isLiving(left, transport)) throw running(path)
  const aside = draftOf(path)
  try {
    await rename(path, aside)
    // Another who began at once may have been first: then what was taken is theirs, and goes back.
    if ((await readText(aside)) !== left) await link(aside, path)
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'EEXIST')) throw error
  } finally {
    await rm(aside, { force: true })
  }
}

/** One that does not answer in time may be busy: it is not put aside. */
async function isLiving(text: string, transport: Transport): Promise<boolean> {
  try {
    await checkDoor(doorIn(text), transport)
    return true
  } catch (error) {
    return codeOf(error) === 'peer_timed_out'
  }
}

function doorIn(text: string): DoorKey {
  const { url, token } = readJsonObject(text)
  return { url: String(url), token: String(token) }
}

function tokenIn(text: string): string | undefined {
  try {
    return doorIn(text).token
  } catch {
    return undefined
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

function draftOf(path: string): string {
  return `${path}.${randomBytes(8).toString('hex')}.new`
}

function running(where: string): FacetError {
  return new FacetError('service_running', `A service runs on it already, stop that one first: ${where}`)
}
