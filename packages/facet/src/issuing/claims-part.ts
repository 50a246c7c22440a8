/** Where claims come from, as a configuration file says it: a webhook, a database in a file, or a file of people. */
import { setTimeout } from 'node:timers/promises'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  readJsonObject,
} from '@facet-id/credential/json'
import { macOf } from '@facet-id/crypto/node'
import type { SubjectClaims } from '@facet-id/issuer/issuance'
import { claimsFromFunction } from '../claims/function.ts'
import { type ClaimsQuery, claimsFromQuery } from '../claims/query.ts'
import { type ClaimsWebhook, claimsFromWebhook } from '../claims/webhook.ts'
import { addressIn } from '../config/address-in.ts'
import type { Members } from '../config/members.ts'
import { readText } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { transportFor } from '../service/judging-ports.ts'
import { defined, type ReadingWorld } from './configuration-file.ts'
import { readSecretIn } from './secret-file.ts'

export interface ClaimsSource {
  readonly subjectClaims: SubjectClaims
  close(): void
}

const known = {
  webhook: ['by', 'url', 'secretFile', 'secretAs', 'tries'],
  sql: ['by', 'database', 'queries'],
  file: ['by', 'file'],
} as const
const params = ['subject', 'server', 'credentialIdentifier', 'issuanceId'] as const

/** @throws {FacetError} `file_unusable`; {KeyError} `key_file_exposed` for a secret that others can read */
export async function readClaims(all: Members, world: ReadingWorld): Promise<ClaimsSource | undefined> {
  const by = all.find('claims', Object.values(known).flat())?.findWord('by', ['webhook', 'sql', 'file'])
  const members = all.find('claims', by === undefined ? ['by'] : known[by])
  if (members === undefined) return undefined
  switch (by) {
    case 'webhook':
      return webhookIn(members, world)
    case 'sql':
      return databaseIn(members)
    case 'file':
      return peopleIn(members)
    case undefined:
      throw members.refuse('by', 'is missing')
  }
}

async function webhookIn(members: Members, world: ReadingWorld): Promise<ClaimsSource> {
  const secret = await readSecretIn(members, 'secretFile')
  const url = addressIn(members, 'url', world)
  const tries = members.findWhole('tries')
  if (tries === 0) throw members.refuse('tries', 'must be 1 or more: nobody would be asked')
  const transport = transportFor(world.development)
  return {
    subjectClaims: claimsFromWebhook({
      url,
      transport,
      secret: secretOf(secret, members),
      now: world.now,
      wait: async (milliseconds) => void (await setTimeout(milliseconds)),
      ...defined({ tries }),
    }),
    close: () => transport.close(),
  }
}

function secretOf(secret: string, members: Members): ClaimsWebhook['secret'] {
  if (members.findWord('secretAs', ['bearer', 'digest']) === 'bearer') return { by: 'bearer', token: secret }
  const key = new TextEncoder().encode(secret)
  if (key.length < 32)
    throw members.refuse('secretFile', 'names a secret of fewer than 32 characters: too few to sign with')
  return { by: 'digest', mac: macOf(key) }
}

/** A database of SQLite, which is only read. Loaded when it is asked for: Node warns that it is young. */
async function databaseIn(members: Members): Promise<ClaimsSource> {
  const queries = Object.fromEntries(
    members.named('queries', ['text', 'params', 'pendingColumn']).map(([id, query]) => [id, queryIn(query)]),
  )
  const file = members.beside(members.text('database'))
  const { DatabaseSync } = await import('node:sqlite')
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    const subjectClaims = claimsFromQuery(
      { query: (text, values) => ({ rows: database.prepare(text).all(...values) }) },
      queries,
    )
    try {
      for (const { text } of Object.values(queries)) database.prepare(text)
    } catch (cause) {
      database.close()
      throw members.refuse('queries', 'has a text that the database does not understand', cause)
    }
    return { subjectClaims, close: () => database.close() }
  } catch (cause) {
    if (cause instanceof FacetError) throw cause
    throw members.refuse('database', 'names no database that can be read', cause)
  }
}

function queryIn(query: Members): ClaimsQuery {
  const wanted = query.value('params')
  const named = isJsonArray(wanted) ? wanted.map((name) => params.find((one) => one === name)) : []
  const isFine = named.every((name) => name !== undefined)
  if ((wanted !== undefined && !isJsonArray(wanted)) || !isFine)
    throw query.refuse('params', `must be a list of ${params.join(', ')}`)
  return {
    text: query.text('text'),
    ...defined({ pendingColumn: query.findText('pendingColumn') }),
    ...(wanted === undefined ? {} : { params: named }),
  }
}

/**
 * `{ "<subject>": { "<configuration>": { claims } } }`, and persons as another authorization server calls them, in an
 * object of that form below its identifier; read anew for each question: what the operator changes counts at
 * once.
 */
async function peopleIn(members: Members): Promise<ClaimsSource> {
  const file = members.beside(members.text('file'))
  await peopleOf(file)
  return {
    subjectClaims: claimsFromFunction(async ({ subject, server, configurationId }) => {
      if (subject === undefined) return undefined
      const all = await peopleOf(file)
      const people = server === undefined ? all : findMember(all, server)
      const person = isJsonObject(people) ? findMember(people, subject) : undefined
      const claims = isJsonObject(person) ? findMember(person, configurationId) : undefined
      return isJsonObject(claims) ? claims : undefined
    }),
    close: () => {},
  }
}

async function peopleOf(file: string): Promise<JsonObject> {
  const text = await readText(file)
  try {
    return readJsonObject(text, { length: 16_777_216 })
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as a JSON object of people`, { cause })
  }
}
