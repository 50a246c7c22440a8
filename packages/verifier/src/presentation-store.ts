/** Presentations that were asked for, until they expire; and who may fetch what came of them. */
import type { Hash } from '@facet-id/credential/jose'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { PresentationRecord, Settled } from './presentation.ts'

const NS = 'verifier/presentation'
const TRANSACTION_NS = 'verifier/transaction'

const form = recordForm<PresentationRecord>(1)
const transactionForm = recordForm<{ readonly requestId: string }>(1)

export interface StandingPresentation {
  readonly version: Version
  readonly record: PresentationRecord
}

export function keepPresentation(record: PresentationRecord): Op {
  return {
    op: 'put',
    ns: NS,
    key: record.requestId,
    value: form.write(record),
    if: 'absent',
    expiresAt: record.expiresAt * 1000,
  }
}

/** The id that only who asked has, kept as a digest. It outlives the request by as long as a result may. */
export function keepTransaction(
  transactionId: string,
  requestId: string,
  { hash, until }: { hash: Hash; until: number },
): Op {
  const key = hash('sha-256', transactionId)
  return {
    op: 'put',
    ns: TRANSACTION_NS,
    key,
    value: transactionForm.write({ requestId }),
    if: 'absent',
    expiresAt: until * 1000,
  }
}

export async function findPresentation(
  store: Store,
  requestId: string,
): Promise<StandingPresentation | undefined> {
  const entry = await store.get(NS, requestId)
  return entry && { version: entry.version, record: form.read(entry.value) }
}

/** The request that a transaction id stands for. */
export async function findTransaction(
  store: Store,
  transactionId: string,
  hash: Hash,
): Promise<string | undefined> {
  const entry = await store.get(TRANSACTION_NS, hash('sha-256', transactionId))
  return entry && transactionForm.read(entry.value).requestId
}

/** The first answer settles it; whoever comes second finds another version standing there. */
export function settlePresentation(
  { version, record }: StandingPresentation,
  settled: Settled,
  until: number,
): Op {
  const value = form.write({ ...record, settled })
  return { op: 'put', ns: NS, key: record.requestId, value, if: { version }, expiresAt: until * 1000 }
}
