/** Presentations that were asked for, until they expire; and who may fetch what came of them. */
import type { Hash } from '@facet-id/credential/jose'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { PresentationRecord } from './presentation.ts'

const NS = 'verifier/presentation'
const TRANSACTION_NS = 'verifier/transaction'
const RESPONSE_CODE_NS = 'verifier/response-code'

const form = recordForm<PresentationRecord>(2)
/** A secret that stands for a request: kept as a digest, so that who reads the disk cannot use it. */
const pointerForm = recordForm<{ readonly requestId: string }>(1)

export interface StandingPresentation {
  readonly version: Version
  readonly record: PresentationRecord
}

interface Secret {
  readonly secret: string
  readonly requestId: string
  readonly hash: Hash
  /** Seconds since the epoch. */
  readonly until: number
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

/** The id that only who asked has. It outlives the request by as long as a result may. */
export function keepTransaction(secret: Secret): Op {
  return keepPointer(TRANSACTION_NS, secret)
}

/** The code that only who follows the wallet's redirect has. */
export function keepResponseCode(secret: Secret): Op {
  return keepPointer(RESPONSE_CODE_NS, secret)
}

/** A code is good once: whoever comes second finds it gone. */
export function takeResponseCode(code: string, hash: Hash): Op {
  return { op: 'take', ns: RESPONSE_CODE_NS, key: hash('sha-256', code) }
}

export async function findPresentation(
  store: Store,
  requestId: string,
): Promise<StandingPresentation | undefined> {
  const entry = await store.get(NS, requestId)
  return entry && { version: entry.version, record: form.read(entry.value) }
}

/** The request that a transaction id stands for. */
export function findTransaction(
  store: Store,
  transactionId: string,
  hash: Hash,
): Promise<string | undefined> {
  return findPointer(store, TRANSACTION_NS, hash('sha-256', transactionId))
}

/** The request that a response code stands for. */
export function findResponseCode(store: Store, code: string, hash: Hash): Promise<string | undefined> {
  return findPointer(store, RESPONSE_CODE_NS, hash('sha-256', code))
}

/** The first who changes it wins; whoever comes second finds another version standing there. */
export function changePresentation(
  { version }: StandingPresentation,
  record: PresentationRecord,
  until: number,
): Op {
  const value = form.write(record)
  return { op: 'put', ns: NS, key: record.requestId, value, if: { version }, expiresAt: until * 1000 }
}

function keepPointer(ns: string, { secret, requestId, hash, until }: Secret): Op {
  const value = pointerForm.write({ requestId })
  return {
    op: 'put',
    ns,
    key: hash('sha-256', secret),
    value,
    if: 'absent',
    expiresAt: until * 1000,
  }
}

async function findPointer(store: Store, ns: string, key: string): Promise<string | undefined> {
  const entry = await store.get(ns, key)
  return entry && pointerForm.read(entry.value).requestId
}
