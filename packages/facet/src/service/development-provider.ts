/**
 * A wallet provider for development: it says of every wallet that asks that it is one of its own, and of every key that
 * it is kept as software keeps it. It is there so that issuers who demand attestations can be tried; a provider that
 * means what it says keeps its key away from its wallets. HAIP 1.0 §4.4.1, §4.5.1.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { type PublicJwk, type Signer, writeJws } from '@facet-id/credential/jose'
import { generateKey, hash, type PrivateJwk, signerOf } from '@facet-id/crypto/node'
import type { HolderPorts } from '@facet-id/holder'
import { writeClientAttestationInput } from '@facet-id/protocol/oauth/client-attestation'
import { writeKeyAttestationInput } from '@facet-id/protocol/openid4vci/key-proof'
import { recordForm, type Store } from '@facet-id/store'
import type { SigningCertificate } from '../config/signing-certificate.ts'

/** What all wallets of the provider are called (HAIP §4.4.1: no identifier of one instance). */
export const DEVELOPMENT_WALLET = 'facet-development-wallet'

const NS = 'facet/wallet-instance'
const LIFETIME = 24 * 3600

interface Instance {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

const form = recordForm<Instance>(1)

export interface ProvidedTo {
  /** Of the wallet, sealed: the keys of its instances rest in it. */
  readonly store: Store
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** @param provider its chain without the anchor, and its key */
export function developmentProvider(
  { chain, privateJwk }: SigningCertificate,
  { store, now }: ProvidedTo,
): Required<Pick<HolderPorts, 'walletAttestation' | 'keyAttestation'>> {
  const signer = signerOf(privateJwk)
  const signed = async (input: string): Promise<string> => writeJws(input, await signer.sign(utf8(input)))
  return {
    async walletAttestation({ issuer }) {
      const instance = await instanceFor(issuer, store)
      const iat = Math.floor(now())
      const attestation = await signed(
        writeClientAttestationInput({
          alg: signer.alg,
          x5c: chain,
          sub: DEVELOPMENT_WALLET,
          iat,
          exp: iat + LIFETIME,
          jwk: instance.publicJwk,
        }),
      )
      const own: Signer = signerOf(instance.privateJwk)
      return { attestation, clientId: DEVELOPMENT_WALLET, signer: own }
    },

    keyAttestation({ keys, nonce }) {
      const iat = Math.floor(now())
      return signed(
        writeKeyAttestationInput(
          {
            iat,
            exp: iat + LIFETIME,
            attested_keys: keys.map(({ publicJwk }) => publicJwk),
            key_storage: ['iso_18045_basic'],
            ...(nonce === undefined ? {} : { nonce }),
          },
          { alg: signer.alg, x5c: chain },
        ),
      )
    },
  }
}

/** Each issuer sees a key that no other sees. */
async function instanceFor(issuer: string, store: Store): Promise<Instance> {
  const key = hash('sha-256', `wallet instance ${encodeURIComponent(issuer)}`)
  const kept = await store.get(NS, key)
  if (kept !== undefined) return form.read(kept.value)
  const made = generateKey('ES256')
  const { ok } = await store.commit([{ op: 'put', ns: NS, key, value: form.write(made), if: 'absent' }])
  return ok ? made : instanceFor(issuer, store)
}
