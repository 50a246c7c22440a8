/**
 * A keyring: a folder of keys on this machine that serves as a key service does. Envelope encryption: a
 * passphrase opens the ring's master key, the master key opens a data key of each key, and that opens the key. So
 * a new passphrase rewrites one small file, and a key is opened when it is first asked for, however many there are.
 *
 * ```
 * ring.json       the master key, sealed under the passphrase
 * <id>.key.json   {"v":1,"alg":"ES256","publicJwk":{…},"dataKey":"…","sealed":"…"}
 * ```
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isJwsAlgorithm, type JwsAlgorithm, type PublicJwk, sameKey } from '@facet-id/credential/jose'
import type { KdfCost } from '@facet-id/store'
import { CryptoError } from '../error.ts'
import type { PrivateJwk } from '../key-pair.ts'
import { generateKey } from '../node/key.ts'
import { type NodeSealer, sealerOf } from '../node/seal.ts'
import { type NodeSigner, signerOf } from '../node/sign.ts'
import { KeyError } from './error.ts'
import type { KeyService, ServiceKey } from './key-service.ts'
import { readOwnerFile, removeOwnerFile, writeOwnerFile } from './owner-file.ts'
import { openText, sealText } from './sealed-text.ts'

const RING = 'ring.json'
const SUFFIX = '.key.json'
const VERSION = 1
const ID = /^[A-Za-z0-9_-]{22}$/
/** Keys that were opened are kept open, so many of them. */
const OPEN_KEYS = 256

interface KeyFile {
  readonly v: number
  readonly alg: JwsAlgorithm
  readonly publicJwk: PublicJwk
  readonly dataKey: string
  readonly sealed: string
}

export interface Keyring extends KeyService {
  /** Seals the master key under another passphrase; no key is written anew. @throws {KeyError} `key_file_unusable` */
  changePassphrase(passphrase: string): Promise<void>
}

/**
 * Opens the keyring in a folder, and makes it where there is none.
 *
 * @throws {KeyError} `passphrase_wrong`, `key_file_unusable`, `key_file_exposed`, `key_file_malformed`,
 * `key_file_format_unknown`; {CryptoError} `passphrase_empty`
 */
export async function openKeyring(
  folder: string,
  passphrase: string,
  { cost }: { readonly cost?: KdfCost } = {},
): Promise<Keyring> {
  const master = await openMaster(folder, passphrase, cost)
  const sealer = sealerOf(master)
  const open = new Map<string, NodeSigner>()
  /** Keys that were to be destroyed: one that is just being opened does not stay open. */
  const gone = new Set<string>()

  async function signerFor(id: string): Promise<NodeSigner> {
    const known = open.get(id)
    if (known !== undefined) return known
    const file = await readKeyFile(folder, id)
    if (gone.has(id)) throw unknown()
    const signer = signerOf(openKey(id, file, sealer))
    const [oldest] = open.keys()
    if (open.size >= OPEN_KEYS && oldest !== undefined) open.delete(oldest)
    open.set(id, signer)
    return signer
  }

  return {
    name: 'keyring',
    signatureForm: 'raw',
    async create(alg) {
      const id = randomBytes(16).toString('base64url')
      const { publicJwk, privateJwk } = generateKey(alg)
      const file = sealKey(id, { alg, publicJwk, privateJwk }, sealer)
      await writeOwnerFile(join(folder, `${id}${SUFFIX}`), `${JSON.stringify(file)}\n`)
      return { id, alg, publicJwk }
    },
    async get(id) {
      const { alg, publicJwk } = await readKeyFile(folder, id)
      return { id, alg, publicJwk }
    },
    async *list() {
      for (const name of (await readdir(folder)).sort()) {
        if (!name.endsWith(SUFFIX)) continue
        const id = name.slice(0, -SUFFIX.length)
        const { alg, publicJwk } = await readKeyFile(folder, id)
        yield { id, alg, publicJwk } satisfies ServiceKey
      }
    },
    async sign({ id, message }) {
      return (await signerFor(id)).sign(message)
    },
    async destroy(id) {
      // An id becomes the name of a file: what is no id names no key.
      if (!ID.test(id)) return
      gone.add(id)
      open.delete(id)
      await removeOwnerFile(join(folder, `${id}${SUFFIX}`))
    },
    async changePassphrase(next) {
      const text = await sealText(master, next, { kind: 'keyring', ...(cost === undefined ? {} : { cost }) })
      await writeOwnerFile(join(folder, RING), text, true)
    },
    async close() {
      open.clear()
    },
  }
}

