/** How a wallet on this machine knows verifiers that have no DID, and encrypts to them. */
import type { PublicJwk } from '@facet-id/credential/jose'
import { generateEncryptionKey, jweOpenerOf, sealJwe } from '@facet-id/crypto/node'
import type { ClientPorts, Encryption } from '@facet-id/holder/verifiers'
import type { AskingParties } from '../trust/asking-parties.ts'
import type { FollowedTrust } from '../trust/followed-trust.ts'
import { createCertificateKeys, type TrustedCertificates } from './certificate-keys.ts'

export interface KnownBy {
  /** Whose certificates verifiers may be known by; absent: nobody's. */
  readonly certificates: TrustedCertificates | undefined
  /** With the federations in it; absent: none. */
  readonly followed: FollowedTrust | undefined
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Verifiers by certificate, by federation, by who attests them, and those that are registered. */
export function knownVerifiers({ certificates, followed, now }: KnownBy): ClientPorts {
  const asking = (): AskingParties | undefined => followed?.configured().asking
  return {
    ...(certificates === undefined ? {} : certified(certificates, { now, asking })),
    ...(followed === undefined
      ? {}
      : {
          registered: ({ clientId }) => asking()?.clients.get(clientId),
          attesterKeyOf: ({ attester, kid }) => attesterKey(asking()?.attesters.get(attester), kid),
          memberOf: async ({ entityId, trustChain }) =>
            (await followed.configured().federation?.memberOf(entityId, trustChain)) ?? {
              refused: 'No federation is configured in this wallet',
            },
        }),
  }
}

/** Each request, and each answer, is encrypted to a key of its own. */
export const encryption: Encryption = {
  seal: sealJwe,
  generateKey() {
    const { publicJwk, privateJwk } = generateEncryptionKey()
    return { publicJwk, open: jweOpenerOf(privateJwk) }
  },
}

/** By its name; without one, where there is no other. */
function attesterKey(
  keys: readonly PublicJwk[] | undefined,
  kid: string | undefined,
): { readonly key: PublicJwk } | { readonly refused: string } {
  if (keys === undefined) return { refused: 'Nobody of that name attests verifiers here' }
  const [key, ...others] = keys.filter((one) => kid === undefined || one.kid === undefined || one.kid === kid)
  return key === undefined || others.length > 0 ? { refused: 'The attester has no such key' } : { key }
}

interface Certified {
  readonly now: () => number
  readonly asking: () => AskingParties | undefined
}

function certified(
  certificates: TrustedCertificates,
  { now, asking }: Certified,
): Pick<ClientPorts, 'certificateOf'> {
  const keyOf = createCertificateKeys(certificates, now, 'verifier')
  return {
    async certificateOf({ x5c }) {
      const answer = await keyOf({ chain: x5c })
      if ('refused' in answer || 'undetermined' in answer) return answer
      const { key, certificate } = answer
      if (certificate === undefined) return { refused: 'The chain proves no party' }
      const trustedFreely = asking()?.freely.has(certificate.anchor) === true
      return { key, certificate, ...(trustedFreely ? { trustedFreely } : {}) }
    },
  }
}
