/**
 * What a trust configuration says of those who ask a wallet: clients that were registered beforehand, who attests
 * verifiers, whose certificates may be answered at any host, and which transactions can be shown to the person.
 */
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJson,
} from '@facet-id/credential/json'
import type { RegisteredClient } from '@facet-id/holder/verifiers'
import type { TransactionKind, TransactionType } from '@facet-id/protocol/openid4vp/transaction-data'
import { readText } from '../config/sealed-key.ts'
import { type TrustFile, unusable } from './configuration-file.ts'
import { readObject } from './list-directory.ts'

export interface AskingParties {
  /** By client id. */
  readonly clients: ReadonlyMap<string, RegisteredClient>
  /** Keys of those who attest verifiers, by the `iss` of their attestations. */
  readonly attesters: ReadonlyMap<string, readonly PublicJwk[]>
  /** Names of anchors: who has a certificate of theirs may be answered at any host (OpenID4VP 1.0 §5.9.3). */
  readonly freely: ReadonlySet<string>
  readonly transactionTypes: readonly TransactionType[]
}

/** @throws {FacetError} `file_unusable`; {CredentialError} those of `readPublicJwk` */
export async function readAskingParties({
  clients,
  attesters,
  anchors,
  transactions,
}: Pick<TrustFile, 'clients' | 'attesters' | 'anchors' | 'transactions'>): Promise<AskingParties> {
  const registered = clients.map(async ({ id, addresses, keys, requestUris }) => {
    const client: RegisteredClient = {
      addresses,
      ...(keys === undefined ? {} : { keys: await readKeys(keys) }),
      ...(requestUris === undefined ? {} : { requestUris }),
    }
    return [id, client] as const
  })
  const attesting = attesters.map(async ({ id, keys }) => [id, await readKeys(keys)] as const)
  return {
    clients: new Map(await Promise.all(registered)),
    attesters: new Map(await Promise.all(attesting)),
    freely: new Set(anchors.filter(({ freely }) => freely === true).map(({ id }) => id)),
    transactionTypes: transactions === undefined ? [] : await readTransactionTypes(transactions),
  }
}

/** A JWK Set, or one key. */
async function readKeys(file: string): Promise<readonly PublicJwk[]> {
  const said = readObject(await readText(file), file)
  const keys = findMember(said, 'keys') ?? [said]
  if (!isJsonArray(keys) || keys.length === 0) throw unusable(file, 'needs "keys", a list of keys')
  return keys.map((key) => {
    const jwk = readPublicJwk(key)
    const kid = isJsonObject(key) ? findMember(key, 'kid') : undefined
    return typeof kid === 'string' ? { ...jwk, kid } : jwk
  })
}

/** `[{ "type": "payment", "members": { "amount": { "kind": "text", "label": "Amount" } } }]` */
async function readTransactionTypes(file: string): Promise<readonly TransactionType[]> {
  const said = readJson(await readText(file))
  if (!isJsonArray(said) || !said.every(isJsonObject))
    throw unusable(file, 'is no list of types of transactions')
  return said.map((one) => {
    const type = findMember(one, 'type')
    if (typeof type !== 'string' || type === '') throw unusable(file, 'needs "type", a text, in each entry')
    return { type, members: membersIn(one, file) }
  })
}

function membersIn(of: JsonObject, file: string): TransactionType['members'] {
  const members = findMember(of, 'members')
  if (!isJsonObject(members)) throw unusable(file, 'needs "members", an object, for each type and kind')
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      if (!isJsonObject(member)) throw unusable(file, 'has a member of a type that is no object')
      const [label, optional] = [findMember(member, 'label'), findMember(member, 'optional')]
      const isFit = (label === undefined || typeof label === 'string') && (optional ?? true) === true
      if (!isFit) throw unusable(file, 'has a "label" that is no text, or an "optional" that is not true')
      return [
        name,
        {
          kind: kindIn(findMember(member, 'kind'), file),
          ...(typeof label === 'string' ? { label } : {}),
          ...(optional === true ? { optional } : {}),
        },
      ]
    }),
  )
}

const kinds = ['text', 'number', 'boolean', 'texts'] as const

function kindIn(kind: JsonValue | undefined, file: string): TransactionKind {
  if (isJsonObject(kind)) return { members: membersIn(kind, file) }
  const known = kinds.find((one) => one === kind)
  if (known === undefined)
    throw unusable(file, `needs "kind": ${kinds.join(', ')}, or an object with members`)
  return known
}