async function openMaster(folder: string, passphrase: string, cost?: KdfCost): Promise<Uint8Array> {
  const path = join(folder, RING)
  const names = await readdir(folder).catch((): string[] => [])
  if (names.includes(RING)) return openText(await readOwnerFile(path), passphrase, 'keyring')
  if (names.some((name) => name.endsWith(SUFFIX))) {
    throw new KeyError('key_file_unusable', `There are keys, but not what opens them: put back ${path}`)
  }
  const master = new Uint8Array(randomBytes(32))
  const text = await sealText(master, passphrase, {
    kind: 'keyring',
    ...(cost === undefined ? {} : { cost }),
  })
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new KeyError('key_file_unusable', `The keyring cannot be made: ${folder}`, { cause })
  }
  await writeOwnerFile(path, text)
  return master
}

async function readKeyFile(folder: string, id: string): Promise<KeyFile> {
  // An id becomes the name of a file: it is looked at first.
  if (!ID.test(id)) throw unknown()
  let text: string
  try {
    text = await readOwnerFile(join(folder, `${id}${SUFFIX}`))
  } catch (error) {
    if (error instanceof KeyError && error.code === 'key_file_exposed') throw error
    throw unknown(error)
  }
  let file: Partial<KeyFile>
  try {
    file = JSON.parse(text) as Partial<KeyFile>
  } catch {
    throw new KeyError('key_file_malformed', 'A key of the keyring cannot be read: restore it from a backup')
  }
  const { v, alg, publicJwk, dataKey, sealed } = file
  if (v !== VERSION)
    throw new KeyError('key_file_format_unknown', 'A key of the keyring is of a newer release')
  if (!isJwsAlgorithm(alg) || publicJwk === undefined || dataKey === undefined || sealed === undefined) {
    throw new KeyError('key_file_malformed', 'A key of the keyring is not whole: restore it from a backup')
  }
  return { v, alg, publicJwk, dataKey, sealed }
}

function sealKey(
  id: string,
  { alg, publicJwk, privateJwk }: { alg: JwsAlgorithm; publicJwk: PublicJwk; privateJwk: PrivateJwk },
  master: NodeSealer,
): KeyFile {
  const dataKey = new Uint8Array(randomBytes(32))
  const sealed = sealerOf(dataKey).seal(Buffer.from(JSON.stringify(privateJwk)), `key ${id}`)
  const wrapped = master.seal(dataKey, `data key ${id}`)
  return { v: VERSION, alg, publicJwk, dataKey: textOf(wrapped), sealed: textOf(sealed) }
}

/** A file in the place of another's does not open, and public numbers that were changed are found out. */
function openKey(id: string, { dataKey, sealed, publicJwk }: KeyFile, master: NodeSealer): PrivateJwk {
  try {
    const key = master.open(Buffer.from(dataKey, 'base64url'), `data key ${id}`)
    const plain = sealerOf(key).open(Buffer.from(sealed, 'base64url'), `key ${id}`)
    const privateJwk = JSON.parse(Buffer.from(plain).toString('utf8')) as PrivateJwk
    if (sameKey(privateJwk, publicJwk)) return privateJwk
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause
  }
  throw new KeyError(
    'key_file_malformed',
    'A key of the keyring was changed or moved: restore it from a backup',
  )
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function unknown(cause?: unknown): KeyError {
  return new KeyError('key_unknown', 'The keyring has no such key', { cause })
}
