import { safeTransport } from '@facet-id/resolve/node'
import { memoryStore } from '@facet-id/store'
import { clock } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { askOperator } from '../service/ask-operator.ts'
import { openOperatorDoor } from '../service/operator.ts'
import { didOperations } from './did-operations.ts'
import { managedDids } from './managed-dids.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())
const { now, nowMs } = clock()

test('DMG-5 of fifty operators who create one alias at once one does, and the others are told why not', async () => {
  const store = memoryStore({ now: nowMs })
  const unforeseen: unknown[] = []
  const operations = didOperations(managedDids(store, { now, development: true }))
  const door = await openOperatorDoor(directory.path, operations, (error) => unforeseen.push(error))
  const ask = () =>
    askOperator({ dataDirectory: directory.path, transport }, 'did-create', {
      wish: { method: 'jwk' },
      alias: 'node',
    }).then(
      () => 'made',
      (error: Error) => error.message,
    )
  const answers = await Promise.all(Array.from({ length: 50 }, ask))
  answers.push(await ask())
  await door.close()
  const [made, ...refused] = answers.sort((a, b) => Number(b === 'made') - Number(a === 'made'))
  expect(made).toBe('made')
  for (const words of refused) expect(words).toMatch(/\(alias_taken\)$/)
  expect(unforeseen).toEqual([])
})
