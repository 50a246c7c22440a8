/**
 * What rests: DIDs, their aliases and their private keys, in a store that the caller has sealed.
 *
 * This is the one place that holds private keys. Veramo's own plugins hand them through agent calls,
 * whose arguments and results are written to a log when someone asks for it; here nothing that a
 * caller or the agent can reach ever yields one. What comes out are public keys and signers.
 *
 * A DID, its key and its alias are committed together. So an interruption leaves all of them or
 * none, and an alias has one DID however many ask for it at once.
 */

import { resolveDidJwk } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk, type Signer, sameKey } from '@facet-id/credential/jose'
import { type Op, type RecordForm, recordForm, type Store } from '@facet-id/store'
import { DidAgentError } from './error.ts'

/** A key with its private half. */
export type PrivateJwk = PublicJwk & {
  /** As many bytes as the curve has, base64url. */
  readonly d: string
}

/** Where keys come from, and what signs with them. */
export interface AgentKeys {
  generate(): { readonly publicJwk: PublicJwk; readonly privateJwk: PrivateJwk }
  /** @param kid for the `kid` header */
  signerOf(privateJwk: PrivateJwk, kid: string): Signer
}

export interface CustodyPorts {
  /** The caller seals it. */
  readonly store: Store
  readonly keys: AgentKeys
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** What is known of a DID without its private key. */
export interface KeptDid {
  readonly did: string
  readonly alias?: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly publicJwk: PublicJwk
}

export interface Custody {
  /** A fresh key; its private half waits here until its DID is kept. */
  draft(): PublicJwk
  /**
   * Keeps a DID with the key that was drafted for it. A draft is good for one attempt.
   *
   * @throws {DidAgentError} `alias_taken`; `key_unknown`: there is no draft of this key
   */
  keep(did: string, alias: string | undefined): Promise<void>
  find(did: string): Promise<KeptDid | undefined>
  findByAlias(alias: string): Promise<KeptDid | undefined>
  list(): AsyncIterable<KeptDid>
  /**
   * The DID with what signs for it.
   *
   * @throws {DidAgentError} `did_unknown`; `record_corrupt`
   */
  open(did: string): Promise<KeptDid & { readonly signer: Signer }>
}

const DIDS = 'agent/did'
const ALIASES = 'agent/alias'
const KEYS = 'agent/key'

const FRAGMENT = '#0'

const didForm: RecordForm<Pick<KeptDid, 'alias' | 'createdAt'>> = recordForm(1)
const aliasForm: RecordForm<{ readonly did: string }> = recordForm(1)
const keyForm: RecordForm<{ readonly privateJwk: PrivateJwk }> = recordForm(1)

/** The DID URL of the one key that a did:jwk has: its name here, in Veramo, and in `kid` headers. */
export function keyUrlOf(did: string): string {
  return `${did}${FRAGMENT}`
}

/** The DID whose key the URL names, if it can name one. */
export function didOfKeyUrl(url: string): string | undefined {
  return url.endsWith(FRAGMENT) ? url.slice(0, -FRAGMENT.length) : undefined
}

export function createCustody({ store, keys, now }: CustodyPorts): Custody {
  const drafts = new Map<string, PrivateJwk>()

  async function find(did: string): Promise<KeptDid | undefined> {
    const entry = await store.get(DIDS, did)
    return entry === undefined ? undefined : keptOf(did, entry.value)
  }

  return {
    draft() {
      const { publicJwk, privateJwk } = keys.generate()
      drafts.set(nameOf(publicJwk), privateJwk)
      return publicJwk
    },
    async keep(did, alias) {
      const name = nameOf(publicKeyOf(did))
      const privateJwk = drafts.get(name)
      if (privateJwk === undefined) {
        throw new DidAgentError('key_unknown', 'The key of a DID is made here, and kept with the DID at once')
      }
      drafts.delete(name)
      const ops: Op[] = [
        { op: 'put', ns: DIDS, key: did, value: didForm.write({ ...named(alias), createdAt: now() }) },
        { op: 'put', ns: KEYS, key: did, value: keyForm.write({ privateJwk }) },
      ]
      if (alias !== undefined) {
        ops.push({ op: 'put', ns: ALIASES, key: alias, value: aliasForm.write({ did }), if: 'absent' })
      }
      const { ok } = await store.commit(ops)
      // The alias is the only condition: the DID is of a key that was made a moment ago.
      if (!ok) throw new DidAgentError('alias_taken', 'Another DID has this alias: choose another')
    },
    find,
    async findByAlias(alias) {
      const entry = await store.get(ALIASES, alias)
      if (entry === undefined) return undefined
      const kept = await find(aliasForm.read(entry.value).did)
      if (kept === undefined) throw corrupt('An alias names a DID that is not there')
      return kept
    },
    async *list() {
      for await (const { key, value } of store.range(DIDS)) yield keptOf(key, value)
    },
    async open(did) {
      const kept = await find(did)
      if (kept === undefined) throw new DidAgentError('did_unknown', 'This agent made no such DID')
      const entry = await store.get(KEYS, did)
      if (entry === undefined) throw corrupt('A DID is there without its key')
      const { privateJwk } = keyForm.read(entry.value)
      if (!sameKey(privateJwk, kept.publicJwk)) throw corrupt('The key kept for a DID is that of another')
      return { ...kept, signer: keys.signerOf(privateJwk, keyUrlOf(did)) }
    },
  }
}

function keptOf(did: string, value: Uint8Array): KeptDid {
  const { alias, createdAt } = didForm.read(value)
  return { did, ...named(alias), createdAt, publicJwk: publicKeyOf(did) }
}

/** A did:jwk is its key: it is read from there and not kept twice. */
function publicKeyOf(did: string): PublicJwk {
  return readPublicJwk(resolveDidJwk(did).verificationMethod[0]?.publicKeyJwk)
}

function nameOf(jwk: PublicJwk): string {
  return jwk.kty === 'EC' ? `${jwk.x}.${jwk.y}` : jwk.x
}

function named(alias: string | undefined): { readonly alias?: string } {
  return alias === undefined ? {} : { alias }
}

function corrupt(what: string): DidAgentError {
  return new DidAgentError('record_corrupt', `${what}: restore the store from a backup`)
}
