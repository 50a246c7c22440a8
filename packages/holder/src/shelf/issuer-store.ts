/** The DID that each credential issuer signs with, for as long as something of it is held. */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/issuer'

export interface KnownIssuer {
  readonly credentialIssuer: string
  readonly did: string
}

const form = recordForm<KnownIssuer>(1)

export function rememberIssuer(key: string, issuer: KnownIssuer): Op {
  return { op: 'put', ns: NS, key, value: form.write(issuer) }
}

export function dropIssuer(key: string): Op {
  return { op: 'del', ns: NS, key }
}

export async function findIssuer(store: Store, key: string): Promise<KnownIssuer | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}
