/**
 * A PKCS #11 module: the shared library of a token, called through its C functions. The library is named by the
 * operator; what it does, it does in this process. So run it in a process of its own where that matters.
 */
import type { KoffiFunc } from 'koffi'
import { KeyError } from '../keys/error.ts'
import { CKF_OS_LOCKING_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_OK } from './constants.ts'

/** One attribute of an object: bytes as the module wants them. */
export interface Attribute {
  readonly type: number
  readonly value: Uint8Array
}

/** The calls that are needed, each checked: what is not `CKR_OK` is thrown. */
export interface Pkcs11Module {
  slots(): readonly bigint[]
  /** 32 characters, blanks behind. */
  tokenLabel(slot: bigint): string
  openSession(slot: bigint, flags: number): bigint
  closeSession(session: bigint): void
  login(session: bigint, user: number, pin: string): void
  find(session: bigint, template: readonly Attribute[], max: number): readonly bigint[]
  attribute(session: bigint, object: bigint, type: number): Uint8Array
  generateKeyPair(
    session: bigint,
    mechanism: number,
    templates: { readonly publicKey: readonly Attribute[]; readonly privateKey: readonly Attribute[] },
  ): void
  /** Runs off the event loop. */
  sign(
    session: bigint,
    mechanism: number,
    { key, data }: { readonly key: bigint; readonly data: Uint8Array },
  ): Promise<Uint8Array>
  destroyObject(session: bigint, object: bigint): void
  /** The last of those that loaded it ends it. */
  release(): void
}

/** A call that the module refused. */
export class ReturnValue extends Error {
  override readonly name = 'ReturnValue'
  readonly value: number

  constructor(call: string, value: number) {
    super(`${call} returned 0x${value.toString(16)}`)
    this.value = value
  }
}

const MAX_SIGNATURE = 512

/** C_Initialize is for a whole process: a module is loaded once and shared. */
const loaded = new Map<string, { readonly calls: Promise<Calls>; users: number }>()

/**
 * Loads the module, or takes the one that is loaded.
 *
 * @param path of the shared library
 * @throws {KeyError} `pkcs11_module_unusable`
 */
export async function loadModule(path: string): Promise<Pkcs11Module> {
  const shared = loaded.get(path) ?? { calls: load(path), users: 0 }
  shared.users++
  loaded.set(path, shared)
  try {
    const calls = await shared.calls
    let isReleased = false
    return moduleOf(calls, () => {
      if (isReleased) return
      isReleased = true
      if (--shared.users > 0) return
      loaded.delete(path)
      calls.C_Finalize(null)
    })
  } catch (cause) {
    loaded.delete(path)
    if (cause instanceof KeyError) throw cause
    throw new KeyError('pkcs11_module_unusable', `The PKCS #11 module cannot be used: ${path}`, { cause })
  }
}

const SIGNATURES = {
  C_Initialize: 'ulong C_Initialize(CK_C_INITIALIZE_ARGS *args)',
  C_Finalize: 'ulong C_Finalize(void *reserved)',
  C_GetSlotList: 'ulong C_GetSlotList(uint8_t present, void *list, _Inout_ ulong *count)',
  C_GetTokenInfo: 'ulong C_GetTokenInfo(ulong slot, void *info)',
  C_OpenSession:
    'ulong C_OpenSession(ulong slot, ulong flags, void *app, void *notify, _Out_ ulong *session)',
  C_CloseSession: 'ulong C_CloseSession(ulong session)',
  C_Login: 'ulong C_Login(ulong session, ulong user, void *pin, ulong length)',
  C_FindObjectsInit: 'ulong C_FindObjectsInit(ulong session, CK_ATTRIBUTE *template, ulong count)',
  C_FindObjects: 'ulong C_FindObjects(ulong session, void *objects, ulong max, _Out_ ulong *count)',
  C_FindObjectsFinal: 'ulong C_FindObjectsFinal(ulong session)',
  C_GetAttributeValue:
    'ulong C_GetAttributeValue(ulong session, ulong object, _Inout_ CK_ATTRIBUTE *template, ulong count)',
  C_GenerateKeyPair:
    'ulong C_GenerateKeyPair(ulong session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *pub, ulong pubCount, CK_ATTRIBUTE *priv, ulong privCount, _Out_ ulong *pubKey, _Out_ ulong *privKey)',
  C_DestroyObject: 'ulong C_DestroyObject(ulong session, ulong object)',
  C_SignInit: 'ulong C_SignInit(ulong session, CK_MECHANISM *mechanism, ulong key)',
  C_Sign:
    'ulong C_Sign(ulong session, void *data, ulong length, void *signature, _Inout_ ulong *signatureLength)',
} as const

type Native = KoffiFunc<(...args: readonly unknown[]) => unknown>
type Koffi = typeof import('koffi')['default']
type Calls = { readonly [name in keyof typeof SIGNATURES]: Native } & { readonly ulongBytes: number }

