/**
 * What a judgement goes by where nothing can be asked: keys, trust and status lists as they were known at some time.
 * All of it is data, and each piece says how old it is. Of several about one thing the freshest that is within its time
 * is gone by, in whichever order they come.
 */
import type { Hash, PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import type { KeyReference } from '@facet-id/credential/sd-jwt-vc'
import type { StatusBits } from '@facet-id/credential/status-list'
import type { AuthorityFacts } from '@facet-id/protocol/openid4vp/dcql'
import type { CertificateIdentity, FederationIdentity, Trust } from '@facet-id/trust'

export interface Material extends MaterialAtHand {
  /** One verdict each, at once: primitives compute and wait for nobody. */
  readonly checkSignatures: (checks: readonly SignatureCheck[]) => readonly Verdict[]
}

/** Material for whoever checks the signatures otherwise: of many answers at once, by workers. */
export interface MaterialAtHand {
  readonly hash: Hash
  readonly keys: readonly KnownKey[]
  readonly trust: KnownTrust
  readonly statusLists: readonly KnownStatusList[]
  /** Documents about types, as they were received. Absent: none is known. */
  readonly types?: readonly KnownType[]
  /** Seconds that a kind may be old at the most; what is older is undetermined. Absent: any age will do, and is told. */
  readonly maxAge?: Partial<Readonly<Record<MaterialKind, number>>>
}

export type MaterialKind = 'issuer_key' | 'trust' | 'status' | 'type'

/** When something was known to be so, and until when: seconds since the epoch. */
export interface Known {
  readonly asOf: number
  /** From then on nobody may go by it; absent when it says of itself no end. */
  readonly expiresAt?: number
}

export interface KnownKey extends Known {
  /** The identity that the key was proven for. */
  readonly issuer: string
  readonly key: PublicJwk
  /** How credentials name it. For a certificate: the chain, byte for byte. */
  readonly reference: KeyReference
  readonly certificate?: CertificateIdentity
  readonly authorities?: AuthorityFacts
}

export interface KnownTrust extends Known {
  readonly mayIssue: Trust['mayIssue']
  /** Members of federations that vouch for them, by their entity identifier; absent: none is known. */
  readonly federations?: readonly (FederationIdentity & Known)[]
}

/** A status list whose signature was verified when it was fetched. */
export interface KnownStatusList extends Known {
  readonly uri: string
  /** Whose list it is: it counts for credentials of that issuer alone. */
  readonly issuer: string
  readonly bits: StatusBits
  /** Inflated. */
  readonly bytes: Uint8Array
}

export interface KnownType extends Known {
  readonly vct: string
  readonly document: string
}

/** What a report went by, and how old it was then. */
export interface Used {
  readonly kind: MaterialKind
  /** The issuer, the member of a federation, the list or the type; absent for trust as a whole. */
  readonly of?: string
  readonly asOf: number
  /** Seconds. */
  readonly age: number
}
