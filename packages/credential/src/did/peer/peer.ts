/**
 * did:peer: a DID for few, that is published nowhere (github.com/decentralized-identity/peer-did-method-spec at
 * c6a1f4c). Its first character, the numalgo, says how:
 *
 * 0  one key, as in did:key · 1  the hash of a document that the peers keep · 2  keys and services in the DID
 * 3  the hash of a numalgo 2 · 4  a document in the DID behind its hash, or the hash alone
 */
import { CredentialError } from '../../error.ts'
import type { PublicJwk } from '../../jose/jwk.ts'
import type { Hash } from '../../jose/ports.ts'
import { readJsonObject } from '../../json.ts'
import type { DidDocument } from '../document.ts'
import { documentOfMultikey } from '../key.ts'
import { multihashOf } from '../multihash.ts'
import { writeMultikey } from '../multikey.ts'
import { readDidDocumentValue } from '../read-document.ts'
import { readDid } from '../syntax.ts'
import { documentOfElements, type PeerService, type PurposedKey, writeElements } from './elements.ts'
import { documentOfLongForm } from './long-form.ts'

/** The did:peer that is one key (numalgo 0). */
export function writeDidPeer0(jwk: PublicJwk): string {
  return `did:peer:0${writeMultikey(jwk)}`
}

/**
 * The did:peer of keys and services (numalgo 2). Its keys are `#key-1`, `#key-2`, … in that order.
 *
 * @throws {CredentialError} `did_malformed` when they are too many for a DID
 */
export function writeDidPeer2(keys: readonly PurposedKey[], services: readonly PeerService[] = []): string {
  const did = `did:peer:2${writeElements(keys, services)}`
  readDid(did)
  documentOfElements(did, did.slice('did:peer:2'.length))
  return did
}

/** The short form (numalgo 3) of a numalgo 2, for peers who have seen that one. */
export function shortDidPeer2(did: string, hash: Hash): string {
  return `did:peer:3z${multihashOf(did.slice('did:peer:2'.length), hash)}`
}

/**
 * The document of a did:peer.
 *
 * @param known what a peer sent before, for the forms that are only a hash: the text of the genesis document
 * (numalgo 1), the numalgo 2 of a numalgo 3, the long form of a numalgo 4; absent where there is none
 * @throws {CredentialError} `did_malformed`; `did_unknown` for a hash without what it is of, or with another;
 * `did_method_unsupported`, `multikey_unsupported`, and those of `readDidDocumentValue`
 */
export function resolveDidPeer(did: string, hash: Hash, known?: string): DidDocument {
  const { method, id } = readDid(did)
  if (method !== 'peer') throw new CredentialError('did_method_unsupported', 'This is no did:peer')
  const value = id.slice(1)
  switch (id.charAt(0)) {
    case '0':
      return documentOfMultikey(did, value)
    case '1':
      return documentOfGenesis(did, hash, known)
    case '2':
      return documentOfElements(did, value)
    case '3':
      if (known === undefined || shortDidPeer2(known, hash) !== did) throw unknown()
      readDid(known)
      return { ...documentOfElements(did, known.slice('did:peer:2'.length)), alsoKnownAs: [known] }
    case '4':
      if (value.includes(':')) return documentOfLongForm(did, did, hash)
      if (known === undefined || !known.startsWith(`${did}:`)) throw unknown()
      readDid(known)
      return documentOfLongForm(did, known, hash)
    default:
      throw new CredentialError('did_malformed', 'A did:peer begins with a number from 0 to 4')
  }
}

/** "the stored variant", whose hash is the DID, does not name itself; "the resolved variant" does. */
function documentOfGenesis(did: string, hash: Hash, genesis: string | undefined): DidDocument {
  if (genesis === undefined || did !== `did:peer:1z${multihashOf(genesis, hash)}`) throw unknown()
  return readDidDocumentValue({ ...readJsonObject(genesis), id: did }, did)
}

function unknown(): CredentialError {
  return new CredentialError(
    'did_unknown',
    'The DID is only a hash, and what it is of has not been seen here: ask its owner for the long form',
  )
}
