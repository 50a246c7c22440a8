/**
 * Documents and keys of DIDs: did:jwk, did:key and did:peer, which say all themselves, and did:web and did:webvh,
 * which are fetched, checked and kept for a while. Nothing is fetched for what is not written as its method has it.
 */
import { findVerificationMethod, readMethodKey, type VerificationMethod } from '@facet-id/credential/did'
import type { ExpandPoint, MaybePromise } from '@facet-id/credential/jose'
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'
import { isKeyOf, type KeyQuestion, type KeyResolver } from '../key-resolver.ts'
import { createRecordFinder } from './find-record.ts'
import { createKeptRecords, type KeptRecord } from './kept-records.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'
import { type ResolveOptions, readQuestion } from './read-question.ts'
import { type DidRecord, isSound, resolutionOf } from './record.ts'
import { type DidResolution, findDidError, unresolved } from './resolution.ts'

export interface DidResolverOptions extends DidResolverPorts {
  /** Those that differ from the defaults. */
  readonly bounds?: Partial<DidResolverBounds>
}

export interface DidResolver extends KeyResolver {
  /**
   * The document of a DID. Never rejects: an error is in the answer.
   *
   * @param didUrl a DID, or a DID URL whose query asks for a version; path and fragment say nothing here
   */
  resolve(didUrl: string, options?: ResolveOptions): Promise<DidResolution>
}

const defaults: DidResolverBounds = {
  maxKept: 4096,
  maxKeptBytes: 33_554_432,
  webTtl: 300,
  maxTtl: 86_400,
  failureTtl: 5,
  lookAgainAfter: 30,
}

export function createDidResolver({ bounds: given, ...ports }: DidResolverOptions): DidResolver {
  const bounds = { ...defaults, ...given }
  // Kept apart, so that nobody who makes up DIDs of one kind has those of the other forgotten and fetched anew.
  const ofThemselves = createKeptRecords(bounds.maxKept, bounds.maxKeptBytes)
  const fetched = createKeptRecords(bounds.maxKept, bounds.maxKeptBytes)
  const findRecord = createRecordFinder(ports, bounds)
  const underWay = new Map<string, Promise<KeptRecord>>()

  const recordOf = (did: string): MaybePromise<KeptRecord> => {
    const now = ports.now()
    const kept = did.startsWith('did:web') ? fetched : ofThemselves
    const known = kept.find(did, now)
    if (known !== undefined) return known
    const begun = underWay.get(did)
    if (begun !== undefined) return begun
    const found = findRecord(did)
    if (!(found instanceof Promise)) return kept.keep(did, found, now)
    const finding = found.then((record) => kept.keep(did, record, now)).finally(() => underWay.delete(did))
    underWay.set(did, finding)
    return finding
  }

  /**
   * A key that is not in what is kept may have been made since. What is known stays when nothing better is found:
   * neither a server in trouble nor a log with a fault takes away what was found to hold.
   */
  const lookAgain = (did: string, known: KeptRecord): MaybePromise<KeptRecord> => {
    const now = ports.now()
    if (!did.startsWith('did:web') || now - known.looked.at < bounds.lookAgainAfter) return known
    known.looked.at = now
    const keep = (record: DidRecord): KeptRecord => (isSound(record) ? fetched.keep(did, record, now) : known)
    const begun = underWay.get(did)
    if (begun !== undefined) return begun
    const found = findRecord(did)
    if (!(found instanceof Promise)) return keep(found)
    const finding = found.then(keep).finally(() => underWay.delete(did))
    underWay.set(did, finding)
    return finding
  }

  const answerIn = ({ record, keys }: KeptRecord, question: KeyQuestion): KeyAnswer => {
    const name = `${question.relationship} ${question.kid}`
    const known = keys.get(name)
    if (known !== undefined) return known
    const answer = keyIn(resolutionOf(record, {}), question, ports.expandPoint)
    if ('key' in answer) keys.set(name, answer)
    return answer
  }

  return {
    async resolve(didUrl, options = {}) {
      const question = readQuestion(didUrl, options)
      if ('code' in question) return unresolved(question)
      const { record } = await recordOf(question.did)
      const resolution = resolutionOf(record, question.query, options.accept)
      return ofItself.has(question.method) ? withPoints(resolution, ports.expandPoint) : resolution
    },
    async resolveKey(question) {
      const { did, kid } = question
      if (!isKeyOf(kid, did)) {
        return { refused: 'The key that is named is none of the DID that it should belong to.' }
      }
      const found = recordOf(did)
      const known = found instanceof Promise ? await found : found
      const answer = answerIn(known, question)
      if ('key' in answer || 'failure' in known.record) return answer
      const again = await lookAgain(did, known)
      return again === known ? answer : answerIn(again, question)
    },
  }
}

/** Methods whose DIDs are their keys. */
const ofItself = new Set(['jwk', 'key', 'peer'])

/** "The point MUST be valid on the curve": a DID that is its keys is none without, though nothing else is wrong. */
function withPoints(resolution: DidResolution, expandPoint: ExpandPoint): DidResolution {
  const methods = resolution.didDocument?.verificationMethod ?? []
  return methods.every((method) => isReadable(method, expandPoint))
    ? resolution
    : unresolved({ code: 'INVALID_DID', detail: 'A key in the DID is no point of its curve.' })
}

/** Keys of another kind may stand in a document: they are found to be none of ours when they are asked for. */
function isReadable(method: VerificationMethod, expandPoint: ExpandPoint): boolean {
  try {
    readMethodKey(method, expandPoint)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code !== 'multikey_malformed' && code !== 'jwk_malformed'
  }
}

function keyIn(
  resolution: DidResolution,
  { kid, relationship }: KeyQuestion,
  expandPoint: ExpandPoint,
): KeyAnswer {
  const { didDocument, didResolutionMetadata } = resolution
  if (didDocument === null) {
    if (!('error' in didResolutionMetadata)) return { refused: 'The DID was given up by its owner.' }
    const { title, detail } = didResolutionMetadata.error
    const why = `${title}: ${detail}`
    return findDidError(resolution) === 'INTERNAL_ERROR' ? { undetermined: why } : { refused: why }
  }
  const method = findVerificationMethod(didDocument, kid, relationship)
  if (method === undefined) return { refused: 'The DID has no such key for this use.' }
  try {
    return { key: readMethodKey(method, expandPoint) }
  } catch {
    return { refused: 'The key is of a kind that is not taken here, or cannot be read.' }
  }
}
