/** How a wallet on this machine knows verifiers that have no DID, and encrypts to them. */
import { generateEncryptionKey, jweOpenerOf, sealJwe } from '@facet-id/crypto/node'
import type { ClientPorts, Encryption } from '@facet-id/holder/verifiers'
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

/** Verifiers by certificate and by federation; none is registered, and nobody attests any. */
export function knownVerifiers({ certificates, followed, now }: KnownBy): ClientPorts {
  return {
    ...(certificates === undefined ? {} : certified(certificates, now)),
    ...(followed === undefined
      ? {}
      : {
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

function certified(certificates: TrustedCertificates, now: () => number): Pick<ClientPorts, 'certificateOf'> {
  const keyOf = createCertificateKeys(certificates, now, 'verifier')
  return {
    async certificateOf({ x5c }) {
      const answer = await keyOf({ chain: x5c })
      if ('refused' in answer || 'undetermined' in answer) return answer
      const { key, certificate } = answer
      return certificate === undefined ? { refused: 'The chain proves no party' } : { key, certificate }
    },
  }
}
