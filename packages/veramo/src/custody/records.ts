/**
 * The forms in which DIDs and keys rest. Form 1 is of a release that made did:jwk with one key and
 * nothing else: it is read as what it means today, and written anew only when something changes.
 */
import { resolveDidJwk } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import { type RecordForm, recordForm, StoreError } from '@facet-id/store'
import { DidAgentError } from '../error.ts'
import type { KeptDid } from './kept-did.ts'

/** A key with its private half. */
export type PrivateJwk = PublicJwk & {
  /** As many bytes as the curve has, base64url. */
  readonly d: string
}

/** A private key that rests here, or where another keeps it. */
export type HeldKey =
  | { readonly held: 'here'; readonly privateJwk: PrivateJwk }
  /** `by` names the holder, `ref` the key: neither is a secret. */
  | { readonly held: 'elsewhere'; readonly by: string; readonly ref: string }

type DidRecord = Omit<KeptDid, 'did'>

const didForm: RecordForm<DidRecord> = recordForm(2)
const keyForm: RecordForm<HeldKey> = recordForm(2)
const didForm1: RecordForm<Pick<KeptDid, 'alias' | 'createdAt'>> = recordForm(1)
const keyForm1: RecordForm<{ readonly privateJwk: PrivateJwk }> = recordForm(1)

export const aliasForm: RecordForm<{ readonly did: string }> = recordForm(1)

export function writeDid({ did: _, ...record }: KeptDid): Uint8Array {
  return didForm.write(record)
}

/** @throws {StoreError} `format_unknown`, `store_corrupt`; {DidAgentError} `record_corrupt` */
export function readDidRecord(did: string, value: Uint8Array): KeptDid {
  const record = readForm(value, didForm, didForm1)
  if ('keys' in record) {
    if (Array.isArray(record.keys) && Array.isArray(record.services)) return { ...record, did }
    throw corrupt('A DID is there without its keys')
  }
  if ('method' in record) throw corrupt('A DID is there without its keys')
  const { alias, createdAt } = record
  return {
    did,
    method: 'jwk',
    ...(alias === undefined ? {} : { alias }),
    createdAt,
    revision: 1,
    keys: [
      {
        id: '0',
        publicJwk: publicKeyOf(did),
        roles: ['assertion', 'authentication'],
        state: 'active',
        at: did,
        createdAt,
      },
    ],
    services: [],
  }
}

export function writeKey(key: HeldKey): Uint8Array {
  return keyForm.write(key)
}

/** @throws {StoreError} `format_unknown`, `store_corrupt` */
export function readKeyRecord(value: Uint8Array): HeldKey {
  const record = readForm(value, keyForm, keyForm1)
  return 'held' in record ? record : { held: 'here', privateJwk: record.privateJwk }
}

export function corrupt(what: string): DidAgentError {
  return new DidAgentError('record_corrupt', `${what}: restore the store from a backup`)
}

/** The form of today, or the one before it; of any other it is said that today's release cannot read it. */
function readForm<T extends object, Old extends object>(
  value: Uint8Array,
  form: RecordForm<T>,
  before: RecordForm<Old>,
): T | Old {
  try {
    return form.read(value)
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'format_unknown') throw error
    try {
      return before.read(value)
    } catch {
      throw error
    }
  }
}

/** A did:jwk is its key: it is read from there. */
function publicKeyOf(did: string): PublicJwk {
  return readPublicJwk(resolveDidJwk(did).verificationMethod[0]?.publicKeyJwk)
}
