/** Where signing keys are, as the operator says it in one word: `--keys file:issuer.pem`. */
import { type KeyService, openKeyFileService, openKeyring, readOwnerFile } from '@facet-id/crypto/node/keys'
import type { Environment } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'

/** How the choices are told. */
export const KEY_SOURCES = 'store, file:PATH, keyring:DIR, pkcs11:MODULE?token=LABEL or signer:DIR'

/**
 * Opens where keys are. Whoever opens it closes it.
 *
 * - `store`, or absent: made here and sealed in the store; there is nothing to open.
 * - `file:PATH`: the one key in a file, PEM, JWK or sealed. Passphrase: `FACET_KEYS_PASSPHRASE_FILE`.
 * - `keyring:DIR`: a folder of keys, made where there is none. Passphrase: as above.
 * - `pkcs11:MODULE?token=LABEL`: a token. PIN: `FACET_PIN_FILE`.
 * - `signer:DIR`: the process that "facet signer serve --data DIR" runs.
 *
 * @throws {FacetError} `usage`, `passphrase_missing`; {KeyError} whatever the source throws
 */
export async function openKeySource(
  source: string | undefined,
  environment: Environment,
): Promise<KeyService | undefined> {
  if (source === undefined || source === 'store') return undefined
  const [, kind = '', where = ''] = /^([a-z0-9]+):(.+)$/s.exec(source) ?? []
  switch (kind) {
    case 'file':
      return openKeyFileService(where, await findSecret(environment, 'FACET_KEYS_PASSPHRASE_FILE'))
    case 'keyring':
      return openKeyring(where, await readSecret(environment, 'FACET_KEYS_PASSPHRASE_FILE'))
    case 'pkcs11':
      return openPkcs11(where, environment)
    case 'signer': {
      const { signerAt } = await import('./signer-service.ts')
      return signerAt(where)
    }
    default:
      throw new FacetError('usage', `Keys are at ${KEY_SOURCES}`)
  }
}

async function openPkcs11(where: string, environment: Environment): Promise<KeyService> {
  const [, module = '', token = ''] = /^([^?]+)\?token=(.+)$/s.exec(where) ?? []
  if (token === '') throw new FacetError('usage', 'A token is written pkcs11:MODULE?token=LABEL')
  const pin = await readSecret(environment, 'FACET_PIN_FILE')
  const { openToken } = await import('@facet-id/crypto/node/pkcs11')
  return openToken({ module, token, pin })
}

type SecretFile = 'FACET_KEYS_PASSPHRASE_FILE' | 'FACET_PIN_FILE'

/** @throws {FacetError} `passphrase_missing`; {KeyError} `key_file_exposed`, `key_file_unusable` */
export async function readSecret(environment: Environment, name: SecretFile): Promise<string> {
  const secret = await findSecret(environment, name)
  if (secret !== undefined && secret !== '') return secret
  throw new FacetError(
    'passphrase_missing',
    `These keys need a secret: name the file that holds it in ${name}`,
  )
}

/** Only its owner may read the file. The line's end does not count. */
export async function findSecret(environment: Environment, name: SecretFile): Promise<string | undefined> {
  const file = environment[name]
  if (file === undefined || file === '') return undefined
  return (await readOwnerFile(file)).replace(/\r?\n$/, '')
}
