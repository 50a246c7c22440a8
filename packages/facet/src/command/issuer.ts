/** `facet issuer …`: run an issuance node, and operate one that runs. */
import { isJsonObject } from '@facet-id/credential/json'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION } from '../person-credential.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { ask, print, readObjectFile, timeOf } from './operating.ts'
import { nodeOptions, serveUntilStopped } from './serving.ts'
import { syntax } from './syntax.ts'

const DEFAULT_DATA = '.facet/issuer'

export async function issuer(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [action, ...rest] = argv
  switch (action) {
    case 'serve':
      return serve(rest, terminal)
    case 'offer':
      return offer(rest, terminal)
    case 'list':
      return list(rest, terminal)
    case 'revoke':
      return revoke(rest, terminal)
    default:
      throw new FacetError('usage', 'facet issuer takes: serve, offer, list, revoke')
  }
}

async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer serve'])
  const ttl = args.number('status-ttl')
  const { startIssuanceNode } = await import('../service/issuance-node.ts')
  const node = await startIssuanceNode({
    ...(await nodeOptions(args, DEFAULT_DATA, terminal)),
    ...(ttl === undefined ? {} : { statusListTtl: ttl }),
  })
  const facts = { credential_issuer: node.credentialIssuer, did: node.did }
  return serveUntilStopped(node, facts, { args, terminal })
}

async function offer(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer offer'])
  const file = args.value('claims')
  if (file === undefined)
    throw new FacetError('usage', 'facet issuer offer needs --claims FILE, a JSON object')
  const made = await ask(dataOf(args), 'offer', {
    configurationId: args.value('configuration') ?? PERSON_CONFIGURATION,
    claims: await readObjectFile(file),
    ...(args.switches.has('no-tx-code') ? { txCodeLength: 0 } : {}),
  })
  print(made, args.switches.has('json'), terminal)
  return 0
}

async function list(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer list'])
  const answer = await ask(dataOf(args), 'issuances', {})
  if (args.switches.has('json')) {
    print(answer, true, terminal)
    return 0
  }
  const { issuances } = answer
  const rows = (Array.isArray(issuances) ? issuances : []).filter(isJsonObject)
  createOutput(terminal).table(
    ['issuance', 'configuration', 'issued', 'copies', 'revoked'],
    rows.map((row) => [
      String(row.issuanceId),
      String(row.configurationId),
      timeOf(row.issuedAt),
      String(row.copies),
      row.revokedAt === undefined ? '' : timeOf(row.revokedAt),
    ]),
  )
  return 0
}

async function revoke(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer revoke'])
  const answer = await ask(dataOf(args), 'revoke', { issuanceId: args.word() })
  print(answer, args.switches.has('json'), terminal)
  return 0
}

function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
