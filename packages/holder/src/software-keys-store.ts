/**
 * Holder keys in software: the reference for {@link HolderKeys}, for devices without a secure
 * element. Private keys rest in the store, which the caller seals; they leave it only into the
 * signer that signs with them.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { MaybePromise, PublicJwk, Random, Signer } from '@facet-id/credential/jose'
import { recordForm, type Store } from '@facet-id/store'
import { HolderError } from './error.ts'
import type { HolderKeys } from './keys.ts'

const NS = 'holder/key'

export interface SoftwareKeysPorts<PrivateJwk> {
  readonly store: Store
  readonly random: Random
  readonly generateKey: () => MaybePromise<{ readonly publicJwk: PublicJwk; readonly privateJwk: PrivateJwk }>
  readonly signerOf: (privateJwk: PrivateJwk) => Signer
}

export function softwareKeys<PrivateJwk extends object>(ports: SoftwareKeysPorts<PrivateJwk>): HolderKeys {
  const { store, random, generateKey, signerOf } = ports
  const form = recordForm<PrivateJwk>(1)
  return {
    async create(count) {
      const made = await Promise.all(
        Array.from({ length: count }, async () => ({
          keyId: writeBase64url(random(16)),
          ...(await generateKey()),
        })),
      )
      const kept = await store.commit(
        made.map(
          ({ keyId, privateJwk }) =>
            ({ op: 'put', ns: NS, key: keyId, value: form.write(privateJwk), if: 'absent' }) as const,
        ),
      )
      if (!kept.ok) throw new HolderError('state_contended', 'The keys could not be kept; try again')
      return made.map(({ keyId, publicJwk }) => ({ keyId, publicJwk, alg: 'ES256' as const }))
    },

    async sign(keyId, data) {
      const entry = await store.get(NS, keyId)
      if (entry === undefined)
        throw new HolderError('credential_unknown', 'The key of this credential is gone')
      return signerOf(form.read(entry.value)).sign(data)
    },

    async forget(keyIds) {
      await store.commit(keyIds.map((key) => ({ op: 'del', ns: NS, key }) as const))
    },
  }
}
