/**
 * What each client identifier prefix demands, in one table. OpenID4VP 1.0 §5.9.3.
 *
 * The table fails closed: a prefix that has no line here is none, and an address that no rule ties to the
 * client gets nothing, not even an error.
 */
import { readHttpUrl } from '../../url.ts'
import type { ClientId } from './client-id.ts'

/** Those of §5.9.3 that a request may have; `pre-registered` stands for an identifier without one (§5.9.2). */
export type ClientIdPrefix =
  | 'decentralized_identifier'
  | 'openid_federation'
  | 'pre-registered'
  | 'redirect_uri'
  | 'verifier_attestation'
  | 'x509_hash'
  | 'x509_san_dns'

export interface PrefixRules {
  /** Whether a request is signed. `as_registered`: where a key is registered for the client. */
  readonly signature: 'required' | 'forbidden' | 'as_registered'
  /** Where the key that signed is found; what a request brings of its own is a claim that must be proven. */
  readonly key: 'none' | 'did' | 'certificate' | 'attestation' | 'federation' | 'registration'
  /**
   * What ties `response_uri` and `redirect_uri` to the client: the identifier itself, its host, a list of the
   * client's addresses, a list where there is one, or the signature of the request that names them.
   */
  readonly address: 'client_id' | 'host' | 'listed' | 'listed_or_signature' | 'signature'
  /**
   * What `client_metadata` of a request counts for. `ignored`: what is known by other means stands in its place
   * (§5.9.3). `refused`: the client is known already, and sends none (§8.5, `invalid_client`).
   */
  readonly metadata: 'taken' | 'ignored' | 'refused'
}

export const prefixRules: Readonly<Record<ClientIdPrefix, PrefixRules>> = {
  decentralized_identifier: { signature: 'required', key: 'did', address: 'signature', metadata: 'taken' },
  openid_federation: { signature: 'required', key: 'federation', address: 'listed', metadata: 'ignored' },
  'pre-registered': {
    signature: 'as_registered',
    key: 'registration',
    address: 'listed',
    metadata: 'refused',
  },
  redirect_uri: { signature: 'forbidden', key: 'none', address: 'client_id', metadata: 'taken' },
  verifier_attestation: {
    signature: 'required',
    key: 'attestation',
    address: 'listed_or_signature',
    metadata: 'taken',
  },
  x509_hash: { signature: 'required', key: 'certificate', address: 'signature', metadata: 'taken' },
  x509_san_dns: { signature: 'required', key: 'certificate', address: 'host', metadata: 'taken' },
}

/** What is known of a client besides its request, once that is proven. */
export interface KnownAddresses {
  /**
   * Where the client may be answered, by attestation, federation, registration or policy; compared as text.
   * Absent: nobody lists its addresses.
   */
  readonly addresses?: readonly string[]
  /** Whether policy trusts the client of a certificate with any host (§5.9.3, `x509_san_dns`); absent: no. */
  readonly trustedFreely?: boolean
}

/**
 * Whether an answer may go to that address: whether its rule ties it to the client. Only for a client that
 * was proven by the rules of its prefix.
 *
 * @param address `response_uri` or `redirect_uri`, as it was read
 */
export function isAddressOf({ prefix, id }: ClientId, address: string, known: KnownAddresses = {}): boolean {
  const listed = known.addresses?.includes(address)
  // A list that leaves the address out counts for every prefix: somebody said where this client is.
  if (listed === false) return false
  switch (prefixRules[prefix].address) {
    case 'client_id':
      return address === id
    case 'host':
      return known.trustedFreely === true || hostOf(address) === id
    case 'listed':
      return listed === true
    case 'listed_or_signature':
    case 'signature':
      return true
  }
}

/** Without its port, in lower case; absent for what is no address. */
function hostOf(address: string): string | undefined {
  try {
    return readHttpUrl(address, 'https_or_loopback_http')
      .host.toLowerCase()
      .replace(/:[0-9]+$/, '')
  } catch {
    return undefined
  }
}
