/**
 * Data Integrity proofs of the one cryptosuite that did:webvh 1.0 takes, eddsa-jcs-2022 (Data Integrity EdDSA
 * Cryptosuites 1.0 §3.3): Ed25519 over the hash of the proof's own members, then the hash of the document.
 *
 * Whoever may make a proof is named by a did:key, so the key is in the proof and nothing is looked up.
 */

import { readBase58btc, writeBase58btc } from '../../base58btc.ts'
import { readBase64url, writeBase64url } from '../../base64url.ts'
import { writeCanonicalJson } from '../../canonical-json.ts'
import { algorithmRules } from '../../jose/algorithm.ts'
import type { Hash, SignatureCheck } from '../../jose/ports.ts'
import { findMember, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts'
import { readMultikey } from '../multikey.ts'
import { findVersionTime } from '../version-time.ts'
import { logInvalid } from './invalid.ts'

const cryptosuite = 'eddsa-jcs-2022'
const { signatureBytes } = algorithmRules.EdDSA

/** A proof as read; its signature has not been verified. */
export interface DataIntegrityProof {
  /** Multikey of who made it. */
  readonly by: string
  /** All members but `proofValue`: they are signed too. */
  readonly options: JsonObject
  readonly signature: Uint8Array
}

/**
 * Reads a proof.
 *
 * @throws {CredentialError} `did_log_invalid`
 */
export function readProof(value: JsonValue | undefined): DataIntegrityProof {
  if (!isJsonObject(value)) throw logInvalid('a proof is no object')
  const { proofValue, ...options } = value
  if (findMember(options, 'type') !== 'DataIntegrityProof') throw logInvalid('a proof is of an unknown type')
  if (findMember(options, 'cryptosuite') !== cryptosuite) throw logInvalid(`a proof is not of ${cryptosuite}`)
  if (findMember(options, 'proofPurpose') !== 'assertionMethod') {
    throw logInvalid('a proof is not made for "assertionMethod"')
  }
  // §3.3.2: a context of a proof must be one that its document has too, and entries have none.
  if (Object.hasOwn(options, '@context'))
    throw logInvalid('a proof has a context that its entry does not have')
  const created = findMember(options, 'created')
  if (created !== undefined && (typeof created !== 'string' || findVersionTime(created) === undefined)) {
    throw logInvalid('a proof was made at no time')
  }
  return {
    by: readMaker(findMember(options, 'verificationMethod')),
    options,
    signature: readSignature(proofValue),
  }
}

/** What must hold for the proof to be its maker's, of a document given by its canonical text. */
export function checkOfProof(
  { by, options, signature }: DataIntegrityProof,
  canonical: string,
  hash: Hash,
): SignatureCheck {
  const key = { crv: 'Ed25519', kty: 'OKP', x: writeBase64url(readMultikey(by).bytes) } as const
  return { alg: 'EdDSA', key, data: dataOf(options, canonical, hash), signature }
}

/** A proof that is to be signed. */
export interface UnsignedProof {
  readonly options: JsonObject
  /** What its maker signs, with Ed25519. */
  readonly data: Uint8Array
}

/**
 * A proof to be signed by the holder of a key.
 *
 * @param created `versionTime` form
 */
export function writeUnsignedProof(
  { by, created }: { readonly by: string; readonly created: string },
  canonical: string,
  hash: Hash,
): UnsignedProof {
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite,
    verificationMethod: `did:key:${by}#${by}`,
    created,
    proofPurpose: 'assertionMethod',
  }
  return { options, data: dataOf(options, canonical, hash) }
}

/** The proof, signed. */
export function writeSignedProof({ options }: UnsignedProof, signature: Uint8Array): JsonObject {
  return { ...options, proofValue: `z${writeBase58btc(signature)}` }
}

function dataOf(options: JsonObject, canonical: string, hash: Hash): Uint8Array {
  const both = new Uint8Array(64)
  both.set(readBase64url(hash('sha-256', writeCanonicalJson(options))))
  both.set(readBase64url(hash('sha-256', canonical)), 32)
  return both
}

/** "body and fragment MUST be byte-for-byte equal": else one key could pass for another. */
function readMaker(verificationMethod: JsonValue | undefined): string {
  if (typeof verificationMethod !== 'string') throw logInvalid('a proof has no "verificationMethod"')
  const [did = '', fragment, ...rest] = verificationMethod.split('#')
  const multikey = did.slice('did:key:'.length)
  if (!did.startsWith('did:key:') || rest.length > 0 || fragment !== multikey) {
    throw logInvalid('a proof is not made by a did:key that names its one key')
  }
  if (readKey(multikey) !== 'Ed25519') throw logInvalid('a proof is not made with a key on Ed25519')
  return multikey
}

function readKey(multikey: string): string {
  try {
    return readMultikey(multikey).crv
  } catch (cause) {
    throw logInvalid('a proof is made with a key that cannot be read', cause)
  }
}

function readSignature(proofValue: JsonValue | undefined): Uint8Array {
  // 64 bytes have 88 characters at the most.
  if (typeof proofValue !== 'string' || !proofValue.startsWith('z') || proofValue.length > 89) {
    throw logInvalid('a proof has no signature in base58btc')
  }
  try {
    const signature = readBase58btc(proofValue.slice(1))
    if (signature.length === signatureBytes) return signature
  } catch (cause) {
    throw logInvalid('a proof has no signature in base58btc', cause)
  }
  throw logInvalid(`a signature has ${signatureBytes} bytes`)
}
