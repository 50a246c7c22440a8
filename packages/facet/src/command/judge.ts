/** `facet verifier judge`: a file of presentations, one a line, judged offline by several workers. */
import { readFile } from 'node:fs/promises'
import { readDid } from '@facet-id/credential/did'
import { systemClock } from '../clock.ts'
import { FacetError } from '../error.ts'
import { type Judged, judgeBatch } from '../judging/batch.ts'
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
  const rules = { now: systemClock.now(), nonce, audience, issuers, vcts, workers }
  const judged = await judgeBatch(presentations, rules)
  const totals = totalsOf(judged)
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify({ presentations: judged, ...totals }))
  else {
    for (const [at, { outcome, reason }] of judged.entries()) {
      output.line(`${at + 1}: ${outcome}${reason === undefined ? '' : ` [${reason}]`}`)
    }
    output.line(
      Object.entries(totals)
        .map(([name, count]) => `${name}: ${count}`)
        .join(', '),
    )
  }
  return judged.length > 0 && totals.verified === judged.length ? 0 : 1
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
