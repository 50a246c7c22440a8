/**
 * The trust of an operator or a person, from a file: rules of their own, anchors, and signed lists with the
 * keys that may sign them. Paths in it are beside it.
 *
 * ```json
 * { "environment": "production",
 *   "rules": { "issuers": [{ "party": { "anchor": "registry" }, "vcts": ["urn:facet:person:1"] }] },
 *   "anchors": [{ "id": "registry", "file": "authority.pem", "revoked": "revoked.pem" }],
 *   "lists": [{ "list": "urn:uto:trust", "file": "list.jwt", "signers": ["signer.jwk"] }],
 *   "entities": [{ "type": "http://uri.etsi.org/19602/LoTEType/EUPIDProvidersList", "file": "pid.jwt",
 *     "signers": ["operator.jwk"], "anchors": { "http://uri.etsi.org/19602/SvcType/PID/Issuance": "pid" } }] }
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
import {
  createRuleSource,
  createTrust,
  type ExplainedTrust,
  readPartyRules,
  type TrustSource,
} from '@facet-id/trust'
import { type RevocationList, readCertificate, readPem, type TrustAnchor } from '@facet-id/trust/x509'
import { readText } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { type EntitiesRead, readEntities } from './entities-source.ts'
import { readObject } from './list-directory.ts'
import { readListSource } from './list-source.ts'
import { openRevocationFiles } from './revocation-files.ts'

export interface ConfiguredTrust {
  readonly trust: ExplainedTrust
  readonly sources: readonly TrustSource[]
  /** Whom chains of certificates may lead to at that moment, in seconds since the epoch: for whoever judges an `x5c`. */
  anchorsAt(now: number): readonly TrustAnchor[]
  /** What was revoked by now; the same array until a file of it changes. Never rejects. */
  revocationLists(): Promise<readonly RevocationList[]>
}

/**
 * Reads the file and all that it names. A list that cannot be believed is no error: it is a source that
 * was not heard, and what it would have said stays undetermined.
 *
 * @param now the clock, seconds since the epoch
 * @throws {FacetError} `file_unusable`; {TrustError} for rules, anchors and revocation lists that are broken
 */
export async function readTrustConfiguration(file: string, now: () => number): Promise<ConfiguredTrust> {
  const configuration = readObject(await readText(file), file)
  const unknown = Object.keys(configuration).find((name) => !members.includes(name))
  if (unknown !== undefined) throw unusable(file, `does not know what "${unknown}" is`)
  const beside = (name: string): string => resolve(dirname(file), name)
  const environment = text(configuration, 'environment', file)
  const rules = readPartyRules(findMember(configuration, 'rules') ?? {})
  const named = list(configuration, 'anchors', file)
  const anchors = await Promise.all(named.map((anchor) => readAnchor(anchor, beside, file)))
  const revoked = await openRevocationFiles(
    named.flatMap((anchor) =>
      findMember(anchor, 'revoked') === undefined ? [] : beside(text(anchor, 'revoked', file)),
    ),
  )
  const lists: TrustSource[] = []
  // One after the other: they share the file of their editions.
  for (const entry of list(configuration, 'lists', file)) {
    const place = {
      list: text(entry, 'list', file),
      environment,
      file: beside(text(entry, 'file', file)),
      signers: texts(entry, 'signers', file).map(beside),
      editions: `${file}.editions`,
    }
    lists.push(await readListSource(place, now()))
  }
  const entities: EntitiesRead[] = []
  for (const entry of list(configuration, 'entities', file)) {
    const place = {
      type: text(entry, 'type', file),
      file: beside(text(entry, 'file', file)),
      signers: texts(entry, 'signers', file).map(beside),
      anchorOf: names(entry, 'anchors', file),
      editions: `${file}.editions`,
    }
    entities.push(await readEntities(place, now()))
  }
  const unheard = entities.flatMap(({ unheard: source }) => source ?? [])
  const sources = [createRuleSource('own rules', rules), ...lists, ...unheard]
  return {
    trust: createTrust(sources, now),
    sources,
    anchorsAt: (at) => [
      ...anchors.flat(),
      ...entities.flatMap((read) => (at < read.expiresAt ? read.anchors : [])),
    ],
    revocationLists: () => revoked.lists(),
  }
}

const members = ['environment', 'rules', 'anchors', 'lists', 'entities']

async function readAnchor(
  entry: JsonObject,
  beside: (name: string) => string,
  file: string,
): Promise<readonly TrustAnchor[]> {
  const id = text(entry, 'id', file)
  const pem = await readText(beside(text(entry, 'file', file)))
  return readPem(pem, 'CERTIFICATE').map((der) => ({ id, certificate: readCertificate(der) }))
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

function unusable(file: string, why: string): FacetError {
  return new FacetError('file_unusable', `${file} ${why}`)
}
