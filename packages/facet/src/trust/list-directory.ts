/**
 * A list of trusted parties in the making: rules that are added and taken away, and a key that signs them.
 *
 * ```
 * DIR/rules.json     what the next edition will say
 * DIR/signer.key     the private key, sealed with DIR.key
 * DIR/signer.jwk     the public key: what others configure
 * DIR/list.jwt       the last edition, to be published
 * ```
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { type PartyRules, readPartyRules } from '@facet-id/trust'
import { type TrustList, writeTrustList } from '@facet-id/trust/lists'
import type { Environment } from '../config/data-directory.ts'
import { openSealedKey, readText, writeSealedKey, writeWhole } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'

/** The next edition, as far as it is known. */
export interface ListDraft {
  readonly list: string
  readonly environment: string
  /** Of the last edition that was signed; 0 before the first. */
  readonly sequence: number
  readonly rules: PartyRules
}

export const listFiles = {
  rules: 'rules.json',
  key: 'signer.key',
  signer: 'signer.jwk',
  edition: 'list.jwt',
} as const
const DAY = 86_400

/** @throws {FacetError} `list_present`, `data_directory_unusable`, `key_file_…`, `file_unusable` */
export async function createListDirectory(
  directory: string,
  named: Pick<ListDraft, 'list' | 'environment'>,
  environment: Environment,
): Promise<ListDraft> {
  if (existsSync(join(directory, listFiles.rules)))
    throw new FacetError('list_present', `There is a list in ${directory} already`)
  const { publicJwk, privateJwk } = generateKey('ES256')
  await writeSealedKey(privateJwk, { directory, name: listFiles.key, environment }, true)
  await writeWhole(join(directory, listFiles.signer), `${JSON.stringify(publicJwk)}\n`, 0o644)
  const draft = { ...named, sequence: 0, rules: { issuers: [], verifiers: [], blocked: [] } }
  await writeDraft(directory, draft)
  return draft
}

/** @throws {FacetError} `file_unusable`; {TrustError} what reading rules throws */
export async function readDraft(directory: string): Promise<ListDraft> {
  const file = join(directory, listFiles.rules)
  const { list, environment, sequence, ...rules } = readObject(await readText(file), file)
  if (typeof list !== 'string' || typeof environment !== 'string' || typeof sequence !== 'number')
    throw new FacetError('file_unusable', `${file} is no list in the making`)
  return { list, environment, sequence, rules: readPartyRules(rules) }
}

/** @throws {FacetError} `file_unusable` */
export async function writeDraft(directory: string, { rules, ...named }: ListDraft): Promise<void> {
  await writeWhole(join(directory, listFiles.rules), `${JSON.stringify({ ...named, ...rules }, null, 2)}\n`)
}

/**
 * Signs the next edition. The number is written down before the edition is: one that was cut short is
 * skipped and never given twice.
 *
 * @param times seconds since the epoch, and days
 * @throws {FacetError} `file_unusable`, `key_file_…`; {TrustError} `list_malformed`
 */
export async function signEdition(
  directory: string,
  times: { readonly now: number; readonly days: number },
  environment: Environment,
): Promise<TrustList> {
  const draft = await readDraft(directory)
  const signer = signerOf(await openSealedKey({ directory, name: listFiles.key, environment }))
  const edition = {
    ...draft,
    sequence: draft.sequence + 1,
    issuedAt: times.now,
    expiresAt: times.now + times.days * DAY,
  }
  const input = writeTrustList(edition, signer.alg)
  await writeDraft(directory, { ...draft, sequence: edition.sequence })
  await writeWhole(
    join(directory, listFiles.edition),
    `${writeJws(input, signer.sign(utf8(input)))}\n`,
    0o644,
  )
  return edition
}

/** @throws {FacetError} `file_unusable` */
export function readObject(text: string, file: string): JsonObject {
  try {
    return readJsonObject(text)
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as a JSON object`, { cause })
  }
}
