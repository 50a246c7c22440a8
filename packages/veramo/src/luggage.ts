/**
 * A DID packed to go to another store: its record, its history and its private keys. It leaves custody only
 * through what seals it, so nothing that a caller gets is in the clear.
 */
import { readDid } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk, sameKey } from '@facet-id/credential/jose'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJsonObject,
} from '@facet-id/credential/json'
import type { DidChange } from './custody/commits.ts'
import type { HeldKeys } from './custody/held-keys.ts'
import type { KeptDid } from './custody/kept-did.ts'
import { type HeldKey, readDidRecord, readKeyRecord, writeDid, writeKey } from './custody/records.ts'
import { DidAgentError } from './error.ts'

const FORM = 'facet-did'
const VERSION = 1
/** A history of ten thousand entries is longer than any that is read. */
const LIMITS = { length: 16_000_000 }

/** Packs a DID. The bytes hold private keys: they go to what seals them and nowhere else. */
export function writeLuggage(kept: KeptDid, history: readonly string[], keys: HeldKeys): Uint8Array {
  return utf8(
    JSON.stringify({
      form: FORM,
      v: VERSION,
      did: kept.did,
      record: textOf(writeDid(kept)),
      history,
      keys: Object.fromEntries([...keys].map(([at, key]) => [at, textOf(writeKey(key))])),
    }),
  )
}

/**
 * Unpacks a DID, and looks whether all of it is there and belongs together.
 *
 * @throws {DidAgentError} `import_malformed`
 */
export function readLuggage(bytes: Uint8Array): { readonly change: DidChange; readonly keys: HeldKeys } {
  try {
    const { form, v, did, record, history, keys } = readJsonObject(new TextDecoder().decode(bytes), LIMITS)
    if (form !== FORM || v !== VERSION) throw malformed('it is not in a form that this release reads')
    const kept = readDidRecord(readDid(text(did)).did, utf8(text(record)))
    const lines = history !== undefined && isJsonArray(history) ? history.map(text) : []
    return { change: { kept, history: lines }, keys: keysOf(kept, keys) }
  } catch (cause) {
    if (cause instanceof DidAgentError && cause.code === 'import_malformed') throw cause
    // The cause may quote a key.
    throw malformed('it is not whole')
  }
}

/** A key for each that signs, and it is that one. */
function keysOf(kept: KeptDid, value: JsonValue | undefined): HeldKeys {
  const given: JsonObject = value !== undefined && isJsonObject(value) ? value : {}
  const active = kept.keys.filter(({ state }) => state === 'active')
  return new Map(
    active.map(({ at, publicJwk }): [string, HeldKey] => {
      const key = readKeyRecord(utf8(text(given[at])))
      if (key.held === 'here' && !sameKey(key.privateJwk, publicOf(publicJwk))) {
        throw malformed('a key in it is that of another DID')
      }
      return [at, key]
    }),
  )
}

function publicOf(jwk: PublicJwk): PublicJwk {
  return readPublicJwk({ ...jwk })
}

function text(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  throw malformed('it is not whole')
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function malformed(why: string): DidAgentError {
  return new DidAgentError('import_malformed', `The DID cannot be imported: ${why}`)
}
