/**
 * did:webvh: a document on a host with its whole history, each entry signed by a key that the one before it
 * promised (did:webvh 1.0). Keys for updates are promised always: whoever steals the key of today cannot make the
 * change of tomorrow. Each change uses up one key and promises the next.
 */
import type { DidDocument } from '@facet-id/credential/did'
import { writeMultikey } from '@facet-id/credential/did'
import {
  keyHashOf,
  type LogVersion,
  placeholderDid,
  readDidLog,
  readDidWebvh,
  type UnsignedEntry,
  webvhLogUrl,
  webvhWitnessUrl,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhDeactivation,
  writeWebvhMove,
  writeWebvhUpdate,
} from '@facet-id/credential/did/webvh'
import type { Signer } from '@facet-id/credential/jose'
import { isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import type { DidChange } from '../custody/commits.ts'
import { findActiveKey, type KeptDid, type KeptKey, type KeyRole } from '../custody/kept-did.ts'
import { corrupt } from '../custody/records.ts'
import { DidAgentError } from '../error.ts'
import { documentOfKept } from './document.ts'
import {
  type DidMethod,
  draftKey,
  draftKeysForOthers,
  type Making,
  newDid,
  pathOfUrl,
  type WitnessRule,
} from './method.ts'
import { witnessed } from './witnesses.ts'

/** Seconds that resolvers keep the document: short, so that a key that was just made is known soon. */
const TTL = 300

export const webvh: DidMethod = {
  name: 'webvh',

  async create(wish, making) {
    if (wish.domain === undefined) throw new DidAgentError('wish_malformed', 'A did:webvh needs a domain')
    const { hash, now, location: rules } = making
    const [update, next] = [
      await draftUpdateKey('update', making),
      await draftUpdateKey('next-update', making),
    ]
    const keys = [...(await draftKeysForOthers(wish, making)), update, next]
    const draft = newDid(placeholderDid(wish.domain, wish.path), wish, { keys, now })
    const { witness, portable } = wish
    const parameters = {
      ...promising(update, next, making),
      ttl: TTL,
      ...(portable === true ? { portable } : {}),
      ...(witness === undefined ? {} : { witness: parameterOf(witness) }),
    }
    const entry = writeWebvhCreation(documentOfKept(draft, now), parameters, {
      hash,
      now,
      by: update.id,
      rules,
    })
    const line = await signed(entry, await making.custody.draftSigner(update.at))
    const { scid } = readDidWebvh(entry.did, rules)
    const notes = {
      scid,
      writtenAt: now,
      ...(witness === undefined ? {} : { witness: parameterOf(witness) }),
    }
    return withWitnesses({ kept: { ...draft, did: entry.did, notes }, history: [line] }, entry, making)
  },

  async change(before, revised, making) {
    const writing = await beginning(before, making)
    const { last, tools, signer, now } = writing
    if (revised.deactivatedAt !== undefined) return givingUp(revised, writing, making)
    const { keys, parameters } = await promised(before, revised, making)
    const kept = { ...revised, keys, notes: { ...revised.notes, writtenAt: now } }
    const entry = writeWebvhUpdate(last, { document: documentAt(kept, now), parameters }, tools)
    return withWitnesses({ kept, history: [await signed(entry, signer)] }, entry, making)
  },

  async move(before, { domain, path }, making) {
    if (domain === undefined)
      throw new DidAgentError('wish_malformed', 'Where to: a did:webvh needs a domain')
    const { last, tools, signer, now } = await beginning(before, making)
    if (!last.parameters.portable) {
      throw new DidAgentError('did_immutable', 'This did:webvh was not made portable: it stays at its host')
    }
    const { keys, parameters } = await promised(before, before, making)
    const to = { host: domain, ...(path === undefined ? {} : { path }), parameters }
    const entry = writeWebvhMove(last, to, tools)
    const alsoKnownAs = [...namesOf(before), before.did].filter((name) => name !== entry.did)
    const notes = { ...before.notes, writtenAt: now, alsoKnownAs }
    const kept = { ...before, did: entry.did, keys, notes, revision: before.revision + 1 }
    return withWitnesses({ kept, history: [await signed(entry, signer)] }, entry, making)
  },

  documentOf(kept, { now }) {
    if (kept.deactivatedAt !== undefined) return undefined
    // What was written stands until it is written anew.
    return documentAt(kept, typeof kept.notes?.writtenAt === 'number' ? kept.notes.writtenAt : now)
  },

  /** The proofs of witnesses come first: who publishes in this order never shows an entry without them. */
  async filesOf(kept, { custody, location }) {
    const did = readDidWebvh(kept.did, location)
    const log = {
      path: pathOfUrl(webvhLogUrl(did)),
      mediaType: 'text/jsonl',
      body: (await custody.history(kept)).join(''),
    }
    const proofs = kept.notes?.witnessed
    if (typeof proofs !== 'string') return [log]
    return [{ path: pathOfUrl(webvhWitnessUrl(did)), mediaType: 'application/json', body: proofs }, log]
  },
}

/** What each further entry begins from. */
interface Writing {
  readonly last: LogVersion
  readonly tools: Parameters<typeof writeWebvhUpdate>[2]
  /** The key that was promised, whose turn it is. */
  readonly signer: Signer
  readonly now: number
}

/** @throws {DidAgentError} `record_corrupt` */
async function beginning(before: KeptDid, { custody, hash, location: rules, now }: Making): Promise<Writing> {
  const text = (await custody.history(before)).join('')
  const { versions, fault } = readDidLog(text, before.did, { hash, now, rules })
  const last = versions.at(-1)
  if (last === undefined || fault !== undefined) throw corrupt('The history of a DID is not whole')
  const { key, signer } = await custody.signerOf(before, 'next-update')
  // Times of entries grow; two changes may come in one second.
  const at = Math.max(now, Math.floor(last.at / 1000) + 1)
  return { last, signer, now: at, tools: { hash, now: at, by: key.id, rules } }
}

/** Promises end first, in an entry of their own; then the DID does. */
async function givingUp(
  kept: KeptDid,
  { last, tools, signer, now }: Writing,
  making: Making,
): Promise<DidChange> {
  const ending = { updateKeys: [tools.by], nextKeyHashes: [] }
  const first = await signed(writeWebvhUpdate(last, { parameters: ending }, tools), signer)
  const text = `${(await making.custody.history(kept)).join('')}${first}`
  const { versions } = readDidLog(text, kept.did, { ...tools, now: now + 1 })
  const ended = versions.at(-1)
  if (ended === undefined) throw corrupt('The history of a DID is not whole')
  const entry = writeWebvhDeactivation(ended, { ...tools, now: now + 1 })
  const history = [first, await signed(entry, signer)]
  return withWitnesses(
    { kept: { ...kept, notes: { ...kept.notes, writtenAt: now + 1 } }, history },
    entry,
    making,
  )
}

/** The promised key becomes the key for updates, and another one is promised. */
async function promised(
  before: KeptDid,
  revised: KeptDid,
  making: Making,
): Promise<{ readonly keys: readonly KeptKey[]; readonly parameters: ReturnType<typeof promising> }> {
  const current = findActiveKey(before, 'next-update')
  if (current === undefined) throw corrupt('A DID is there without the key that it promised')
  const update: KeptKey = { ...current, roles: ['update'] }
  const next = await draftUpdateKey('next-update', making)
  const others = revised.keys.filter(
    ({ roles }) => !roles.includes('update') && !roles.includes('next-update'),
  )
  return { keys: [...others, update, next], parameters: promising(update, next, making) }
}

function promising(
  update: KeptKey,
  next: KeptKey,
  { hash }: Making,
): { readonly updateKeys: readonly string[]; readonly nextKeyHashes: readonly string[] } {
  return { updateKeys: [update.id], nextKeyHashes: [keyHashOf(next.id, hash)] }
}

/** A key for updates is Ed25519, and named by itself. */
async function draftUpdateKey(role: KeyRole, making: Making): Promise<KeptKey> {
  const key = await draftKey('', [role], { making, alg: 'EdDSA' })
  return { ...key, id: writeMultikey(key.publicJwk) }
}

async function signed(entry: UnsignedEntry, signer: Signer): Promise<string> {
  return writeSignedEntry(entry, await signer.sign(entry.data))
}

async function withWitnesses(
  change: DidChange,
  { versionId }: UnsignedEntry,
  making: Making,
): Promise<DidChange> {
  const { kept, history = [] } = change
  const rule = ruleOf(kept)
  if (rule === undefined) return change
  const file = await witnessed(rule, { did: kept.did, versionId, lines: history }, making)
  return { ...change, kept: { ...kept, notes: { ...kept.notes, witnessed: file } } }
}

function documentAt(kept: KeptDid, now: number): DidDocument {
  const names = namesOf(kept)
  const document = documentOfKept(kept, now)
  return names.length === 0 ? document : { ...document, alsoKnownAs: names }
}

function namesOf({ notes }: KeptDid): readonly string[] {
  const names = notes?.alsoKnownAs
  return names !== undefined && isJsonArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function parameterOf({ threshold, witnesses }: WitnessRule): {
  readonly threshold: number
  readonly witnesses: readonly { readonly id: string }[]
} & JsonObject {
  return { threshold, witnesses: witnesses.map((id) => ({ id })) }
}

function ruleOf({ notes }: KeptDid): WitnessRule | undefined {
  const rule = notes?.witness
  if (rule === undefined || !isJsonObject(rule)) return undefined
  const { threshold, witnesses } = rule
  if (typeof threshold !== 'number' || witnesses === undefined || !isJsonArray(witnesses)) return undefined
  const ids = witnesses.map((witness) => (isJsonObject(witness) ? String(witness.id) : ''))
  return { threshold, witnesses: ids }
}
