/** Where a Credo agent keeps its records: in memory, for as long as a test runs. */
import {
  type AgentContext,
  type BaseRecord,
  type BaseRecordConstructor,
  JsonTransformer,
  type Query,
  RecordDuplicateError,
  RecordNotFoundError,
  type StorageService,
} from '@credo-ts/core'

// biome-ignore lint/suspicious/noExplicitAny: the type parameters of their records have no bounds of their own
type AnyRecord = BaseRecord<any, any, any>

interface Kept {
  readonly type: string
  readonly json: Record<string, unknown>
  readonly tags: Readonly<Record<string, unknown>>
}

export function memoryStorage(): StorageService<AnyRecord> {
  const kept = new Map<string, Kept>()
  const keep = (record: AnyRecord): void => {
    kept.set(record.id, {
      type: record.type,
      json: JsonTransformer.toJSON(record),
      tags: { ...record.getTags() },
    })
  }
  const revived = <T extends AnyRecord>({ json, tags }: Kept, recordClass: BaseRecordConstructor<T>): T => {
    const record = JsonTransformer.fromJSON(json, recordClass)
    record.replaceTags(structuredClone(tags))
    return record
  }
  const find = (type: string, id: string): Kept => {
    const found = kept.get(id)
    if (found === undefined || found.type !== type) {
      throw new RecordNotFoundError(`no record ${id}`, { recordType: type })
    }
    return found
  }
  return {
    supportsCursorPagination: false,
    async save(_context, record) {
      if (kept.has(record.id)) throw new RecordDuplicateError(record.id, { recordType: record.type })
      keep(record)
    },
    async update(_context, record) {
      find(record.type, record.id)
      keep(record)
    },
    async delete(_context, record) {
      find(record.type, record.id)
      kept.delete(record.id)
    },
    async deleteById(_context, recordClass, id) {
      find(recordClass.type, id)
      kept.delete(id)
    },
    async getById(_context, recordClass, id) {
      return revived(find(recordClass.type, id), recordClass)
    },
    async getAll(_context, recordClass) {
      return all(recordClass)
    },
    async findByQuery(_context: AgentContext, recordClass, query) {
      return all(recordClass, query)
    },
  }

  function all<T extends AnyRecord>(recordClass: BaseRecordConstructor<T>, query?: Query<T>): T[] {
    return [...kept.values()]
      .filter(({ type, tags }) => type === recordClass.type && (query === undefined || fits(tags, query)))
      .map((one) => revived(one, recordClass))
  }
}

function fits(tags: Readonly<Record<string, unknown>>, query: object): boolean {
  return Object.entries(query).every(([name, wanted]) => {
    if (name === '$and') return (wanted as object[]).every((one) => fits(tags, one))
    if (name === '$or') return (wanted as object[]).some((one) => fits(tags, one))
    if (name === '$not') return !fits(tags, wanted as object)
    if (wanted === undefined) return true
    const tag = tags[name]
    return Array.isArray(wanted)
      ? Array.isArray(tag) && wanted.every((one) => tag.includes(one))
      : Array.isArray(tag)
        ? tag.includes(wanted)
        : tag === wanted
  })
}
