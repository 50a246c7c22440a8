/**
 * The ways to find the key that signed a credential, and which of them are taken for whom.
 * draft-ietf-oauth-sd-jwt-vc-19 §2.5, §7.3.
 *
 * Each way proves an identity of another kind: a DID, a certificate, the owner of an address. Which one
 * a credential uses is written in it by whoever made it, so it is held against a policy, and no way
 * stands in for another that failed.
 */
import type { JwsAlgorithm } from '../../jose/algorithm.ts'

export type KeyMechanism = 'did' | 'x5c' | 'jwt_vc_issuer'

/** Which key a credential says that it is signed with. */
export type KeyReference =
  /** `issuer` is a DID, `kid` a DID URL of it, in full; the key must serve `assertionMethod`. */
  | { readonly by: 'did'; readonly issuer: string; readonly kid: string }
  /**
   * The key of the first certificate, if the chain leads to an anchor. `issuer`: what the credential
   * says beside it; it proves nothing, and is absent where the certificate alone says who issued.
   */
  | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[]; readonly issuer?: string }
  /** A key in the metadata of that issuer (§4). Without `kid`: the only one for `alg`. */
  | {
      readonly by: 'jwt_vc_issuer'
      readonly issuer: string
      readonly kid?: string
      readonly alg: JwsAlgorithm
    }

/** Which mechanisms are taken. */
export interface IssuerKeyPolicy {
  /** For every issuer that is not named in `of`. */
  readonly taken: readonly KeyMechanism[]
  /** For single issuers, by identity, in place of `taken`: whoever is named here is known in these ways only. */
  readonly of?: Readonly<Record<string, readonly KeyMechanism[]>>
  /** Addresses of issuers; `https` when absent. The other one is for development, on this machine. */
  readonly scheme?: 'https' | 'https_or_loopback_http'
}

/** What is taken where nobody says: keys of DIDs. */
export const didsOnly: IssuerKeyPolicy = { taken: ['did'] }

/** Whether a mechanism is taken at all, for whomever. */
export function isTakenAtAll({ taken, of = {} }: IssuerKeyPolicy, by: KeyMechanism): boolean {
  return [taken, ...Object.values(of)].some((mechanisms) => mechanisms.includes(by))
}

/** Whether that issuer may be known by that mechanism. */
export function isTakenFor(policy: IssuerKeyPolicy, issuer: string, by: KeyMechanism): boolean {
  return (namedFor(policy, issuer) ?? policy.taken).includes(by)
}

/**
 * Whether it is worth asking for the key. A certificate may prove an identity of its own, so what a
 * credential says beside it counts only if that name is known in other ways.
 */
export function isWorthAsking(policy: IssuerKeyPolicy, { by, issuer }: KeyReference): boolean {
  if (by !== 'x5c') return isTakenFor(policy, issuer, by)
  const named = issuer === undefined ? undefined : namedFor(policy, issuer)
  return named === undefined ? isTakenAtAll(policy, by) : named.includes(by)
}

function namedFor({ of = {} }: IssuerKeyPolicy, issuer: string): readonly KeyMechanism[] | undefined {
  return Object.hasOwn(of, issuer) ? of[issuer] : undefined
}
