/**
 * The door of every store: what is asked is checked, and copied, before anything waits. An adapter
 * calls these first, so that all of them refuse the same things with the same codes.
 */
import { StoreError } from './error.ts'
import { readBound, readKey, readNamespace } from './keys.ts'
import type { KeyRange, Op, StoreCapabilities } from './store.ts'

/** The largest block that one `alloc` takes. */
const MAX_ALLOC = 2 ** 31

/**
 * Reads the operations of a commit: a copy that its caller can no longer change, within the limits.
 *
 * An append or a trim counts as many operations as it has entries.
 *
 * @throws {StoreError} `too_many_ops`, `value_too_large`, `key_malformed`, `op_malformed`
 */
export function readOps(
  ops: readonly Op[],
  limits: Pick<StoreCapabilities, 'maxOps' | 'maxValueBytes'>,
): readonly Op[] {
  let count = 0
  for (const op of ops) count += weightOf(op)
  if (count > limits.maxOps) {
    throw new StoreError('too_many_ops', `A commit has at most ${limits.maxOps} operations: split it`)
  }
  return ops.map((op) => readOp(op, limits.maxValueBytes))
}

/**
 * Reads a range: bounds that are keys, and a limit that is a count.
 *
 * @throws {StoreError} `key_malformed`, `op_malformed`
 */
export function readRange(within: KeyRange = {}): KeyRange {
  const { gte, lt, limit } = within
  return {
    ...(gte === undefined ? {} : { gte: readBound(gte) }),
    ...(lt === undefined ? {} : { lt: readBound(lt) }),
    ...(limit === undefined ? {} : { limit: readCount(limit, 'A limit') }),
  }
}

/**
 * Reads a whole number that is not negative: a limit, a sequence number, a moment.
 *
 * @throws {StoreError} `op_malformed`
 */
export function readCount(count: number, what: string): number {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new StoreError('op_malformed', `${what} is a whole number and not negative`)
  }
  return count
}

function readOp(op: Op, maxValueBytes: number): Op {
  switch (op.op) {
    case 'take':
    case 'del':
      return { op: op.op, ns: readNamespace(op.ns), key: readKey(op.key) }
    case 'check':
      return {
        op: 'check',
        ns: readNamespace(op.ns),
        key: readKey(op.key),
        ...(op.version === undefined ? {} : { version: op.version }),
      }
    case 'put':
      return {
        op: 'put',
        ns: readNamespace(op.ns),
        key: readKey(op.key),
        value: readValue(op.value, maxValueBytes),
        ...(op.if === undefined
          ? {}
          : { if: typeof op.if === 'string' ? op.if : { version: op.if.version } }),
        ...(op.expiresAt === undefined ? {} : { expiresAt: readCount(op.expiresAt, 'A moment of expiry') }),
      }
    case 'alloc':
      return { op: 'alloc', name: readKey(op.name), count: readBlock(op.count) }
    case 'append':
      return { op: 'append', name: readKey(op.name), entries: readEntries(op.entries, maxValueBytes) }
    case 'trim':
      return {
        op: 'trim',
        name: readKey(op.name),
        from: readCount(op.from, 'A sequence number'),
        count: readCount(op.count, 'A number of entries'),
      }
  }
}

function weightOf(op: Op): number {
  if (op.op === 'append') return op.entries.length
  return op.op === 'trim' && op.count > 1 ? op.count : 1
}

function readBlock(count: number): number {
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_ALLOC) {
    throw new StoreError('op_malformed', `An allocation takes 1 to ${MAX_ALLOC} numbers`)
  }
  return count
}

function readEntries(entries: readonly Uint8Array[], maxValueBytes: number): readonly Uint8Array[] {
  if (entries.length === 0) throw new StoreError('op_malformed', 'An append has at least one entry')
  return entries.map((entry) => readValue(entry, maxValueBytes))
}

function readValue(value: Uint8Array, maxValueBytes: number): Uint8Array {
  if (value.length > maxValueBytes) {
    throw new StoreError(
      'value_too_large',
      `A value has at most ${maxValueBytes} bytes: keep large objects elsewhere`,
    )
  }
  // `new` and not `slice`: the slice of a Buffer would share its memory.
  return new Uint8Array(value)
}
