/** `facet verifier …`: run a verifier, ask through it, and read what came of it. */
import { readDid } from '@facet-id/credential/did'
import { isJsonArray } from '@facet-id/credential/json'
import { readIdentifierUrl } from '@facet-id/protocol/url'
import { FacetError } from '../../error.ts'
import { PERSON_VCT } from '../../person-type.ts'
import type { VerifierServiceOptions } from '../../service/verifier-service.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { readTypeSources } from '../../types/type-sources.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { judge } from '../judge.ts'
import { ask } from '../operating.ts'
import { nodeOptions, serveUntilStopped } from '../serving.ts'
import { syntax } from '../syntax.ts'
import { askWallet, DEFAULT_DATA, dataOf, receive, result, returned } from './asking.ts'
import { readClientNames, readWebhook } from './serving-options.ts'

const actions = { serve, ask: askWallet, result, receive, returned, check, judge } as const

export async function verifier(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !isAction(name))
    throw new FacetError('usage', `facet verifier takes: ${Object.keys(actions).join(', ')}`)
  return actions[name](rest, terminal)
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
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
  const clients = await readClientNames(args, terminal)
  const webhook = await readWebhook(args)
  const { startVerifierService } = await import('../../service/verifier-service.ts')
  const options = await nodeOptions(args, DEFAULT_DATA, terminal)
  const service = await startVerifierService({
    ...options,
    issuers,
    types,
    clients,
    describedTypes: vcts,
    profile: profileOf(args),
    limits: limitsOf(args),
    ...responseModeOf(args),
    ...(webhook === undefined ? {} : { webhook }),
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

function profileOf(args: Arguments): 'none' | 'haip' {
  const profile = args.value('profile') ?? 'none'
  if (profile === 'none' || profile === 'haip') return profile
  throw new FacetError('usage', '--profile takes "haip" or "none"')
}

function responseModeOf(args: Arguments): Pick<VerifierServiceOptions, 'responseMode'> {
  const mode = args.value('mode')
  if (mode === undefined) return {}
  if (mode === 'direct_post' || mode === 'direct_post.jwt') return { responseMode: mode }
  throw new FacetError('usage', '--mode of a service takes direct_post or direct_post.jwt')
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

/** Exit code 0 only when nothing lacks. */
async function check(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier check'])
  if ((args.value('profile') ?? 'haip') !== 'haip') throw new FacetError('usage', '--profile takes "haip"')
  const answer = await ask(dataOf(args), 'check', {})
  const { clients, gaps } = answer
  const lacking = isJsonArray(gaps) ? gaps.map(String) : []
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(answer))
  else {
    for (const client of isJsonArray(clients) ? clients : []) output.line(`It asks as ${String(client)}`)
    for (const gap of lacking) output.bad(gap)
    if (lacking.length === 0) output.good('Nothing lacks for HAIP 1.0.')
  }
  return lacking.length === 0 ? 0 : 1
}
