/** What a method of DIDs must know to make and to change DIDs that are kept here. */
import type { DidDocument, WebLocationRules } from '@facet-id/credential/did'
import type { Hash, JwsAlgorithm } from '@facet-id/credential/jose'
import type { DidChange } from '../custody/commits.ts'
import type { Custody } from '../custody/custody.ts'
import type { DidService, KeptDid, KeptKey, KeyRole, MethodName } from '../custody/kept-did.ts'
import type { WitnessPort } from './witnesses.ts'

/** What a DID is to be. Plain JSON: it goes through agent calls. */
export interface DidWish {
  readonly method: MethodName
  /** Of its keys; absent: ES256. */
  readonly alg?: JwsAlgorithm
  /** Of did:web and did:webvh: the host that serves it, with `:port` where there is one. */
  readonly domain?: string
  /** Of did:web and did:webvh: the segments of its path; absent: the whole host is named. */
  readonly path?: readonly string[]
  readonly services?: readonly DidService[]
  /** Of did:webvh: it may move to another host later. Absent: it may not. */
  readonly portable?: boolean
  /** Of did:webvh: whose proofs each change needs. Absent: nobody's. */
  readonly witness?: WitnessRule
}

/** Who watches over a did:webvh: `threshold` of these did:key must sign each change. */
export interface WitnessRule {
  readonly threshold: number
  readonly witnesses: readonly string[]
}

/** A file under which a DID is found. */
export interface PublishedFile {
  /** Path of its URL: `/.well-known/did.json`. */
  readonly path: string
  readonly mediaType: string
  readonly body: string
}

/** What stands around a DID while it is made or changed. */
export interface Making {
  readonly custody: Custody
  readonly hash: Hash
  /** Which hosts may be named. */
  readonly location: WebLocationRules
  /** Absent: nobody can be asked to be a witness. */
  readonly witnesses?: WitnessPort
  /** Seconds since the epoch. */
  readonly now: number
}

export interface DidMethod {
  readonly name: MethodName
  /** Drafts the keys, and says what is to be kept. @throws {DidAgentError} `wish_malformed` */
  create(wish: DidWish, making: Making): Promise<DidChange>
  /**
   * Makes `revised`, which differs from `before` in its keys and services, a change of this method. Absent:
   * a DID of this method never changes.
   */
  change?(before: KeptDid, revised: KeptDid, making: Making): Promise<DidChange>
  /** Gives it another host. Absent: it cannot move. */
  move?(before: KeptDid, to: Pick<DidWish, 'domain' | 'path'>, making: Making): Promise<DidChange>
  /** The document as whoever resolves the DID at that time gets it; `undefined`: it is deactivated. */
  documentOf(kept: KeptDid, at: Pick<Making, 'hash' | 'now'>): DidDocument | undefined
  /** What must be served for the DID to be found. Absent: nothing. */
  filesOf?(kept: KeptDid, making: Making): Promise<readonly PublishedFile[]>
}

/** A fresh key in those roles, its private half drafted. */
export async function draftKey(
  id: string,
  roles: readonly KeyRole[],
  { making, alg = 'ES256' }: { readonly making: Making; readonly alg?: JwsAlgorithm | undefined },
): Promise<KeptKey> {
  const drafted = await making.custody.draft(alg)
  return { ...drafted, id, roles, state: 'active', createdAt: making.now }
}

/** The keys of a DID with which others have to do: one to issue with, and one to prove itself with. */
export async function draftKeysForOthers({ alg }: DidWish, making: Making): Promise<readonly KeptKey[]> {
  const assertion = await draftKey('key-1', ['assertion'], { making, alg })
  const authentication = await draftKey('key-2', ['authentication'], { making, alg })
  // Who brings the one key that there is signs everything with it.
  if (assertion.at === authentication.at) return [{ ...assertion, roles: ['assertion', 'authentication'] }]
  return [assertion, authentication]
}

/** What every new DID has. */
export function newDid(
  did: string,
  { method, services = [] }: DidWish,
  { keys, now }: { readonly keys: readonly KeptKey[]; readonly now: number },
): KeptDid {
  return { did, method, createdAt: now, revision: 1, keys, services }
}

/** The path of an http URL. */
export function pathOfUrl(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('://') + 3))
}
