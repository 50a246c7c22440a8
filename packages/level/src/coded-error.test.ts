import { expect, test } from 'vitest'
import { codedError } from './coded-error.ts'

/** What the engine throws: its own error, and around it the one that says it is not open. */
function engineError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

const cases: readonly (readonly [string, Error])[] = [
  ['store_full', engineError('LEVEL_IO_ERROR', 'IO error: d/000005.log: No space left on device')],
  ['store_full', engineError('LEVEL_IO_ERROR', 'IO error: d/000005.log: Disk quota exceeded')],
  ['store_full', engineError('ENOSPC', 'ENOSPC: no space left on device, mkdir')],
  ['store_unavailable', engineError('LEVEL_IO_ERROR', 'IO error: d/000005.log: Input/output error')],
  ['store_unavailable', engineError('EACCES', 'EACCES: permission denied, mkdir')],
  ['store_unavailable', new Error('of no known kind')],
  ['store_locked', engineError('LEVEL_LOCKED', 'IO error: lock d/LOCK: Resource temporarily unavailable')],
  ['store_corrupt', engineError('LEVEL_CORRUPTION', 'Corruption: 1 missing files')],
  ['store_closed', engineError('LEVEL_DATABASE_NOT_OPEN', 'Database is not open')],
  ['store_closed', engineError('LEVEL_ITERATOR_NOT_OPEN', 'Iterator is not open')],
]
for (const [code, error] of cases) {
  test(`STO-50 ${error.message} is ${code}, also as the cause of not being open, and is kept as the cause`, () => {
    expect(codedError(error).code).toBe(code)
    expect(codedError(error).cause).toBe(error)
    const opening = Object.assign(new Error('Database failed to open', { cause: error }), {
      code: 'LEVEL_DATABASE_NOT_OPEN',
    })
    if (!('code' in error)) return
    expect(codedError(opening).code).toBe(code)
  })
}
