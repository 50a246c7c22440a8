/**
 * A token behind PKCS #11 as a key service: hardware, or SoftHSM. Keys are made in it, marked as never to leave it,
 * and sign digests there. Sessions are few and shared in turn; one that was lost is opened again, once.
 */
import { randomBytes } from 'node:crypto'
import { algorithmRules, type JwsAlgorithm } from '@facet-id/credential/jose'
import { KeyError } from '../keys/error.ts'
import { digestOf, type KeyService, type ServiceKey } from '../keys/key-service.ts'
import * as ck from './constants.ts'
import { ecParams, readTokenKey } from './ec-key.ts'
import { type Attribute, loadModule, type Pkcs11Module, ReturnValue } from './module.ts'

export interface TokenOptions {
  /** Path of the module's shared library. */
  readonly module: string
  /** Label of the token. */
  readonly token: string
  /** PIN of its user; never kept longer than the token is open. */
  readonly pin: string
  /** How many sessions sign at once; 4 when absent. */
  readonly sessions?: number
}

const LABEL = 'facet'
const ID_BYTES = 16
const ID = /^[A-Za-z0-9_-]{22}$/
const MAX_LISTED = 10_000
const TOKEN_LABEL_BYTES = 32

/**
 * Opens a token and logs in.
 *
 * @throws {KeyError} `pkcs11_module_unusable`, `pkcs11_token_unknown`, `pkcs11_pin_refused`, `pkcs11_failed`
 */
export async function openToken({
  module: path,
  token,
  pin,
  sessions = 4,
}: TokenOptions): Promise<KeyService> {
  const module = await loadModule(path)
  try {
    const slot = coded(() => slotOf(module, token))
    const pool = createPool(module, { slot, pin, size: sessions })
    await pool.use(async () => {})
    return serviceOn(module, pool, token)
  } catch (error) {
    module.release()
    throw error
  }
}

function serviceOn(module: Pkcs11Module, pool: Pool, token: string): KeyService {
  const handles = new Map<string, bigint>()

  function publicKey(session: bigint, object: bigint): Omit<ServiceKey, 'id'> {
    const params = module.attribute(session, object, ck.CKA_EC_PARAMS)
    return readTokenKey(params, module.attribute(session, object, ck.CKA_EC_POINT))
  }

  function findOne(session: bigint, id: string, kind: number): bigint {
    const template = [number(ck.CKA_CLASS, kind), bytes(ck.CKA_ID, idBytes(id))]
    const [object] = module.find(session, template, 1)
    if (object === undefined) throw unknown()
    return object
  }

  return {
    name: `pkcs11:${token}`,
    signatureForm: 'raw',
    create: (alg) =>
      pool.use(async (session) => {
        const id = randomBytes(ID_BYTES)
        generate(module, session, { alg, id })
        const name = id.toString('base64url')
        return { id: name, ...publicKey(session, findOne(session, name, ck.CKO_PUBLIC_KEY)) }
      }),
    get: (id) =>
      pool.use(async (session) => ({ id, ...publicKey(session, findOne(session, id, ck.CKO_PUBLIC_KEY)) })),
    async *list() {
      const found = await pool.use(async (session) => {
        const template = [number(ck.CKA_CLASS, ck.CKO_PUBLIC_KEY), bytes(ck.CKA_LABEL, Buffer.from(LABEL))]
        return module.find(session, template, MAX_LISTED).map((object): ServiceKey => {
          const id = Buffer.from(module.attribute(session, object, ck.CKA_ID)).toString('base64url')
          return { id, ...publicKey(session, object) }
        })
      })
      yield* found
    },
    sign: ({ id, alg, message }) =>
      pool.use(async (session) => {
        const key = handles.get(id) ?? findOne(session, id, ck.CKO_PRIVATE_KEY)
        handles.set(id, key)
        const mechanism = alg === 'EdDSA' ? ck.CKM_EDDSA : ck.CKM_ECDSA
        try {
          return await module.sign(session, mechanism, { key, data: digestOf(alg, message) ?? message })
        } catch (error) {
          // What it was called may be another object after the token was reset.
          handles.delete(id)
          throw error
        }
      }),
    destroy: (id) =>
      pool.use(async (session) => {
        handles.delete(id)
        if (!ID.test(id)) return
        // The private half first: after an interruption the public one tells that something is left to do.
        for (const kind of [ck.CKO_PRIVATE_KEY, ck.CKO_PUBLIC_KEY]) {
          const template = [number(ck.CKA_CLASS, kind), bytes(ck.CKA_ID, idBytes(id))]
          for (const object of module.find(session, template, MAX_LISTED))
            module.destroyObject(session, object)
        }
      }),
    async close() {
      pool.close()
      module.release()
    },
  }
}

