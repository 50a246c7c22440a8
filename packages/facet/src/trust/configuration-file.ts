/**
 * The file that says whom an operator or a person believes. Paths in it are beside it, addresses are https URLs.
 *
 * ```json
 * { "environment": "production",
 *   "rules": { "issuers": [{ "party": { "anchor": "registry" }, "vcts": ["urn:facet:person:1"] }] },
 *   "anchors": [{ "id": "registry", "file": "authority.pem", "revokedUrl": "https://registry.example/revoked.crl" }],
 *   "lists": [{ "list": "urn:uto:trust", "url": "https://trust.example/list.jwt", "signers": ["signer.jwk"] }],
 *   "entities": [{ "type": "http://uri.etsi.org/19602/LoTEType/EUPIDProvidersList", "file": "pid.jwt",
 *     "signers": ["operator.jwk"], "anchors": { "http://uri.etsi.org/19602/SvcType/PID/Issuance": "pid" } }],
 *   "federation": [{ "anchor": "https://anchor.example", "keys": "anchor.jwks" }] }
 * ```
 */
import { dirname, resolve } from 'node:path'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { type PartyRules, readPartyRules } from '@facet-id/trust'
import { readText } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { readObject } from './list-directory.ts'

export interface TrustFile {
  readonly environment: string
  readonly rules: PartyRules
  readonly anchors: readonly AnchorEntry[]
  readonly lists: readonly ListEntry[]
  readonly entities: readonly EntitiesEntry[]
  readonly federation: readonly FederationEntry[]
  /** Where the last editions of lists that are files are kept. */
  readonly editions: string
}

/** A path, or where it is fetched. */
export type Where = { readonly file: string } | { readonly url: string }

export interface AnchorEntry {
  readonly id: string
  /** Certificates in PEM. */
  readonly file: string
  /** Its revocation list: PEM in a file, DER or PEM at an address. Absent: none is looked into. */
  readonly revoked?: Where
}

export interface ListEntry {
  readonly list: string
  readonly at: Where
  /** Files of public keys, as JWKs. */
  readonly signers: readonly string[]
}

export interface EntitiesEntry {
  /** `LoTEType`. */
  readonly type: string
  readonly at: Where
  readonly signers: readonly string[]
  /** The name of the anchor for each type of service. */
  readonly anchorOf: Readonly<Record<string, string>>
}

export interface FederationEntry {
  /** Entity identifier of the anchor. */
  readonly anchor: string
  /** File of its keys: a JWK Set, each key with a `kid`. */
  readonly keys: string
}

const members = ['environment', 'rules', 'anchors', 'lists', 'entities', 'federation']

/** @throws {FacetError} `file_unusable`; {TrustError} for rules that are broken */
export async function readTrustFile(file: string): Promise<TrustFile> {
  const said = readObject(await readText(file), file)
  const unknown = Object.keys(said).find((name) => !members.includes(name))
  if (unknown !== undefined) throw unusable(file, `does not know what "${unknown}" is`)
  const beside = (name: string): string => resolve(dirname(file), name)
  const signers = (entry: JsonObject) => texts(entry, 'signers', file).map(beside)
  const at = (entry: JsonObject) => where(entry, ['file', 'url'], { beside, file })
  return {
    environment: text(said, 'environment', file),
    rules: readPartyRules(findMember(said, 'rules') ?? {}),
    anchors: list(said, 'anchors', file).map((entry) => {
      const hasList = ['revoked', 'revokedUrl'].some((name) => findMember(entry, name) !== undefined)
      return {
        id: text(entry, 'id', file),
        file: beside(text(entry, 'file', file)),
        ...(hasList ? { revoked: where(entry, ['revoked', 'revokedUrl'], { beside, file }) } : {}),
      }
    }),
    lists: list(said, 'lists', file).map((entry) => ({
      list: text(entry, 'list', file),
      at: at(entry),
      signers: signers(entry),
    })),
    entities: list(said, 'entities', file).map((entry) => ({
      type: text(entry, 'type', file),
      at: at(entry),
      signers: signers(entry),
      anchorOf: names(entry, 'anchors', file),
    })),
    federation: list(said, 'federation', file).map((entry) => ({
      anchor: text(entry, 'anchor', file),
      keys: beside(text(entry, 'keys', file)),
    })),
    editions: `${file}.editions`,
  }
}

interface Within {
  readonly beside: (name: string) => string
  readonly file: string
}

function where(of: JsonObject, [path, url]: readonly [string, string], { beside, file }: Within): Where {
  const isFile = findMember(of, path) !== undefined
  if (isFile === (findMember(of, url) !== undefined))
    throw unusable(file, `needs "${path}" or "${url}", and not both`)
  return isFile ? { file: beside(text(of, path, file)) } : { url: text(of, url, file) }
}

function text(of: JsonObject, member: string, file: string): string {
  const value = findMember(of, member)
  if (typeof value === 'string' && value !== '') return value
  throw unusable(file, `needs "${member}", a text`)
}

function texts(of: JsonObject, member: string, file: string): readonly string[] {
  const value = findMember(of, member)
  if (isJsonArray(value) && value.every((item) => typeof item === 'string')) return value.map(String)
  throw unusable(file, `needs "${member}", a list of texts`)
}

function names(of: JsonObject, member: string, file: string): Readonly<Record<string, string>> {
  const value = findMember(of, member)
  if (!isJsonObject(value)) throw unusable(file, `needs "${member}", an object`)
  return Object.fromEntries(Object.keys(value).map((name) => [name, text(value, name, file)]))
}

function list(of: JsonObject, member: string, file: string): readonly JsonObject[] {
  const value: JsonValue = findMember(of, member) ?? []
  if (isJsonArray(value) && value.every(isJsonObject)) return value.filter(isJsonObject)
  throw unusable(file, `needs "${member}", a list of objects`)
}

export function unusable(file: string, why: string): FacetError {
  return new FacetError('file_unusable', `${file} ${why}`)
}
