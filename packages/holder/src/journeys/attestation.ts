/** What the wallet's provider says of it, for one issuer and no other. HAIP 1.0 §4.4.1. */
import { jwkThumbprint } from '@facet-id/credential/jose'
import { readClientAttestation } from '@facet-id/protocol/oauth/client-attestation'
import { rememberShown } from '../authorization/shown-attestation-store.ts'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import type { WalletAttestation } from '../ports.ts'

/**
 * An attestation, or a key, that two issuers saw would tell them that two persons are one.
 *
 * @param of `fresh`: the last one was refused as over
 * @returns `undefined` where the wallet is not attested
 * @throws {HolderError} `attestation_unusable`
 * @throws {ProtocolError} `client_attestation_malformed`
 */
export async function attestationFor(
  { issuer, fresh = false }: { readonly issuer: string; readonly fresh?: boolean },
  { ports }: Holding,
): Promise<WalletAttestation | undefined> {
  const given = await ports.walletAttestation?.({ issuer, fresh })
  if (given === undefined) return undefined
  const { sub, exp, jwk } = readClientAttestation(given.attestation)
  const key = jwkThumbprint(jwk, ports.hash)
  if (sub !== given.clientId) throw unusable('is of another client')
  const shown = await rememberShown(ports.store, key, { issuer, exp, now: ports.now() })
  if (shown?.issuer !== issuer) throw unusable('has a key that may have been shown to another issuer')
  return given
}

function unusable(why: string): HolderError {
  return new HolderError('attestation_unusable', `The attestation of this wallet ${why}`)
}
