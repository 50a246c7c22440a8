/** `facet issuer offer`: a link for one person, with a code in it, or for whoever logs in. */
import type { JsonObject } from '@facet-id/credential/json'
import { FacetError } from '../../error.ts'
import { PERSON_CONFIGURATION } from '../../person-credential.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { qrCode } from '../../terminal/qr.ts'
import type { Arguments } from '../arguments.ts'
import { ask, print, readObjectFile } from '../operating.ts'
import { dataOf } from './configured.ts'

export async function offer(args: Arguments, terminal: Terminal): Promise<number> {
  const made = args.switches.has('authorization-code') ? await invited(args) : await offered(args)
  print(made, args.switches.has('json'), terminal)
  if (args.switches.has('qr')) {
    const output = createOutput(terminal)
    // Programs get the one line of data that they read; the picture is for people.
    const drawn = qrCode(String(made.link), terminal)
    if (!args.switches.has('json')) output.line()
    if (args.switches.has('json')) terminal.err.write(drawn)
    else terminal.out.write(drawn)
  }
  return 0
}

async function offered(args: Arguments): Promise<JsonObject> {
  const file = args.value('claims')
  if (file === undefined)
    throw new FacetError(
      'usage',
      'facet issuer offer needs --claims FILE, a JSON object, or --authorization-code',
    )
  if (args.value('subject') !== undefined)
    throw new FacetError('usage', '--subject goes with --authorization-code: it says who must log in')
  if (args.value('server') !== undefined)
    throw new FacetError('usage', '--server goes with --authorization-code: it says where to log in')
  const [configurationId = PERSON_CONFIGURATION, ...more] = args.values('configuration')
  if (more.length > 0)
    throw new FacetError(
      'usage',
      'An offer with a code in it is of one --configuration; with --authorization-code of several',
    )
  return ask(dataOf(args), 'offer', {
    configurationId,
    claims: await readObjectFile(file),
    by: wayOf(args),
    ...txCodeOf(args),
  })
}

/** The claims are those of that one person; of others the issuer is asked when they have logged in. */
async function invited(args: Arguments): Promise<JsonObject> {
  const taken = ['tx-code', 'tx-code-length', 'tx-code-hint'].find((name) => args.value(name) !== undefined)
  if (taken !== undefined || args.switches.has('no-tx-code'))
    throw new FacetError(
      'usage',
      'Whoever logs in needs no transaction code: leave it out, or --authorization-code',
    )
  const named = args.values('configuration')
  const configurationIds = named.length === 0 ? [PERSON_CONFIGURATION] : named
  const subject = args.value('subject')
  const server = args.value('server')
  const file = args.value('claims')
  if (file !== undefined && configurationIds.length > 1)
    throw new FacetError('usage', 'Claims are of one --configuration')
  const claims = file === undefined ? undefined : await readObjectFile(file)
  return ask(dataOf(args), 'invite', {
    configurationIds,
    by: wayOf(args),
    ...(subject === undefined ? {} : { subject }),
    ...(server === undefined ? {} : { server }),
    ...(claims === undefined ? {} : { claims: { [configurationIds[0] ?? '']: claims } }),
  })
}

function wayOf(args: Arguments): 'value' | 'reference' {
  return args.switches.has('by-reference') ? 'reference' : 'value'
}

function txCodeOf(args: Arguments): JsonObject {
  const mode = args.value('tx-code')
  if (mode !== undefined && !['numeric', 'text', 'none'].includes(mode))
    throw new FacetError('usage', '--tx-code takes "numeric", "text" or "none"')
  if (mode === 'none' || args.switches.has('no-tx-code')) return { txCodeLength: 0 }
  const length = args.number('tx-code-length')
  const description = args.value('tx-code-hint')
  return {
    ...(mode === undefined ? {} : { txCodeMode: mode }),
    ...(length === undefined ? {} : { txCodeLength: length }),
    ...(description === undefined ? {} : { txCodeDescription: description }),
  }
}
