/**
 * Keys that another holds: a token, a cloud service, a process of its own. They are named, they sign, and
 * their private halves never come here.
 *
 * The calls are those that the services of the large clouds have (decision 0014 has the table): make a key, tell
 * its public half, sign a digest, destroy it. Each may take a while and may fail.
 */
import { createHash } from 'node:crypto'
import {
  algorithmOf,
  algorithmRules,
  type JwsAlgorithm,
  type PublicJwk,
  type Signer,
} from '@facet-id/credential/jose'
import { nodeHashNames } from '../node/hash.ts'
import { checkSignatures } from '../node/verify.ts'
import { p1363Of } from '../p1363.ts'
import { KeyError } from './error.ts'

/** A key as its holder tells of it. */
export interface ServiceKey {
  /** Its name at the service: no secret. */
  readonly id: string
  readonly alg: JwsAlgorithm
  readonly publicJwk: PublicJwk
}

export interface SignRequest {
  readonly id: string
  readonly alg: JwsAlgorithm
  /** What is signed, whole: for services that hash by themselves. */
  readonly message: Uint8Array
  /** Its digest under the algorithm's hash, for services that sign digests; absent for EdDSA, which has none. */
  readonly digest?: Uint8Array
}

export interface KeyService {
  /** Kept beside each key that it holds, to find the service again: `pkcs11:token`. No secret. */
  readonly name: string
  /** How it writes ECDSA signatures: `r‖s`, or the DER of X.509. */
  readonly signatureForm: 'raw' | 'der'
  /** @throws {KeyError} `key_unsupported`, `key_service_unavailable` */
  create(alg: JwsAlgorithm): Promise<ServiceKey>
  /** @throws {KeyError} `key_unknown`, `key_service_unavailable` */
  get(id: string): Promise<ServiceKey>
  list(): AsyncIterable<ServiceKey>
  /** @throws {KeyError} `key_unknown`, `key_service_unavailable` */
  sign(request: SignRequest): Promise<Uint8Array>
  /**
   * Destroys the private half for ever; it never signs again. A key that is not there any more is no error. Where the
   * key was brought along (a key file) it is its operator's to delete, and nothing is done.
   *
   * @throws {KeyError} `key_service_unavailable`
   */
  destroy(id: string): Promise<void>
  /** Releases what it holds here. Safe to call twice. */
  close(): Promise<void>
}

/** What holds keys of DIDs: a port of the DID agent. */
export interface KeyHolding {
  readonly name: string
  create(alg: JwsAlgorithm): Promise<{ readonly ref: string; readonly publicJwk: PublicJwk }>
  signerOf(ref: string, kid: string): Promise<Signer>
  /** As `KeyService.destroy`. */
  destroy(ref: string): Promise<void>
}

/** A service as what holds the keys of DIDs. */
export function keyHoldingOf(service: KeyService): KeyHolding {
  return {
    name: service.name,
    async create(alg) {
      const { id, publicJwk } = await service.create(alg)
      return { ref: id, publicJwk }
    },
    signerOf: (ref, kid) => serviceSigner(service, ref, kid),
    destroy: (ref) => service.destroy(ref),
  }
}

/**
 * What signs with a key of a service. Each signature is verified with the public half before it is given out,
 * so a faulty token spoils no credential.
 *
 * @throws {KeyError} `key_unknown`, `key_service_unavailable`; when it signs: `signature_wrong`
 */
export async function serviceSigner(service: KeyService, id: string, kid?: string): Promise<Signer> {
  const { publicJwk } = await service.get(id)
  const alg = algorithmOf(publicJwk)
  const { hash, signatureBytes } = algorithmRules[alg]
  return {
    alg,
    ...(kid === undefined ? {} : { kid }),
    async sign(message) {
      const digest = digestOf(alg, message)
      const request = { id, alg, message, ...(digest === undefined ? {} : { digest }) }
      const answer = await service.sign(request)
      const signature =
        service.signatureForm === 'der' && hash !== undefined ? rawOf(answer, signatureBytes) : answer
      const [verdict] = checkSignatures([{ alg, key: publicJwk, data: message, signature }])
      if (verdict === 'valid') return signature
      throw new KeyError('signature_wrong', `The signature that ${service.name} made is not one of its key`)
    },
  }
}

/**
 * The digest that is signed; `undefined` for EdDSA. A service that others can reach makes it from the message
 * itself: a digest that it is handed may be that of anything.
 */
export function digestOf(alg: JwsAlgorithm, message: Uint8Array): Uint8Array | undefined {
  const { hash } = algorithmRules[alg]
  return hash === undefined
    ? undefined
    : new Uint8Array(createHash(nodeHashNames[hash]).update(message).digest())
}

/** What is no DER becomes a signature that is not valid. */
function rawOf(der: Uint8Array, bytes: number): Uint8Array {
  try {
    return p1363Of(der, bytes)
  } catch {
    return new Uint8Array()
  }
}