function generate(
  module: Pkcs11Module,
  session: bigint,
  { alg, id }: { readonly alg: JwsAlgorithm; readonly id: Uint8Array },
): void {
  const both = [flag(ck.CKA_TOKEN, true), bytes(ck.CKA_ID, id), bytes(ck.CKA_LABEL, Buffer.from(LABEL))]
  const isEdwards = algorithmRules[alg].kty === 'OKP'
  module.generateKeyPair(session, isEdwards ? ck.CKM_EC_EDWARDS_KEY_PAIR_GEN : ck.CKM_EC_KEY_PAIR_GEN, {
    publicKey: [
      ...both,
      flag(ck.CKA_VERIFY, true),
      bytes(ck.CKA_EC_PARAMS, Buffer.from(ecParams[alg], 'hex')),
    ],
    privateKey: [
      ...both,
      flag(ck.CKA_PRIVATE, true),
      flag(ck.CKA_SENSITIVE, true),
      flag(ck.CKA_EXTRACTABLE, false),
      flag(ck.CKA_SIGN, true),
    ],
  })
}

function slotOf(module: Pkcs11Module, token: string): bigint {
  const wanted = Buffer.alloc(TOKEN_LABEL_BYTES, ' ')
  wanted.write(token)
  const slot = module.slots().find((one) => module.tokenLabel(one) === wanted.toString('utf8'))
  if (slot !== undefined) return slot
  throw new KeyError('pkcs11_token_unknown', `No slot has a token called "${token}"`)
}

interface Pool {
  /** Lends a session; others wait when all are lent. */
  use<T>(act: (session: bigint) => Promise<T>): Promise<T>
  close(): void
}

function createPool(
  module: Pkcs11Module,
  { slot, pin, size }: { readonly slot: bigint; readonly pin: string; readonly size: number },
): Pool {
  const free: bigint[] = []
  const waiting: ((session: bigint) => void)[] = []
  let opened = 0

  function open(): bigint {
    const session = module.openSession(slot, ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION)
    try {
      module.login(session, ck.CKU_USER, pin)
    } catch (error) {
      // One login is for all sessions of the process.
      const isIn = error instanceof ReturnValue && error.value === ck.CKR_USER_ALREADY_LOGGED_IN
      if (!isIn) {
        module.closeSession(session)
        throw error
      }
    }
    return session
  }

  async function take(): Promise<bigint> {
    const session = free.pop()
    if (session !== undefined) return session
    if (opened >= size) return new Promise((resolve) => waiting.push(resolve))
    opened++
    try {
      return open()
    } catch (error) {
      opened--
      throw error
    }
  }

  function giveBack(session: bigint): void {
    const next = waiting.shift()
    if (next === undefined) free.push(session)
    else next(session)
  }

  return {
    async use(act) {
      let session = await codedLater(take)
      try {
        try {
          return await act(session)
        } catch (error) {
          const isLost = error instanceof ReturnValue && ck.SESSION_LOST.includes(error.value)
          if (!isLost) throw error
          session = open()
          return await act(session)
        }
      } catch (error) {
        throw codedOf(error)
      } finally {
        giveBack(session)
      }
    },
    close() {
      for (const session of free.splice(0)) {
        try {
          module.closeSession(session)
        } catch {
          // The token is gone, and its sessions with it.
        }
      }
    },
  }
}

function coded<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw codedOf(error)
  }
}

async function codedLater<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw codedOf(error)
  }
}

function codedOf(error: unknown): unknown {
  if (!(error instanceof ReturnValue)) return error
  if (ck.PIN_REFUSED.includes(error.value)) {
    return new KeyError(
      'pkcs11_pin_refused',
      'The token refused the PIN; it may lock itself after a few tries',
      {
        cause: error,
      },
    )
  }
  if (error.value === ck.CKR_MECHANISM_INVALID) {
    return new KeyError('key_unsupported', 'The token does not know this kind of key', { cause: error })
  }
  return new KeyError('pkcs11_failed', `The token refused: ${error.message}`, { cause: error })
}

function idBytes(id: string): Uint8Array {
  if (!ID.test(id)) throw unknown()
  return Buffer.from(id, 'base64url')
}

function bytes(type: number, value: Uint8Array): Attribute {
  return { type, value }
}

function flag(type: number, value: boolean): Attribute {
  return { type, value: Uint8Array.of(value ? 1 : 0) }
}

/** As long as the longs of this platform. */
function number(type: number, value: number): Attribute {
  const isShort = process.platform === 'win32'
  const buffer = Buffer.alloc(isShort ? 4 : 8)
  buffer.writeUInt32LE(value)
  return { type, value: buffer }
}

function unknown(): KeyError {
  return new KeyError('key_unknown', 'The token has no such key')
}
