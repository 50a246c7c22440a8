import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSignatures, hash, sharedVectors } from '@facet-id/testkit'
import { describe, expect, test } from 'vitest'
import type { DidDocument } from '../document.ts'
import { absoluteDidUrl } from '../syntax.ts'
import {
  checksOf,
  findVersion,
  judgeDidLog,
  signedPartOf,
  type VersionQuery,
  webvhMetadata,
} from './judge.ts'
import { type DidLog, readDidLog } from './log.ts'
import { withImplicitServices } from './services.ts'
import { readWitnessProofs } from './witness-proofs.ts'

/** Logs that two other programs wrote, one folder a scenario. */
const folder = sharedVectors('did-webvh')
const now = Date.parse('2026-11-01T00:00:00Z') / 1000

/**
 * Its second entry has other witnesses, and only those have seen it. A rule counts "AFTER the new DID log entry has
 * been published", so that whoever stole a key cannot bring witnesses along: those before must have seen it.
 */
const withoutItsWitnesses = 'witness-update/ts'

function read(at: string): DidLog {
  const text = readFileSync(join(at, 'did.jsonl'), 'utf8')
  const [last = ''] = text.trim().split('\n').slice(-1)
  const log = readDidLog(text, JSON.parse(last).state.id, { hash, now })
  const file = readdirSync(at).includes('did-witness.json')
    ? readFileSync(join(at, 'did-witness.json'), 'utf8')
    : '[]'
  const signatures = checkSignatures(checksOf(log))
  const proofs = readWitnessProofs(file, signedPartOf(log, signatures), hash)
  const verdicts = checkSignatures(proofs.map(({ check }) => check))
  return judgeDidLog(log, signatures, { proofs, verdicts })
}

/** Programs differ in whether ids of services that nobody wrote are relative. */
function absolute(document: DidDocument): object {
  const service = document.service?.map((one) => ({ ...one, id: absoluteDidUrl(one.id, document.id) }))
  return { ...document, service }
}

describe.skipIf(folder === undefined)('logs of the public test suite', () => {
  const scenarios =
    folder === undefined
      ? []
      : readdirSync(folder).flatMap((name) => ['rust', 'ts'].map((program) => `${name}/${program}`))
  test.each(scenarios)('WVH-L1, WVH-L2, WVH-L3, WVH-L4, WVH-L5, WVH-P3 %s', (name) => {
    const at = join(folder ?? '', name)
    const log = read(at)
    if (name === withoutItsWitnesses) {
      expect(log.fault).toMatchObject({
        versionNumber: 2,
        reason: { message: expect.stringContaining('witnesses') },
      })
      return
    }
    expect(log.fault).toBeUndefined()
    for (const file of readdirSync(at).filter((one) => one.startsWith('resolutionResult'))) {
      const [, number] = /\.(\d+)\.json$/.exec(file) ?? []
      const query: VersionQuery = number === undefined ? {} : { versionNumber: Number(number) }
      const version = findVersion(log, query)
      if (version === undefined) throw new Error('a public version is found')
      const { didDocument, didDocumentMetadata } = JSON.parse(readFileSync(join(at, file), 'utf8'))
      expect(absolute(withImplicitServices(version.document))).toEqual(absolute(didDocument))
      const { versionId, versionTime, created } = didDocumentMetadata
      expect(webvhMetadata(log, version)).toMatchObject({ versionId, versionTime, created })
      expect(findVersion(log, { versionId })).toBe(version)
    }
  })
})
