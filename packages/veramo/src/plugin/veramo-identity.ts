/**
 * The other way round: a DID and a key of a Veramo agent that an application has already, as the signer that our
 * roles take.
 *
 * Veramo's keys have names of their own, and its documents are not always right (decision 0004). So the `kid` is
 * looked for in a document that we resolve: the method there whose key is the one that the agent signs with.
 */
import { readBase64url } from '@facet-id/credential/base64url'
import {
  type DidDocument,
  findVerificationMethod,
  readMultikey,
  resolveDidJwk,
  resolveDidKey,
  type VerificationMethod,
} from '@facet-id/credential/did'
import { algorithmRules, type JwsAlgorithm, type Signer } from '@facet-id/credential/jose'
import type { IDIDManager, IIdentifier, IKey, IKeyManager, TAgent } from '@veramo/core'
import { DidAgentError, notSupported } from '../error.ts'

/** What is asked of the application's agent. */
export type VeramoAgent = TAgent<Pick<IDIDManager, 'didManagerGet'> & Pick<IKeyManager, 'keyManagerSign'>>

export interface VeramoIdentityOptions {
  /** What the key is to be there for; absent: `assertionMethod`. */
  readonly relationship?: 'assertionMethod' | 'authentication'
  /** Of other methods than did:jwk and did:key, which hold it themselves: the document as it is resolved. */
  readonly document?: DidDocument
}

export interface VeramoIdentity {
  readonly did: string
  /** The DID URL of the key, in the document. */
  readonly kid: string
  readonly signer: Signer & { readonly kid: string }
}

/**
 * The first key of the DID that the agent holds and the document lists for that use.
 *
 * @throws {DidAgentError} `key_unknown`: there is none; `not_supported`: of this method the document is needed;
 * {CredentialError} for a DID that holds no key that can be read; when it signs, `signature_malformed`: the agent
 * answered with something else than a signature
 */
export async function identityOfVeramo(
  agent: VeramoAgent,
  did: string,
  { relationship = 'assertionMethod', document = documentOf(did) }: VeramoIdentityOptions = {},
): Promise<VeramoIdentity> {
  const identifier = await agent.didManagerGet({ did })
  const found = findKey(identifier, document, relationship)
  if (found === undefined) {
    throw new DidAgentError('key_unknown', 'The agent holds no key that the DID lists for this use')
  }
  const { key, alg, kid } = found
  const { signatureBytes } = algorithmRules[alg]
  return {
    did,
    kid,
    signer: {
      alg,
      kid,
      async sign(data) {
        const encoded = { data: hexOf(data), encoding: 'base16' as const }
        const signature = readBase64url(
          await agent.keyManagerSign({ keyRef: key.kid, algorithm: alg, ...encoded }),
        )
        if (signature.length === signatureBytes) return signature
        throw new DidAgentError('signature_malformed', `The agent made no signature of ${alg}`)
      },
    },
  }
}

interface FoundKey {
  readonly key: IKey
  readonly alg: JwsAlgorithm
  readonly kid: string
}

function findKey(
  { keys }: IIdentifier,
  document: DidDocument,
  relationship: 'assertionMethod' | 'authentication',
): FoundKey | undefined {
  for (const listed of document[relationship] ?? []) {
    const url = typeof listed === 'string' ? listed : listed.id
    const method = findVerificationMethod(document, url, relationship)
    if (method === undefined) continue
    for (const key of keys) {
      const alg = algOf(key)
      if (alg !== undefined && xIn(method) === xOf(key)) {
        return { key, alg, kid: method.id.startsWith('#') ? `${document.id}${method.id}` : method.id }
      }
    }
  }
  return undefined
}

function algOf({ type }: IKey): JwsAlgorithm | undefined {
  if (type === 'Secp256r1') return 'ES256'
  return type === 'Ed25519' ? 'EdDSA' : undefined
}

/** The x coordinate in hex, in whichever form Veramo has the key: `04‖x‖y`, `02‖x`, `03‖x`, or `x` alone. */
function xOf({ publicKeyHex }: IKey): string {
  const hex = publicKeyHex.toLowerCase()
  return hex.length === 64 ? hex : hex.slice(2, 66)
}

function xIn({ publicKeyJwk, publicKeyMultibase }: VerificationMethod): string | undefined {
  if (publicKeyMultibase !== undefined) {
    const { crv, bytes } = readMultikey(publicKeyMultibase)
    return hexOf(crv === 'Ed25519' ? bytes : bytes.subarray(1))
  }
  const x = publicKeyJwk?.x
  return typeof x === 'string' ? hexOf(readBase64url(x)) : undefined
}

function documentOf(did: string): DidDocument {
  if (did.startsWith('did:jwk:')) return resolveDidJwk(did)
  if (did.startsWith('did:key:')) return resolveDidKey(did)
  throw notSupported('Finding the keys of this method without its document')
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
