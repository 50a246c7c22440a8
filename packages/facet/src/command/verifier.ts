/** `facet verifier …`: run a verifier, ask through it, and read what came of it. */
import { readDid } from '@facet-id/credential/did'
import { readIdentifierUrl } from '@facet-id/protocol/url'
import { FacetError } from '../error.ts'
import { personQuery } from '../person-query.ts'
import { PERSON_VCT } from '../person-type.ts'
import type { VerifierServiceOptions } from '../service/verifier-service.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'
import { readTypeSources } from '../types/type-sources.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { judge } from './judge.ts'
import { ask, print, readObjectFile } from './operating.ts'
import { printResult } from './result.ts'
import { nodeOptions, serveUntilStopped } from './serving.ts'
import { syntax } from './syntax.ts'

const DEFAULT_DATA = '.facet/verifier'

export async function verifier(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  switch (action) {
    case 'serve':
      return serve(rest, terminal)
    case 'ask':
      return askWallet(rest, terminal)
    case 'result':
      return result(rest, terminal)
    case 'judge':
      return judge(rest, terminal)
    default:
      throw new FacetError('usage', 'facet verifier takes: serve, ask, result, judge')
  }
}

async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier serve'])
  const vcts = [args.value('vct') ?? PERSON_VCT]
  const development = args.switches.has('development')
  const issuers = args.values('issuer').map((id) => ({ id: issuerOf(id, development), vcts }))
  const file = args.value('trust')
  if (issuers.length === 0 && file === undefined)
    throw new FacetError(
      'usage',
      'facet verifier serve needs --issuer ISSUER or --trust FILE: nobody else is believed',
    )
  const types = await readTypeSources(args)
  const { startVerifierService } = await import('../service/verifier-service.ts')
  const options = await nodeOptions(args, DEFAULT_DATA, terminal)
  const service = await startVerifierService({
    ...options,
    issuers,
    types,
    limits: limitsOf(args),
    ...(file === undefined ? {} : { trustFile: file }),
  })
  const facts = { verifier: service.url, client_id: service.clientId }
  return serveUntilStopped(service, facts, { args, terminal })
}

function limitsOf({ switches }: Arguments): NonNullable<VerifierServiceOptions['limits']> {
  return {
    ...(switches.has('require-status') ? { status: 'required' } : {}),
    ...(switches.has('no-end-needed') ? { requiredClaims: [] } : {}),
    ...(switches.has('accept-withheld') ? { withheldLimits: 'accepted' } : {}),
  }
}

/** A rule for something else would be kept, and never apply. */
function issuerOf(text: string, development: boolean): string {
  try {
    if (text.startsWith('did:')) return readDid(text).did
    return readIdentifierUrl(text, development ? 'https_or_loopback_http' : 'https').href
  } catch (cause) {
    throw new FacetError(
      'usage',
      '--issuer takes a DID or an https URL, as "facet issuer serve" prints them',
      { cause },
    )
  }
}

async function askWallet(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier ask'])
  const file = args.value('query')
  const age = args.number('over')
  const nationality = args.value('nationality')
  const wishes = {
    ...(age === undefined ? {} : { age }),
    ...(nationality === undefined ? {} : { nationality }),
  }
  if (file === undefined && Object.keys(wishes).length === 0) {
    throw new FacetError('usage', 'facet verifier ask needs --over AGE, --nationality CODE or --query FILE')
  }
  const query = file === undefined ? personQuery(wishes) : await readObjectFile(file)
  print(await ask(dataOf(args), 'ask', { dcql_query: query }), args.switches.has('json'), terminal)
  return 0
}

/** Exit code 0 only when what was asked for was shown and verified. */
async function result(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier result'])
  const transactionId = args.word()
  const until = Date.now() + (args.number('wait') ?? 0) * 1000
  let answer = await ask(dataOf(args), 'result', { transactionId })
  while (answer.outcome === 'pending' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    answer = await ask(dataOf(args), 'result', { transactionId })
  }
  if (args.switches.has('json')) print(answer, true, terminal)
  else printResult(answer, createOutput(terminal))
  return answer.outcome === 'verified' ? 0 : 1
}

function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
