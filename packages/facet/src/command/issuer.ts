/** `facet issuer …`: run an issuance node, and operate one that runs. */
import { isJsonObject } from '@facet-id/credential/json'
import type { Issuer } from '@facet-id/issuer'
import { readSigningCertificate, type SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import { PERSON_CONFIGURATION } from '../person-credential.ts'
import { createErrorOutput, createOutput, type Terminal } from '../terminal/output.ts'
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
    case 'status':
      return status(rest, terminal)
    case 'resume':
      return resume(rest, terminal)
    default:
      throw new FacetError('usage', 'facet issuer takes: serve, offer, list, revoke, status, resume')
  }
}

async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer serve'])
  const ttl = args.number('status-ttl')
  const every = args.number('second-opinion-every')
  const { startIssuanceNode } = await import('../service/issuance-node.ts')
  const node = await startIssuanceNode({
    ...(await nodeOptions(args, DEFAULT_DATA, terminal)),
    ...(ttl === undefined ? {} : { statusListTtl: ttl }),
    ...(every === undefined ? {} : { secondOpinionEvery: every }),
    knownBy: await knownByOf(args, terminal),
  })
  const { credentialIssuer, did, certificate } = node
  const facts = {
    credential_issuer: credentialIssuer,
    did,
    ...(certificate === undefined ? {} : { certificate }),
  }
  const warn = (): Promise<void> => warnOfStopped(node.issuer, terminal)
  await warn().catch(async (error: unknown) => {
    await node.close()
    throw error
  })
  const close = (): Promise<void> => warn().finally(() => node.close())
  return serveUntilStopped({ port: node.port, close }, facts, { args, terminal })
}

/** At the start and at the end: whoever was not looking when it was stopped hears of it all the same. */
async function warnOfStopped(issuer: Issuer, terminal: Terminal): Promise<void> {
  for (const { configurationId, stoppedAt } of await issuer.stopped()) {
    createErrorOutput(terminal).line(
      `facet: the configuration ${JSON.stringify(configurationId)} is stopped since ${timeOf(stoppedAt)}, because a second engine read a credential of it differently; "facet issuer resume" issues it again [configuration_stopped]`,
    )
  }
}

async function knownByOf(
  args: Arguments,
  { environment }: Terminal,
): Promise<'did' | 'address' | SigningCertificate> {
  const said = args.value('known-by') ?? 'did'
  const certificate = args.value('certificate')
  const key = args.value('certificate-key')
  if (said === 'certificate') {
    if (certificate !== undefined && key !== undefined)
      return readSigningCertificate({ certificate, key, environment })
    throw new FacetError(
      'usage',
      '--known-by certificate needs --certificate FILE and --certificate-key FILE',
    )
  }
  if (certificate !== undefined || key !== undefined)
    throw new FacetError('usage', '--certificate and --certificate-key go with --known-by certificate')
  if (said === 'did' || said === 'address') return said
  throw new FacetError('usage', '--known-by takes "did", "address" or "certificate"')
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

async function status(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer status'])
  const answer = await ask(dataOf(args), 'status', {})
  if (args.switches.has('json')) {
    print(answer, true, terminal)
    return 0
  }
  const { configurations } = answer
  createOutput(terminal).table(
    ['configuration', 'state', 'since'],
    (Array.isArray(configurations) ? configurations : [])
      .filter(isJsonObject)
      .map((row) => [String(row.configurationId), String(row.state), timeOf(row.stoppedAt)]),
  )
  return 0
}

async function resume(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['issuer resume'])
  const answer = await ask(dataOf(args), 'resume', { configurationId: args.word() })
  print(answer, args.switches.has('json'), terminal)
  return 0
}

function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
