/** A key file as a key service with one key, for those who bring the key that they have. */
import { algorithmOf, jwkThumbprint, type PublicJwk } from '@facet-id/credential/jose'
import { hash } from '../node/hash.ts'
import { signerOf } from '../node/sign.ts'
import { KeyError } from './error.ts'
import type { KeyService } from './key-service.ts'
import { readOwnerFile } from './owner-file.ts'
import { readPrivateKey } from './private-key.ts'

/**
 * The key in the file, in any form that `readPrivateKey` takes. Asked to make a key, it gives that one; so a DID
 * that has it cannot rotate to it again, and names another file for that.
 *
 * @throws {KeyError} `key_file_unusable`, `key_file_exposed`, `key_file_malformed`, `passphrase_missing`,
 * `passphrase_wrong`
 */
export async function openKeyFileService(path: string, passphrase?: string): Promise<KeyService> {
  const privateJwk = await readPrivateKey(await readOwnerFile(path), passphrase)
  const signer = signerOf(privateJwk)
  const { d: _, ...publicJwk } = privateJwk
  const key = { id: jwkThumbprint(publicJwk as PublicJwk, hash), alg: algorithmOf(privateJwk), publicJwk }
  const known = (id: string): typeof key => {
    if (id === key.id) return key
    throw new KeyError('key_unknown', 'The key file holds another key')
  }
  return {
    name: 'file',
    signatureForm: 'raw',
    async create(alg) {
      if (alg === key.alg) return key
      throw new KeyError(
        'key_unsupported',
        `The key file holds a key for ${key.alg}, and ${alg} was asked for`,
      )
    },
    get: async (id) => known(id),
    async *list() {
      yield key
    },
    async sign({ id, message }) {
      known(id)
      return signer.sign(message)
    },
    // The file is its operator's, and may serve elsewhere.
    async destroy() {},
    async close() {},
  }
}
