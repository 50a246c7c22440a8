/**
 * Keys in a process of their own: it holds them, wherever they are, and signs for whoever knows its token. So a
 * web process holds no key, and a PKCS #11 module that falls over takes nothing else with it.
 *
 * The way in is the operator's door: loopback, a token in a file for its owner, and a proof that it is us who listen.
 */
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { isJwsAlgorithm, type JwsAlgorithm, readPublicJwk } from '@facet-id/credential/jose'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { digestOf, type KeyService, type ServiceKey } from '@facet-id/crypto/node/keys'
import { makeDataDirectory } from '../config/data-directory.ts'
import { FacetError } from '../error.ts'
import { askOperator } from '../service/ask-operator.ts'
import { transportFor } from '../service/judging-ports.ts'
import { type Operations, openOperatorDoor } from '../service/operator.ts'

export interface SignerService {
  close(): Promise<void>
}

/**
 * Serves a key service on a data directory. Closes it in the end.
 *
 * @throws {FacetError} `data_directory_unusable`; `service_running`: another signer serves on it
 */
export async function startSignerService(
  dataDirectory: string,
  keys: KeyService,
  onUnforeseen: (error: unknown) => void = () => {},
): Promise<SignerService> {
  try {
    await makeDataDirectory(dataDirectory)
    const door = await openOperatorDoor(dataDirectory, signerOperations(keys), onUnforeseen)
    return {
      async close() {
        await door.close()
        await keys.close()
      },
    }
  } catch (error) {
    await keys.close()
    throw error
  }
}

function signerOperations(keys: KeyService): Operations {
  return {
    create: async ({ alg }) => told(await keys.create(algOf(alg))),
    get: async ({ id }) => told(await keys.get(textOf(id))),
    async list() {
      const all: JsonValue[] = []
      for await (const key of keys.list()) all.push(told(key))
      return { form: keys.signatureForm, keys: all }
    },
    // A digest that comes along is not looked at: it may be that of anything.
    async sign({ id, alg: name, message: text }) {
      const [alg, message] = [algOf(name), bytesOf(text)]
      if ((await keys.get(textOf(id))).alg !== alg)
        throw new FacetError('usage', 'The key is for another algorithm')
      const digest = digestOf(alg, message)
      const signature = await keys.sign({
        id: textOf(id),
        alg,
        message,
        ...(digest === undefined ? {} : { digest }),
      })
      return { signature: writeBase64url(signature), form: keys.signatureForm }
    },
    async destroy({ id }) {
      await keys.destroy(textOf(id))
      return {}
    },
  }
}

/**
 * The service that runs on a data directory, as a key service.
 *
 * @throws {FacetError} when it is used: `service_not_running`, `operator_refused`
 */
export function signerAt(dataDirectory: string): KeyService {
  const transport = transportFor(true)
  const ask = async (operation: string, input: JsonObject): Promise<JsonObject> => {
    const answer = await askOperator({ dataDirectory, transport }, operation, input)
    if (isJsonObject(answer)) return answer
    throw strange()
  }
  return {
    name: 'signer',
    signatureForm: 'raw',
    create: async (alg) => keyIn(await ask('create', { alg })),
    get: async (id) => keyIn(await ask('get', { id })),
    async *list() {
      const { keys } = await ask('list', {})
      if (keys === undefined || !isJsonArray(keys)) throw strange()
      for (const key of keys) if (isJsonObject(key)) yield keyIn(key)
    },
    async sign({ id, alg, message }) {
      const { signature } = await ask('sign', { id, alg, message: writeBase64url(message) })
      return bytesOf(signature)
    },
    async destroy(id) {
      await ask('destroy', { id })
    },
    async close() {
      transport.close()
    },
  }
}

function told({ id, alg, publicJwk }: ServiceKey): JsonObject {
  return { id, alg, publicJwk: { ...publicJwk } }
}

function keyIn({ id, alg, publicJwk }: JsonObject): ServiceKey {
  return { id: textOf(id), alg: algOf(alg), publicJwk: readPublicJwk(publicJwk) }
}

function algOf(alg: JsonValue | undefined): JwsAlgorithm {
  if (isJwsAlgorithm(alg)) return alg
  throw new FacetError('usage', 'A key is for ES256, ES384, ES512 or EdDSA')
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  throw new FacetError('usage', 'A key is named by its id')
}

function bytesOf(value: JsonValue | undefined): Uint8Array {
  return readBase64url(textOf(value))
}

function strange(): FacetError {
  return new FacetError('operator_refused', 'The signer answered with something that is none of its answers')
}
