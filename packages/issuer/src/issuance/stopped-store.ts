/**
 * Configurations of which a second engine read a credential otherwise than it was written: none is issued
 * until the operator has seen why. The record outlives restarts, and all nodes of one issuer heed it.
 */
import type { Hash } from '@facet-id/credential/jose'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/stopped'

export interface StoppedConfiguration {
  readonly configurationId: string
  /** Seconds since the epoch. */
  readonly stoppedAt: number
}

const form = recordForm<StoppedConfiguration>(1)

/** The name may be any text, and a key may not. */
function keyOf(configurationId: string, hash: Hash): string {
  return hash('sha-256', `stopped.${configurationId}`)
}

/** Stopping what is stopped changes nothing: the first time counts, and `absent` is then refused. */
export function stopConfiguration(stopped: StoppedConfiguration, hash: Hash): Op {
  const key = keyOf(stopped.configurationId, hash)
  return { op: 'put', ns: NS, key, value: form.write(stopped), if: 'absent' }
}

export function resumeConfiguration(configurationId: string, hash: Hash): Op {
  return { op: 'del', ns: NS, key: keyOf(configurationId, hash) }
}

/** Holds while the configuration is issued: what is committed along with it is not, once it is stopped. */
export function checkIssuing(configurationId: string, hash: Hash): Op {
  return { op: 'check', ns: NS, key: keyOf(configurationId, hash) }
}

export async function isStopped(store: Store, configurationId: string, hash: Hash): Promise<boolean> {
  return (await store.get(NS, keyOf(configurationId, hash))) !== undefined
}

export async function listStopped(store: Store): Promise<readonly StoppedConfiguration[]> {
  const stopped: StoppedConfiguration[] = []
  for await (const entry of store.range(NS)) stopped.push(form.read(entry.value))
  return stopped.sort((a, b) => (a.configurationId < b.configurationId ? -1 : 1))
}
