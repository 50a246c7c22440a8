/**
 * Which issuer the key of an attestation was shown to, by its thumbprint: no other issuer may see it (HAIP 1.0
 * §4.4.1), also in an attestation that comes after the first.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/attestation-shown'

/** Seconds for which a key is remembered after it was last shown, and after the end of what it was shown in. */
const REMEMBERED = 10 * 366 * 86_400

export interface ShownAttestation {
  readonly issuer: string
}

const form = recordForm<ShownAttestation>(1)

/**
 * Remembers it before it is shown. Of several that would show one key at once, the first to be remembered counts.
 *
 * @param times of the attestation's end, and of now: seconds since the epoch
 * @returns whom that key may be shown to; `undefined` where others changed the same all the while
 */
export async function rememberShown(
  store: Store,
  key: string,
  { issuer, exp, now }: ShownAttestation & { readonly exp: number; readonly now: number },
): Promise<ShownAttestation | undefined> {
  const until = Math.ceil(Math.max(exp, now) + REMEMBERED) * 1000
  const put: Op = { op: 'put', ns: NS, key, value: form.write({ issuer }), expiresAt: until }
  const entry = await store.get(NS, key)
  if (entry === undefined) {
    const { ok } = await store.commit([{ ...put, if: 'absent' }])
    return ok ? { issuer } : findShown(store, key)
  }
  const known = form.read(entry.value)
  // Not at each request: half of the time is long enough.
  const isLong = entry.expiresAt === undefined || entry.expiresAt - until > -REMEMBERED * 500
  if (known.issuer !== issuer || isLong) return known
  const { ok } = await store.commit([{ ...put, if: { version: entry.version } }])
  return ok ? known : findShown(store, key)
}

async function findShown(store: Store, key: string): Promise<ShownAttestation | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}
