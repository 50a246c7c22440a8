/**
 * Whom each credential issuer signs as, for as long as something of it is held: in each way to be known (a DID, a
 * certificate, an address) somebody of its own, since its credentials can be known in several ways.
 */
import type { KeyMechanism } from '@facet-id/credential/sd-jwt-vc'
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { CertificateIdentity } from '@facet-id/trust'

const NS = 'holder/issuer'

export interface KnownIssuer {
  readonly credentialIssuer: string
  /** A DID, an address, or what else a certificate is called by: as it was proven with the key. */
  readonly did: string
  /** What a certificate proved; absent: known another way, or kept before this was noted. */
  readonly certificate?: CertificateIdentity
}

const form = recordForm<KnownIssuer>(1)

const WAYS: readonly KeyMechanism[] = ['did', 'x5c', 'jwt_vc_issuer']

/** @param key of the credential issuer */
export function rememberIssuer(key: string, by: KeyMechanism, issuer: KnownIssuer): Op {
  return { op: 'put', ns: NS, key: keyOf(key, by), value: form.write(issuer) }
}

export function dropIssuer(key: string): readonly Op[] {
  return [key, ...WAYS.map((by) => keyOf(key, by))].map((one) => ({ op: 'del', ns: NS, key: one }))
}

/** Whether anything that it signed, in whatever way, is held. */
export async function isKnownIssuer(store: Store, key: string): Promise<boolean> {
  for (const one of [key, ...WAYS.map((by) => keyOf(key, by))]) {
    if ((await store.get(NS, one)) !== undefined) return true
  }
  return false
}

export async function findIssuer(
  store: Store,
  key: string,
  by: KeyMechanism,
): Promise<KnownIssuer | undefined> {
  const entry = await store.get(NS, keyOf(key, by))
  if (entry !== undefined) return form.read(entry.value)
  // As it was kept before the ways were told apart.
  const former = await store.get(NS, key)
  const known = former && form.read(former.value)
  return known !== undefined && isOf(by, known) ? known : undefined
}

function keyOf(key: string, by: KeyMechanism): string {
  return `${key}.${by}`
}

/** What a name of that time says of the way; an address can have been proven by a certificate as well. */
function isOf(by: KeyMechanism, { did }: KnownIssuer): boolean {
  if (did.startsWith('did:')) return by === 'did'
  return did.startsWith('https:') ? by !== 'did' : by === 'x5c'
}
