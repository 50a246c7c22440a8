/** What a log is worth, once its signatures were looked at, and which of its versions is meant. */
import type { SignatureCheck, Verdict } from '../../jose/ports.ts'
import type { JsonObject } from '../../json.ts'
import { findVersionTime } from '../version-time.ts'
import { logInvalid } from './invalid.ts'
import type { DidLog, LogFault, LogVersion } from './log.ts'
import type { WitnessProof } from './witness-proofs.ts'
import type { WitnessRule } from './witness-rule.ts'

/** The signatures of a log, to be answered in order; empty when nothing in it could be read. */
export function checksOf({ versions }: DidLog): readonly SignatureCheck[] {
  return versions.flatMap(({ checks }) => checks)
}

/** Whether some entry needs witnesses, so that their file must be had. */
export function isWitnessed({ versions }: DidLog): boolean {
  return versions.some(({ witness }) => witness !== undefined)
}

/** What witnesses proved, and the verdicts on it, in the same order. */
export interface WitnessVerdicts {
  readonly proofs: readonly WitnessProof[]
  readonly verdicts: readonly Verdict[]
  /** Why their file was not read; absent where it was, or where there is none. */
  readonly unread?: string
}

/**
 * The log up to the last entry whose proofs hold and whose witnesses have seen it; the fault says what is wrong
 * with the next. A log in which the DID that was asked for never occurs has no version of it at all.
 *
 * @param verdicts on {@link checksOf}
 * @param witnessed absent where there is no file of witnesses
 */
export function judgeDidLog(log: DidLog, verdicts: readonly Verdict[], witnessed?: WitnessVerdicts): DidLog {
  const signed = signedPartOf(log, verdicts)
  const seen = seenPart(signed, witnessed)
  if (seen.versions.some(({ document }) => document.id === log.did)) return seen
  return {
    did: log.did,
    versions: [],
    fault: seen.fault ?? { versionNumber: 1, reason: logInvalid('the DID occurs nowhere in it') },
  }
}

/**
 * The log up to the last entry whose proofs hold: witnesses are heard on nothing else.
 *
 * @param verdicts on {@link checksOf}; those after one that is not valid may be left out
 */
export function signedPartOf(log: DidLog, verdicts: readonly Verdict[]): DidLog {
  let at = 0
  return upTo(log, 'an entry has a signature that does not hold', ({ checks }) => {
    const own = verdicts.slice(at, at + checks.length)
    at += checks.length
    return own.length === checks.length && own.every((verdict) => verdict === 'valid')
  })
}

function seenPart(log: DidLog, witnessed: WitnessVerdicts = { proofs: [], verdicts: [] }): DidLog {
  const { proofs, verdicts, unread } = witnessed
  // "proofs … do not carry the implication of approval" for entries that are not verified themselves.
  const last = log.versions.at(-1)?.versionNumber ?? 0
  const sawUpTo = new Map<string, number>()
  for (const [place, { by, versionNumber }] of proofs.entries()) {
    if (verdicts[place] !== 'valid' || versionNumber > last) continue
    sawUpTo.set(by, Math.max(versionNumber, sawUpTo.get(by) ?? 0))
  }
  const isSeen = ({ threshold, witnesses }: WitnessRule, versionNumber: number): boolean =>
    witnesses.filter((witness) => (sawUpTo.get(witness) ?? 0) >= versionNumber).length >= threshold
  return upTo(
    log,
    unread ?? 'too few of its witnesses have seen an entry',
    ({ witness, versionNumber }) => witness === undefined || isSeen(witness, versionNumber),
  )
}

function upTo(log: DidLog, why: string, holds: (version: LogVersion) => boolean): DidLog {
  const end = log.versions.findIndex((version) => !holds(version))
  const first = log.versions[end]
  if (first === undefined) return log
  const fault = { versionNumber: end + 1, reason: logInvalid(why), at: first.at }
  return { did: log.did, versions: log.versions.slice(0, end), fault }
}

/** Which version is asked for; the last when nothing is said. One of them at most is given. */
export interface VersionQuery {
  readonly versionId?: string
  /** The moment at which it was in force; form of `versionTime`. */
  readonly versionTime?: string
  readonly versionNumber?: number
}

/**
 * The version that is meant; absent when there is none. Of a log with a fault, what stands before it counts, and for
 * a moment only until the entry with the fault was made: what was in force from then on nobody can tell.
 */
export function findVersion({ versions, fault }: DidLog, query: VersionQuery): LogVersion | undefined {
  const { versionId, versionTime, versionNumber } = query
  if (versionId !== undefined) return versions.find((version) => version.versionId === versionId)
  if (versionNumber !== undefined) return versions.find((version) => version.versionNumber === versionNumber)
  const last = versions.at(-1)
  if (versionTime === undefined) return last
  const at = findVersionTime(versionTime)
  if (at === undefined || (fault !== undefined && at >= endBefore(fault, last))) return undefined
  return versions.findLast((version) => version.at <= at)
}

/** The moment from which on a fault leaves it open what is in force: when nothing can be read of it, at once. */
function endBefore({ at = 0 }: LogFault, last: LogVersion | undefined): number {
  return Math.max(at, (last?.at ?? 0) + 1)
}

/** What is told beside the document of a version (did:webvh 1.0, Read; numbers as texts). */
export function webvhMetadata({ did, versions }: DidLog, version: LogVersion): JsonObject {
  const first = versions[0] ?? version
  const last = versions.at(-1) ?? version
  const { scid, portable, deactivated, ttl, witness, watchers } = last.parameters
  return {
    versionId: version.versionId,
    versionTime: version.versionTime,
    created: first.versionTime,
    updated: last.versionTime,
    scid,
    portable,
    deactivated,
    ttl: String(ttl),
    ...(version.document.id === did ? {} : { canonicalId: version.document.id }),
    ...(witness === undefined
      ? {}
      : {
          witness: {
            threshold: String(witness.threshold),
            witnesses: witness.witnesses.map((multikey) => ({ id: `did:key:${multikey}` })),
          },
        }),
    ...(watchers.length === 0 ? {} : { watchers }),
  }
}
