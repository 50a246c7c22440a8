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
 *   "federation": [{ "anchor": "https://anchor.example", "keys": "anchor.jwks" }],
 *   "clients": [{ "id": "platform", "addresses": ["https://platform.example/responses"], "keys": "platform.jwks" }],
 *   "attesters": [{ "id": "https://attester.example", "keys": "attester.jwks" }],
 *   "transactions": "transactions.json" }
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
  /** Verifiers that are known to a wallet beforehand. */
  readonly clients: readonly ClientEntry[]
  /** Who attests verifiers. */
  readonly attesters: readonly AttesterEntry[]
  /** File of the types of transactions that a wallet shows; absent: none. */
  readonly transactions?: string
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
  /** Verifiers that it certified may be answered at any host; absent: only at one that their certificate names. */
  readonly freely?: true
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

export interface ClientEntry {
  readonly id: string
  /** Where it may be answered, as texts. */
  readonly addresses: readonly string[]
  /** File of its keys, a JWK or a JWK Set; absent: its requests are not signed. */
  readonly keys?: string
  /** Where its requests are; absent: anywhere. */
  readonly requestUris?: readonly string[]
}

export interface AttesterEntry {
  /** `iss` of its attestations. */
  readonly id: string
  /** File of its keys, a JWK or a JWK Set. */
  readonly keys: string
}

const members = [
  'environment',
  'rules',
  'anchors',
  'lists',
  'entities',
  'federation',
  'clients',
  'attesters',
  'transactions',
]
/** A member of an entry that is not known may be a revocation list that is written wrongly. */
const membersOf = {
  anchors: ['id', 'file', 'revoked', 'revokedUrl', 'freely'],
  lists: ['list', 'file', 'url', 'signers'],
  entities: ['type', 'file', 'url', 'signers', 'anchors'],
  federation: ['anchor', 'keys'],
  clients: ['id', 'addresses', 'keys', 'requestUris'],
  attesters: ['id', 'keys'],
} as const

/** @throws {FacetError} `file_unusable`; {TrustError} for rules that are broken */
export async function readTrustFile(file: string): Promise<TrustFile> {
  const said = readObject(await readText(file), file)
  onlyKnown(said, members, file)
  const beside = (name: string): string => resolve(dirname(file), name)
  const signers = (entry: JsonObject) => texts(entry, 'signers', file).map(beside)
  const at = (entry: JsonObject) => where(entry, ['file', 'url'], { beside, file })
  const read: TrustFile = {
    environment: text(said, 'environment', file),
    rules: readPartyRules(findMember(said, 'rules') ?? {}),
    anchors: list(said, 'anchors', file).map((entry) => {
      const hasList = ['revoked', 'revokedUrl'].some((name) => findMember(entry, name) !== undefined)
      return {
        id: text(entry, 'id', file),
        file: beside(text(entry, 'file', file)),
        ...(hasList ? { revoked: where(entry, ['revoked', 'revokedUrl'], { beside, file }) } : {}),
        ...freelyIn(entry, file),
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
    clients: list(said, 'clients', file).map((entry) => ({
      id: text(entry, 'id', file),
      addresses: texts(entry, 'addresses', file),
      ...(findMember(entry, 'keys') === undefined ? {} : { keys: beside(text(entry, 'keys', file)) }),
      ...(findMember(entry, 'requestUris') === undefined
        ? {}
        : { requestUris: texts(entry, 'requestUris', file) }),
    })),
    attesters: list(said, 'attesters', file).map((entry) => ({
      id: text(entry, 'id', file),
      keys: beside(text(entry, 'keys', file)),
    })),
    ...(findMember(said, 'transactions') === undefined
      ? {}
      : { transactions: beside(text(said, 'transactions', file)) }),
    editions: `${file}.editions`,
  }
  onlyOnce(read, file)
  return read
}

/** Several certificates of one party stand in one file; two entries of one name would be two parties. */
function onlyOnce({ anchors, entities, clients, attesters }: TrustFile, file: string): void {
  for (const named of [clients, attesters].map((entries) => entries.map(({ id }) => id))) {
    if (new Set(named).size < named.length) throw unusable(file, 'names a client or an attester twice')
  }
  const ids = [
    ...anchors.map(({ id }) => id),
    // Lists of trusted entities may share a name: rules are about all that they give then.
    ...new Set(entities.flatMap(({ anchorOf }) => Object.values(anchorOf))),
  ]
  if (new Set(ids).size < ids.length) throw unusable(file, 'gives two anchors one name')
}

/** What trusts more is said in one way. */
function freelyIn(entry: JsonObject, file: string): Pick<AnchorEntry, 'freely'> {
  const freely = findMember(entry, 'freely')
  if (freely === undefined) return {}
  if (freely === true) return { freely }
  throw unusable(file, 'needs "freely": true, or none')
}

function onlyKnown(of: JsonObject, known: readonly string[], file: string): void {
  const unknown = Object.keys(of).find((name) => !known.includes(name))
  if (unknown !== undefined) throw unusable(file, `does not know what "${unknown}" is`)
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
  const isTexts = isJsonArray(value) && value.every((item) => typeof item === 'string' && item !== '')
  if (isTexts && value.length > 0) return value.map(String)
  throw unusable(file, `needs "${member}", a list of one text or more`)
}

function names(of: JsonObject, member: string, file: string): Readonly<Record<string, string>> {
  const value = findMember(of, member)
  if (!isJsonObject(value)) throw unusable(file, `needs "${member}", an object`)
  return Object.fromEntries(Object.keys(value).map((name) => [name, text(value, name, file)]))
}

function list(of: JsonObject, member: keyof typeof membersOf, file: string): readonly JsonObject[] {
  const value: JsonValue = findMember(of, member) ?? []
  if (!isJsonArray(value) || !value.every(isJsonObject))
    throw unusable(file, `needs "${member}", a list of objects`)
  const entries = value.filter(isJsonObject)
  for (const entry of entries) onlyKnown(entry, membersOf[member], file)
  return entries
}

export function unusable(file: string, why: string): FacetError {
  return new FacetError('file_unusable', `${file} ${why}`)
}
