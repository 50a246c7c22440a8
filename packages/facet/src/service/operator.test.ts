import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@facet-id/credential/json'
import { serve } from '@facet-id/http/node'
import type { WireRequest } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { FacetError } from '../error.ts'
import { askOperator } from './ask-operator.ts'
import { type DoorKey, readDoor } from './door-file.ts'
import { type OperatorDoor, openOperatorDoor } from './operator.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
let door: OperatorDoor
let unforeseen: unknown[]

beforeEach(async () => {
  unforeseen = []
  door = await openOperatorDoor(
    directory.path,
    {
      echo: async (input) => input,
      refuse: () => Promise.reject(new FacetError('usage', 'An echo needs a sound')),
      break: () => Promise.reject(new TypeError('Anna Maria is not iterable')),
    },
    (error) => unforeseen.push(error),
  )
})
afterEach(() => door.close())

const ask = (operation: string, input: JsonObject = {}) =>
  askOperator({ dataDirectory: directory.path, transport }, operation, input)

/** What stands in the file, and a POST as anybody on this machine could send it. */
async function knock(name: string, headers: (key: DoorKey) => Readonly<Record<string, string>>, body = '{}') {
  const key = await readDoor(directory.path)
  return transport.send({ method: 'POST', url: `${key.url}/${name}`, headers: headers(key), body })
}

test('an operation takes and yields JSON', async () => {
  expect(await ask('echo', { sound: 'ä', of: [1, null] })).toEqual({ sound: 'ä', of: [1, null] })
})

test('FCT-15 the door opens to a token only, and says nothing to others', async () => {
  for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Bearer ${'A'.repeat(43)}`]) {
    expect((await knock('echo', () => ({ authorization }))).status).toBe(401)
  }
  expect((await knock('echo', () => ({}))).status).toBe(401)
  expect((await knock('no-such-thing', () => ({}))).status).toBe(401)
  expect((await knock('echo', ({ token }) => ({ authorization: `bearer ${token}` }))).status).toBe(401)
  expect((await knock('echo', ({ token }) => ({ authorization: `Bearer ${token}` }))).status).toBe(200)
})

test('FCT-9 an operation that is none is refused, whatever objects inherit', async () => {
  for (const name of ['dance', 'constructor', '__proto__', 'toString', '']) {
    expect((await knock(name, ({ token }) => ({ authorization: `Bearer ${token}` }))).status).toBe(404)
  }
  const { url, token } = await readDoor(directory.path)
  const get: WireRequest = {
    method: 'GET',
    url: `${url}/echo`,
    headers: { authorization: `Bearer ${token}` },
  }
  expect((await transport.send(get)).status).toBe(404)
  expect(await outcomeOf(() => ask('dance'))).toBe('operator_refused')
})

test('FCT-9 what an operation refuses reaches the operator with its code', async () => {
  await expect(ask('refuse')).rejects.toMatchObject({
    code: 'operator_refused',
    message: 'The service refused: An echo needs a sound (usage)',
  })
  const malformed = await knock('echo', ({ token }) => ({ authorization: `Bearer ${token}` }), '[1')
  expect(malformed.status).toBe(400)
  expect(malformed.body).toMatch(/json_malformed/)
})

test('FCT-15 of what nobody foresaw the operator learns nothing but that it happened', async () => {
  const { status, body } = await knock('break', ({ token }) => ({ authorization: `Bearer ${token}` }))
  expect(status).toBe(500)
  expect(body).not.toMatch(/Anna|iterable|TypeError/)
  expect(unforeseen).toEqual([new TypeError('Anna Maria is not iterable')])
  expect(await outcomeOf(() => ask('break'))).toBe('operator_refused')
})

test('FCT-15 pages in a browser may not read what the door says', async () => {
  const { headers } = await knock('echo', () => ({ origin: 'https://platform.example' }))
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('FCT-15 the token is random, and in a file that its owner alone reads, for as long as the service runs', async () => {
  const path = join(directory.path, 'operator.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const before = await readDoor(directory.path)
  expect(before.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  await door.close()
  expect(await outcomeOf(() => readFile(path))).toBe('ENOENT')
  door = await openOperatorDoor(directory.path, {})
  expect((await readDoor(directory.path)).token).not.toBe(before.token)
})

test('FCT-9 after the end, and where none ever was, no service runs', async () => {
  await door.close()
  expect(await outcomeOf(() => ask('echo'))).toBe('service_not_running')
  const nowhere = { dataDirectory: join(directory.path, 'nowhere'), transport }
  expect(await outcomeOf(() => askOperator(nowhere, 'echo', {}))).toBe('service_not_running')
})

test('FCT-15 who took the port of a service that was killed gets neither the token nor what is asked', async () => {
  const heard: WireRequest[] = []
  const stranger = await serve(async (request) => {
    heard.push(request)
    return { status: 200, headers: {}, body: '{"proof":"AAAA"}' }
  })
  const token = 'the-token-of-the-service-that-was-killed'
  await writeFile(join(directory.path, 'operator.json'), JSON.stringify({ url: stranger.url, token }))
  try {
    expect(await outcomeOf(() => ask('echo', { given_name: 'Anna Maria' }))).toBe('service_not_running')
    expect(heard).toHaveLength(1)
    expect(JSON.stringify(heard)).not.toMatch(/Anna|the-token/)
  } finally {
    await stranger.close()
  }
})

test('FCT-9 half a file, as a service leaves that was killed while it began, is no service; the next start replaces it', async () => {
  await writeFile(join(directory.path, 'operator.json'), '{"url":"http://127.0.0.1', { mode: 0o644 })
  expect(await outcomeOf(() => ask('echo'))).toBe('service_not_running')
  const next = await openOperatorDoor(directory.path, { echo: async () => 'from the next' })
  try {
    expect(await ask('echo')).toBe('from the next')
    expect((await stat(join(directory.path, 'operator.json'))).mode & 0o777).toBe(0o600)
  } finally {
    await next.close()
  }
})

test('FCT-15 while a service runs no other takes its door, and closing removes no door but its own', async () => {
  const before = await readDoor(directory.path)
  const others = Array.from({ length: 5 }, () => outcomeOf(() => openOperatorDoor(directory.path, {})))
  expect(await Promise.all(others)).toEqual(Array<string>(5).fill('service_running'))
  expect(await readDoor(directory.path)).toEqual(before)
  expect(await ask('echo', { sound: 'a' })).toEqual({ sound: 'a' })
  const another = { ...before, token: 'B'.repeat(43) }
  await writeFile(join(directory.path, 'operator.json'), JSON.stringify(another))
  await door.close()
  expect(await readDoor(directory.path)).toEqual(another)
  expect(await readdir(directory.path)).toEqual(['operator.json'])
})

test('FCT-15 of several services that begin at once where one was killed, one has the door', async () => {
  const killed = await readDoor(directory.path)
  await door.close()
  await writeFile(join(directory.path, 'operator.json'), JSON.stringify(killed))
  const opened: OperatorDoor[] = []
  const begin = async () =>
    opened.push(await openOperatorDoor(directory.path, { echo: async () => 'from the one' }))
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(begin)))
  expect(outcomes.sort()).toEqual(['accepted', ...Array<string>(7).fill('service_running')])
  expect(await ask('echo')).toBe('from the one')
  for (const one of opened) await one.close()
})
