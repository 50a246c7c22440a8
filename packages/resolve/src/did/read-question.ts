/** What is asked of a resolver: a DID, and which version of it (DID Resolution, Resolution Algorithm). */

import { type DidUrl, readDid, readDidUrl } from '@facet-id/credential/did'
import { findVersionTime, type VersionQuery } from '@facet-id/credential/did/webvh'
import { type DidErrorCode, type DidFailure, didMediaType } from './resolution.ts'

/** What may be said of a resolution. In a DID URL the same may stand in its query. */
export interface ResolveOptions {
  readonly versionId?: string
  /** UTC, whole seconds: `2027-01-15T08:00:00Z`. */
  readonly versionTime?: string
  readonly versionNumber?: number
  /** Media type that is wanted; `application/did` when absent. Those of DID 1.0 are the same here. */
  readonly accept?: string
}

export interface DidQuestion {
  readonly did: string
  readonly method: string
  /** Empty: the version that is in force. */
  readonly query: VersionQuery
}

/** Methods that have versions to be asked for. */
const withVersions = ['webvh']
const methods = ['jwk', 'key', 'peer', 'web', 'webvh']
const mediaTypes = [didMediaType, 'application/did+json', 'application/did+ld+json', 'application/json']
const known = ['versionId', 'versionTime', 'versionNumber', 'accept']

/** The question; or the first of the faults in it, in the order in which they are looked for. */
export function readQuestion(didUrl: string, options: ResolveOptions): DidQuestion | DidFailure {
  const url = readUrl(didUrl)
  if ('code' in url) return url
  const { did, query } = url
  const { method } = readDid(did)
  if (!methods.includes(method)) {
    return { code: 'METHOD_NOT_SUPPORTED', detail: `Resolved are did:${methods.join(', did:')}.` }
  }
  if (Object.keys(options).some((name) => !known.includes(name))) {
    return { code: 'FEATURE_NOT_SUPPORTED', detail: `Options are ${known.join(', ')}.` }
  }
  const asked = { ...versionsIn(query), ...versionsOf(options) }
  if (Object.keys(asked).length > 0 && !withVersions.includes(method)) {
    return { code: 'FEATURE_NOT_SUPPORTED', detail: `A did:${method} has no versions.` }
  }
  if (options.accept !== undefined && !mediaTypes.includes(options.accept)) {
    return { code: 'REPRESENTATION_NOT_SUPPORTED', detail: `Documents are given as ${didMediaType}.` }
  }
  const version = readVersion(asked)
  return 'code' in version ? version : { did, method, query: version }
}

function readUrl(didUrl: string): DidUrl | DidFailure {
  try {
    return readDidUrl(didUrl)
  } catch {
    const code: DidErrorCode = isDid(didUrl.split(/[/?#]/, 1)[0] ?? '') ? 'INVALID_DID_URL' : 'INVALID_DID'
    return { code, detail: 'It is not written as DIDs are: did:<method>:<id>.' }
  }
}

function isDid(text: string): boolean {
  try {
    readDid(text)
    return true
  } catch {
    return false
  }
}

/** As texts, because a URL has nothing else. */
type Asked = { readonly [name in 'versionId' | 'versionTime' | 'versionNumber']?: string }

function versionsIn(query = ''): Asked {
  const parameters = query.split('&').map((pair) => {
    const end = pair.indexOf('=')
    return end === -1 ? [pair, ''] : [pair.slice(0, end), pair.slice(end + 1)]
  })
  const asked: { [name: string]: string } = {}
  for (const [name = '', value = ''] of parameters) {
    // Of two that differ neither is meant.
    if (known.includes(name) && name !== 'accept') asked[name] = name in asked ? '' : decoded(value)
  }
  return asked
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

function versionsOf({ versionId, versionTime, versionNumber }: ResolveOptions): Asked {
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionTime === undefined ? {} : { versionTime }),
    ...(versionNumber === undefined ? {} : { versionNumber: String(versionNumber) }),
  }
}

/** "versionId and versionTime … are mutually exclusive"; "MUST be … UTC … without sub-second decimal precision". */
function readVersion({ versionId, versionTime, versionNumber }: Asked): VersionQuery | DidFailure {
  const given = [versionId, versionTime, versionNumber].filter((value) => value !== undefined)
  const isTime =
    versionTime === undefined || (/^[^.]+Z$/.test(versionTime) && findVersionTime(versionTime) !== undefined)
  const isNumber = versionNumber === undefined || /^[1-9][0-9]{0,8}$/.test(versionNumber)
  if (given.length > 1 || given.includes('') || !isTime || !isNumber) {
    return {
      code: 'INVALID_OPTIONS',
      detail:
        'Ask for one version: by versionId, by versionTime in UTC and whole seconds, or by versionNumber.',
    }
  }
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(versionTime === undefined ? {} : { versionTime }),
    ...(versionNumber === undefined ? {} : { versionNumber: Number(versionNumber) }),
  }
}