async function load(path: string): Promise<Calls> {
  const koffi = await binding()
  declareTypes(koffi)
  const library = koffi.load(path)
  const entries = Object.entries(SIGNATURES).map(([call, signature]) => [call, library.func(signature)])
  const calls = { ...Object.fromEntries(entries), ulongBytes: koffi.sizeof('ulong') } as Calls
  const none = { create: null, destroy: null, lock: null, unlock: null, reserved: null }
  const value = Number(calls.C_Initialize({ ...none, flags: CKF_OS_LOCKING_OK }))
  if (value !== CKR_OK && value !== CKR_CRYPTOKI_ALREADY_INITIALIZED)
    throw new ReturnValue('C_Initialize', value)
  return calls
}

async function binding(): Promise<Koffi> {
  try {
    return (await import('koffi')).default
  } catch (cause) {
    throw new KeyError(
      'pkcs11_module_unusable',
      'PKCS #11 needs the package "koffi", which has no binary for this platform or was not installed',
      { cause },
    )
  }
}

/** Names of types are for a whole process. */
const declared = { isDone: false }

function declareTypes(koffi: Koffi): void {
  if (declared.isDone) return
  declared.isDone = true
  // Windows packs these structures.
  const struct = process.platform === 'win32' ? koffi.pack : koffi.struct
  struct('CK_ATTRIBUTE', { type: 'ulong', value: 'void *', length: 'ulong' })
  struct('CK_MECHANISM', { mechanism: 'ulong', parameter: 'void *', length: 'ulong' })
  const calls = { create: 'void *', destroy: 'void *', lock: 'void *', unlock: 'void *' }
  struct('CK_C_INITIALIZE_ARGS', { ...calls, flags: 'ulong', reserved: 'void *' })
}

function moduleOf(calls: Calls, release: () => void): Pkcs11Module {
  const { ulongBytes } = calls
  const ask = (call: keyof typeof SIGNATURES, ...args: readonly unknown[]): void => {
    const value = Number(calls[call](...args))
    if (value !== CKR_OK) throw new ReturnValue(call, value)
  }
  const template = (attributes: readonly Attribute[]): readonly object[] =>
    attributes.map(({ type, value }) => ({ type, value, length: value.length }))
  const mechanismOf = (mechanism: number): object => ({ mechanism, parameter: null, length: 0 })

  return {
    slots() {
      const count = [0]
      ask('C_GetSlotList', 1, null, count)
      const list = Buffer.alloc(ulongBytes * Number(count[0]))
      ask('C_GetSlotList', 1, list, count)
      return numbersIn(list, ulongBytes).slice(0, Number(count[0]))
    },
    tokenLabel(slot) {
      const info = Buffer.alloc(512)
      ask('C_GetTokenInfo', slot, info)
      return info.toString('utf8', 0, 32)
    },
    openSession(slot, flags) {
      const session = [0]
      ask('C_OpenSession', slot, flags, null, null, session)
      return BigInt(session[0] ?? 0)
    },
    closeSession: (session) => ask('C_CloseSession', session),
    login(session, user, pin) {
      const bytes = Buffer.from(pin, 'utf8')
      ask('C_Login', session, user, bytes, bytes.length)
    },
    find(session, attributes, max) {
      ask('C_FindObjectsInit', session, template(attributes), attributes.length)
      try {
        const objects = Buffer.alloc(ulongBytes * max)
        const count = [0]
        ask('C_FindObjects', session, objects, max, count)
        return numbersIn(objects, ulongBytes).slice(0, Number(count[0]))
      } finally {
        ask('C_FindObjectsFinal', session)
      }
    },
    attribute(session, object, type) {
      const asked = [{ type, value: null, length: 0 }]
      ask('C_GetAttributeValue', session, object, asked, 1)
      const bytes = Buffer.alloc(Number(asked[0]?.length))
      ask('C_GetAttributeValue', session, object, [{ type, value: bytes, length: bytes.length }], 1)
      return new Uint8Array(bytes)
    },
    generateKeyPair(session, mechanism, { publicKey, privateKey }) {
      const made = [[0], [0]]
      const both = [template(publicKey), publicKey.length, template(privateKey), privateKey.length]
      ask('C_GenerateKeyPair', session, mechanismOf(mechanism), ...both, ...made)
    },
    destroyObject: (session, object) => ask('C_DestroyObject', session, object),
    sign(session, mechanism, { key, data }) {
      ask('C_SignInit', session, mechanismOf(mechanism), key)
      const signature = Buffer.alloc(MAX_SIGNATURE)
      const length = [MAX_SIGNATURE]
      return new Promise((resolve, reject) => {
        const done = (error: unknown, value: unknown): void => {
          if (error !== null && error !== undefined) reject(error)
          else if (Number(value) !== CKR_OK) reject(new ReturnValue('C_Sign', Number(value)))
          else resolve(new Uint8Array(signature.subarray(0, Number(length[0]))))
        }
        calls.C_Sign.async(session, Buffer.from(data), data.length, signature, length, done)
      })
    },
    release,
  }
}

function numbersIn(bytes: Buffer, width: number): readonly bigint[] {
  return Array.from({ length: bytes.length / width }, (_, index) =>
    width === 8 ? bytes.readBigUInt64LE(index * width) : BigInt(bytes.readUInt32LE(index * width)),
  )
}
