/**
 * Where a service of ours is reached. The address is part of what it signs (a status list is named
 * by URL), so it is chosen once and found again.
 */
import { readIdentifierUrl } from '@facet-id/protocol/url'
import { recordForm, type Store } from '@facet-id/store'
import { FacetError } from '../error.ts'

const NS = 'facet/address'

interface Address {
  readonly port: number
}

const form = recordForm<Address>(1)

export interface AddressOptions {
  /** Absent: the port of the last time, or any free one. */
  readonly port?: number
  /** What the world calls it, when something in front of it does TLS. Absent: plain http on loopback. */
  readonly publicUrl?: string
  readonly development: boolean
}

/**
 * What the world calls it, without a slash at the end; absent: whatever address it listens at.
 *
 * @throws {FacetError} `development_mode_needed`, `public_url_malformed`
 */
export function publicUrlOf({ publicUrl, development }: AddressOptions): string | undefined {
  if (publicUrl === undefined) {
    if (development) return undefined
    throw new FacetError(
      'development_mode_needed',
      'A service needs an https address: give --public-url https://… (TLS ends in front of it), or --development for plain http on loopback',
    )
  }
  try {
    return readIdentifierUrl(publicUrl, development ? 'https_or_loopback_http' : 'https').href.replace(
      /\/$/,
      '',
    )
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'https_required') {
      throw new FacetError(
        'development_mode_needed',
        'The public URL must begin with https; plain http is for --development, and for loopback only',
        { cause },
      )
    }
    throw new FacetError(
      'public_url_malformed',
      'The public URL cannot be read: write an absolute https URL without query, fragment or user',
      { cause },
    )
  }
}

/** The port to listen on; 0 for any. */
export async function portOf(store: Store, { port }: AddressOptions): Promise<number> {
  if (port !== undefined) return port
  const entry = await store.get(NS, 'port')
  return entry === undefined ? 0 : form.read(entry.value).port
}

export async function rememberPort(store: Store, port: number): Promise<void> {
  await store.commit([{ op: 'put', ns: NS, key: 'port', value: form.write({ port }) }])
}
