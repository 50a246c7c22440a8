/**
 * Where private keys come from and where they are: made here and kept in the sealed store, or made and
 * held by another (a token, a key service), of which only the name is kept.
 */
import type { JwsAlgorithm, MaybePromise, PublicJwk, Signer } from '@facet-id/credential/jose'
import { readPublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { DidAgentError } from '../error.ts'
import type { HeldKey, PrivateJwk } from './records.ts'

/** Where keys come from, and what signs with them. */
export interface AgentKeys {
  generate(alg: JwsAlgorithm): { readonly publicJwk: PublicJwk; readonly privateJwk: PrivateJwk }
  /** @param kid for the `kid` header */
  signerOf(privateJwk: PrivateJwk, kid: string): Signer
}

/** Holds private keys that never come here. */
export interface KeyHolder {
  /** Kept with each key, so that it is asked for again by this name: `pkcs11:token`. No secret. */
  readonly name: string
  /** Makes a key; `ref` names it. It is written down at once, to be destroyed when no DID comes of it. */
  create(alg: JwsAlgorithm): Promise<{ readonly ref: string; readonly publicJwk: PublicJwk }>
  signerOf(ref: string, kid: string): MaybePromise<Signer>
  /** Destroys the private half for ever. A key that is not there any more is no error. */
  destroy(ref: string): Promise<void>
}

export interface KeyPorts {
  readonly keys: AgentKeys
  /** Where new keys are made and held; absent: here. */
  readonly holder?: KeyHolder
}

/** Private keys by the name of their record. */
export type HeldKeys = ReadonlyMap<string, HeldKey>

export interface MadeKey {
  readonly at: string
  readonly publicJwk: PublicJwk
  readonly held: HeldKey
}

export interface Keys {
  make(alg: JwsAlgorithm): Promise<MadeKey>
  /** @throws {DidAgentError} `holder_missing`; whatever the holder throws */
  open(held: HeldKey, kid: string): Promise<Signer>
  /** Destroys a key that another holds; `false`: its holder is not here. @throws whatever the holder throws */
  destroy(held: HeldElsewhere): Promise<boolean>
}

type HeldElsewhere = Extract<HeldKey, { readonly held: 'elsewhere' }>

export function keysOf({ keys, holder }: KeyPorts): Keys {
  return {
    async make(alg) {
      if (holder !== undefined) {
        const { ref, publicJwk } = await holder.create(alg)
        return made(publicJwk, { held: 'elsewhere', by: holder.name, ref })
      }
      const { publicJwk, privateJwk } = keys.generate(alg)
      return made(publicJwk, { held: 'here', privateJwk })
    },
    async open(held, kid) {
      if (held.held === 'here') return keys.signerOf(held.privateJwk, kid)
      if (holder?.name === held.by) return holder.signerOf(held.ref, kid)
      throw new DidAgentError('holder_missing', `This key is held by ${held.by}: name it where the keys are`)
    },
    async destroy({ by, ref }) {
      if (holder?.name !== by) return false
      await holder.destroy(ref)
      return true
    },
  }
}

/** Read, not taken: a coordinate that lost its leading zeros must not become a DID. */
function made(publicJwk: PublicJwk, held: HeldKey): MadeKey {
  const members: JsonObject = { ...publicJwk }
  const read = readPublicJwk(members)
  return { at: `key/${read.x}`, publicJwk: read, held }
}
