/**
 * Holder keys in software: the reference for {@link HolderKeys}, for devices without a secure
 * element. Private keys rest in the store, which the caller seals; they leave it only into the
 * signer that signs with them.
 */
import {
  algorithmOf,
  type JwsAlgorithm,
  jwsAlgorithms,
  type MaybePromise,
  type PublicJwk,
  type Signer,
} from '@facet-id/credential/jose'
import { recordForm, type Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { HolderKeys } from './keys.ts'

const NS = 'holder/key'

export interface SoftwareKeysPorts<PrivateJwk> {
  readonly store: Store
  /** @param alg the first of ours that the issuer takes; whoever makes one kind of key only passes it over */
  readonly generateKey: (alg: JwsAlgorithm) => MaybePromise<SoftwareKey<PrivateJwk>>
  readonly signerOf: (privateJwk: PrivateJwk) => Signer
}

export interface SoftwareKey<PrivateJwk> {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

export function softwareKeys<PrivateJwk extends object>(ports: SoftwareKeysPorts<PrivateJwk>): HolderKeys {
  const { store, generateKey, signerOf } = ports
  const form = recordForm<SoftwareKey<PrivateJwk>>(1)

  async function find(keyId: string): Promise<SoftwareKey<PrivateJwk> | undefined> {
    const entry = await store.get(NS, keyId)
    return entry && form.read(entry.value)
  }

  async function keep(
    made: readonly { readonly keyId: string; readonly key: SoftwareKey<PrivateJwk> }[],
  ): Promise<void> {
    if (made.length === 0) return
    const kept = await store.commit(
      made.map(({ keyId, key }) => ({
        op: 'put',
        ns: NS,
        key: keyId,
        value: form.write(key),
        if: 'absent',
      })),
    )
    if (!kept.ok)
      throw new HolderError('state_contended', 'Keys of these names were made at the same time; try again')
  }

  return {
    async create(keyIds, algs = jwsAlgorithms) {
      const [alg = 'ES256'] = jwsAlgorithms.filter((known) => algs.includes(known))
      const all = await Promise.all(
        keyIds.map(async (keyId) => {
          const held = await find(keyId)
          return { keyId, isNew: held === undefined, key: held ?? (await generateKey(alg)) }
        }),
      )
      await keep(all.filter(({ isNew }) => isNew))
      return all.map(({ keyId, key }) => ({
        keyId,
        publicJwk: key.publicJwk,
        alg: algorithmOf(key.publicJwk),
      }))
    },

    async sign(keyId, data) {
      const key = await find(keyId)
      if (key === undefined) throw new HolderError('credential_unknown', 'The key of this credential is gone')
      return signerOf(key.privateJwk).sign(data)
    },

    async forget(keyIds) {
      await store.commit(keyIds.map((key) => ({ op: 'del', ns: NS, key })))
    },
  }
}
