/** Who attests wallets, and with which key: a port, and the keys that an operator registered. */
import type { JwsAlgorithm, MaybePromise, PublicJwk } from '@facet-id/credential/jose'
import { algorithmOf } from '@facet-id/credential/jose'

/** How an attestation says by whom it was signed. */
export interface WalletProviderReference {
  readonly alg: JwsAlgorithm
  /** Absent in attestations by drafts after 07. */
  readonly iss?: string
  readonly kid?: string
  /** DER certificates, that of the signing key first. */
  readonly x5c?: readonly Uint8Array[]
}

/** The key of a wallet provider that is believed; `undefined` for anybody else. */
export type WalletProviderKey = (of: WalletProviderReference) => MaybePromise<PublicJwk | undefined>

/** A wallet provider whose keys the operator got from it. */
export interface RegisteredWalletProvider {
  /** Absent: whatever its attestations say. */
  readonly iss?: string
  /** With a `kid` each where there are several. */
  readonly keys: readonly PublicJwk[]
}

/** Believes those providers, by their keys alone: an attestation with certificates is none of theirs. */
export function registeredWalletProviders(
  providers: readonly RegisteredWalletProvider[],
): (of: WalletProviderReference) => PublicJwk | undefined {
  return ({ alg, iss, kid, x5c }) => {
    if (x5c !== undefined) return undefined
    const fitting = providers
      .filter((provider) => provider.iss === undefined || iss === undefined || provider.iss === iss)
      .flatMap(({ keys }) => keys)
      .filter((key) => algorithmOf(key) === alg && (kid === undefined || key.kid === kid))
    const [only, ...others] = fitting
    return others.length === 0 ? only : undefined
  }
}
