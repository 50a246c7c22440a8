/**
 * Holder keys in hardware: Secure Enclave of Apple's devices, StrongBox and the trusted environment of Android's,
 * or whatever else makes P-256 keys, signs with them and lets none out.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { HolderError, type HolderKey, type HolderKeys } from '@facet-id/holder'
import { CryptoError } from '../error.ts'
import { p1363Of } from '../p1363.ts'

/**
 * What a native module of the application offers: four calls, each of which may wait for the person. Names are
 * the platform's: the application tag of a key in the keychain, the alias of a key in Android's keystore.
 */
export interface SecureElement {
  /** Makes a P-256 key that signs with SHA-256 and cannot be exported. Called only for a name that has none. */
  generate(name: string): Promise<void>
  /** The point of a key, `04‖x‖y` (X9.63); `undefined` where the name has no key. */
  publicKey(name: string): Promise<Uint8Array | undefined>
  /** ECDSA with SHA-256 over the data, in DER, as both platforms give it. Rejects when the person says no. */
  sign(name: string, data: Uint8Array): Promise<Uint8Array>
  /** Destroys a key; one that is gone already is no error. */
  remove(name: string): Promise<void>
}

const POINT_BYTES = 65
const UNCOMPRESSED = 0x04
const SEQUENCE = 0x30
const SIGNATURE_BYTES = 64

/**
 * Fits the port `HolderKeys`. Calls go to the element one after the other: none of them is quick, and two that
 * make the same key would both find no key there.
 *
 * @param prefix stands before each name, so that a wallet meets no key of another part of the application
 */
export function hardwareKeys(element: SecureElement, prefix = 'facet.'): HolderKeys {
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act, act)
    last = turn
    return turn
  }

  async function createOne(keyId: string): Promise<HolderKey> {
    const name = prefix + keyId
    if ((await element.publicKey(name)) === undefined) await element.generate(name)
    return holderKeyOf(keyId, await element.publicKey(name))
  }

  return {
    create: (keyIds) =>
      inTurn(async () => {
        const keys: HolderKey[] = []
        for (const keyId of keyIds) keys.push(await createOne(keyId))
        return keys
      }),

    sign: (keyId, data) =>
      inTurn(async () => {
        const name = prefix + keyId
        if ((await element.publicKey(name)) === undefined) {
          throw new HolderError('credential_unknown', 'The key of this credential is gone')
        }
        const der = await element.sign(name, data)
        if (der[0] !== SEQUENCE) throw new CryptoError('key_unusable', 'The hardware gave no DER signature')
        return p1363Of(der, SIGNATURE_BYTES)
      }),

    forget: (keyIds) =>
      inTurn(async () => {
        for (const keyId of keyIds) await element.remove(prefix + keyId)
      }),
  }
}

function holderKeyOf(keyId: string, point: Uint8Array | undefined): HolderKey {
  if (point?.length !== POINT_BYTES || point[0] !== UNCOMPRESSED) {
    throw new CryptoError('key_unusable', 'The hardware gave no point of P-256 in uncompressed form')
  }
  const publicJwk = {
    kty: 'EC',
    crv: 'P-256',
    x: writeBase64url(point.subarray(1, 33)),
    y: writeBase64url(point.subarray(33)),
  } as const
  return { keyId, publicJwk, alg: 'ES256' }
}
