/** `facet verifier judge`: a file of presentations, one a line, judged offline by several workers. */
import { readFile } from 'node:fs/promises'
import { readDid } from '@facet-id/credential/did'
import { systemClock } from '../clock.ts'
import { FacetError } from '../error.ts'
import { type Judged, judgeBatch, SKEW } from '../judging/batch.ts'
import { readStatusListFiles } from '../judging/status-list-files.ts'
import { PERSON_VCT } from '../person-type.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'
import { readArguments } from './arguments.ts'
import { syntax } from './syntax.ts'

const WORKERS = 2
const MOST_WORKERS = 64

/** Exit code 0 only when there is a presentation, and every one is verified. */
export async function judge(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier judge'])
  const [nonce, audience] = [args.value('nonce'), args.value('audience')]
  const issuers = args.values('issuer').map(didOf)
  const workers = args.number('workers') ?? WORKERS
  if (nonce === undefined || audience === undefined || issuers.length === 0) {
    throw new FacetError('usage', 'facet verifier judge needs --nonce, --audience and --issuer DID')
  }
  if (workers < 1 || workers > MOST_WORKERS) {
    throw new FacetError('usage', `--workers takes a number from 1 to ${MOST_WORKERS}`)
  }
  const presentations = await readLines(args.word())
  const vcts = [args.value('vct') ?? PERSON_VCT]
  const now = systemClock.now()
  const statusLists = await readStatusListFiles(args.values('status-list'), { now, skew: SKEW, issuers })
  const rules = { now, nonce, audience, issuers, vcts, statusLists, workers }
  const judged = await judgeBatch(presentations, rules)
  const totals = totalsOf(judged)
  const staleness = judged.reduce((most, { status }) => Math.max(most, status?.age ?? 0), 0)
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify({ presentations: judged, ...totals, staleness }))
  else {
    for (const [at, one] of judged.entries()) output.line(`${at + 1}: ${toldOf(one)}`)
    if (judged.some(({ status }) => status !== undefined))
      output.line(`The oldest status list that decided was made ${staleness} seconds ago.`)
    output.line(
      Object.entries(totals)
        .map(([name, count]) => `${name}: ${count}`)
        .join(', '),
    )
  }
  return judged.length > 0 && totals.verified === judged.length ? 0 : 1
}

function toldOf({ outcome, reason, text, status }: Judged): string {
  const why = reason === undefined ? '' : ` [${reason}] ${text ?? ''}`
  const read = status === undefined ? '' : ` (status list of ${status.age} seconds ago)`
  return `${outcome}${why}${read}`
}

function totalsOf(judged: readonly Judged[]): Readonly<Record<Judged['outcome'], number>> {
  const totals = { verified: 0, refused: 0, undetermined: 0 }
  for (const { outcome } of judged) totals[outcome]++
  return totals
}

/** @throws {FacetError} `file_unusable` */
async function readLines(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8'))
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read: it must hold a presentation a line`, {
      cause,
    })
  }
}

function didOf(text: string): string {
  try {
    return readDid(text).did
  } catch (cause) {
    throw new FacetError('usage', '--issuer takes a DID here, because nothing is fetched', { cause })
  }
}
