/** did:webvh: its log is fetched, read whole and checked, and then what its witnesses said. */

import {
  checksOf,
  type DidLog,
  isWitnessed,
  judgeDidLog,
  readDidLog,
  readDidWebvh,
  readWitnessProofs,
  signedPartOf,
  type WitnessVerdicts,
  webvhLogUrl,
  webvhWitnessUrl,
} from '@facet-id/credential/did/webvh'
import type { Transport } from '@facet-id/protocol/wire'
import { checkInSlices } from './check-in-slices.ts'
import { checkWitnesses } from './check-witnesses.ts'
import { failed } from './failure.ts'
import { fetchText } from './fetch-text.ts'
import { createNewestVersions } from './newest-versions.ts'
import type { DidResolverBounds, DidResolverPorts } from './ports.ts'
import type { DidRecord } from './record.ts'
import type { DidFailure } from './resolution.ts'

const invalid = 'INVALID_DID'

/** @throws {CredentialError} `did_malformed` */
export function createWebvhFinder(
  { hash, checkSignatures, now, rules = {}, store }: DidResolverPorts,
  { maxTtl, failureTtl }: DidResolverBounds,
): (did: string, transport: Transport) => Promise<DidRecord> {
  const newest = createNewestVersions({ hash, now, ...(store === undefined ? {} : { store }) })

  /** `undefined` where nobody need have seen the log; a failure where it could not be found out. */
  const witnessesOf = async (
    log: DidLog,
    url: string,
    transport: Transport,
  ): Promise<WitnessVerdicts | DidFailure | undefined> => {
    if (!isWitnessed(log)) return undefined
    const file = await fetchText(url, transport, { accept: 'application/json', invalid })
    if (typeof file !== 'string') {
      // Whether anybody has seen the log could not be found out: that says nothing against it.
      if (file.code === 'INTERNAL_ERROR') return file
      return unread(file.code === 'NOT_FOUND' ? undefined : unreadable)
    }
    try {
      return await checkWitnesses(readWitnessProofs(file, log, hash), checkSignatures)
    } catch (error) {
      if (error instanceof Error && error.name === 'CredentialError') return unread(unreadable)
      throw error
    }
  }

  return async (did, transport) => {
    const webvh = readDidWebvh(did, rules)
    const text = await fetchText(webvhLogUrl(webvh), transport, {
      accept: 'text/jsonl, application/jsonl, */*;q=0.1',
      invalid,
    })
    if (typeof text !== 'string') return failed(text, failureTtl)
    const log = readDidLog(text, did, { hash, now: now(), rules })
    const verdicts = await checkInSlices(checksOf(log), checkSignatures)
    const witnessed = await witnessesOf(signedPartOf(log, verdicts), webvhWitnessUrl(webvh), transport)
    if (witnessed !== undefined && 'code' in witnessed) return failed(witnessed, failureTtl)
    const judged = judgeDidLog(log, verdicts, witnessed)
    if (await newest.isCut(webvh.scid, judged)) {
      return failed(
        { code: invalid, detail: 'The log of the DID is shorter than it was, or another one.' },
        failureTtl,
      )
    }
    await newest.remember(webvh.scid, judged)
    return { log: judged, rules, keepFor: keepFor(judged, { maxTtl, failureTtl }), bytes: 4 * text.length }
  }
}

/**
 * "resolvers SHOULD NOT cache a DID that fails verification", so that its owner can put it right: no longer than any
 * other failure, which is there so that nobody makes us check a faulty log again and again.
 */
function keepFor(
  { versions, fault }: DidLog,
  { maxTtl, failureTtl }: Pick<DidResolverBounds, 'maxTtl' | 'failureTtl'>,
): number {
  return fault === undefined ? Math.min(maxTtl, versions.at(-1)?.parameters.ttl ?? 0) : failureTtl
}

const unreadable = 'the proofs of its witnesses cannot be read, or are more than is read here'

function unread(why: string | undefined): WitnessVerdicts {
  return { proofs: [], verdicts: [], ...(why === undefined ? {} : { unread: why }) }
}
