/** `facet did …`: the DIDs of a data directory, and those of others. */

import { isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { FacetError } from '../../error.ts'
import { askLine } from '../../terminal/asking.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { print, timeOf } from '../operating.ts'
import { type Syntax, syntax } from '../syntax.ts'
import { exportDid, importDid, publishDid } from './carrying.ts'
import { explainDid, resolveDid } from './resolving.ts'
import { onDids } from './with-dids.ts'
import { signAsWitness } from './witnessing.ts'

type Act = (args: Arguments, terminal: Terminal) => Promise<number>

const actions: Readonly<Record<string, { readonly takes: Syntax; readonly act: Act }>> = {
  create: { takes: syntax['did create'], act: create },
  list: { takes: syntax['did list'], act: list },
  show: { takes: syntax['did show'], act: show },
  rotate: {
    takes: syntax['did rotate'],
    act: changing('did-rotate', ({ number }) => overlapIn(number('overlap'))),
  },
  'add-service': {
    takes: syntax['did add-service'],
    act: changing('did-add-service', (args) => needed(args, ['id', 'type', 'endpoint'])),
  },
  'remove-service': {
    takes: syntax['did remove-service'],
    act: changing('did-remove-service', (args) => needed(args, ['id'])),
  },
  move: {
    takes: syntax['did move'],
    act: changing('did-move', (args) => ({ ...needed(args, ['domain']), ...given(args, ['path']) })),
  },
  deactivate: { takes: syntax['did deactivate'], act: deactivate },
  export: { takes: syntax['did export'], act: exportDid },
  import: { takes: syntax['did import'], act: importDid },
  witness: { takes: syntax['did witness'], act: signAsWitness },
  publish: { takes: syntax['did publish'], act: publishDid },
  resolve: { takes: syntax['did resolve'], act: resolveDid },
  explain: { takes: syntax['did explain'], act: explainDid },
}

export async function did(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = argv
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined)
    throw new FacetError('usage', `facet did takes: ${Object.keys(actions).join(', ')}`)
  return action.act(readArguments(rest, action.takes), terminal)
}

async function create(args: Arguments, terminal: Terminal): Promise<number> {
  const path = args.value('path')
  const witnesses = args.values('witness')
  const threshold = args.number('threshold') ?? witnesses.length
  const wish: JsonObject = {
    method: args.value('method') ?? 'jwk',
    ...given(args, ['alg', 'domain']),
    ...(path === undefined ? {} : { path: path.split('/').filter((part) => part !== '') }),
    ...(args.switches.has('portable') ? { portable: true } : {}),
    ...(witnesses.length === 0 ? {} : { witness: { threshold, witnesses } }),
  }
  const made = await onDids(args, terminal, 'did-create', { wish, ...given(args, ['alias']) })
  return told(made, args, terminal)
}

/** An action that changes the DID which its word names. */
function changing(operation: string, inputOf: (args: Arguments) => JsonObject): Act {
  return async (args, terminal) => {
    const input = { name: args.word(), ...inputOf(args) }
    return told(await onDids(args, terminal, operation, input), args, terminal)
  }
}

async function deactivate(args: Arguments, terminal: Terminal): Promise<number> {
  if (!args.switches.has('yes')) {
    const answer = await askLine(
      terminal,
      'For ever: nothing it signed will be verified any more. Type "yes": ',
    )
    if (answer !== 'yes') throw new FacetError('usage', 'Nothing was done; --yes agrees without being asked')
  }
  return told(await onDids(args, terminal, 'did-deactivate', { name: args.word() }), args, terminal)
}

async function list(args: Arguments, terminal: Terminal): Promise<number> {
  const answer = await onDids(args, terminal, 'did-list', {})
  if (args.switches.has('json')) {
    print(answer, true, terminal)
    return 0
  }
  createOutput(terminal).table(
    ['alias', 'method', 'made', 'keys', 'DID'],
    objectsIn(answer.dids).map((one) => [
      String(one.alias ?? ''),
      String(one.method),
      timeOf(one.createdAt),
      one.deactivatedAt === undefined ? String(objectsIn(one.keys).length) : 'given up',
      String(one.did),
    ]),
  )
  return 0
}

async function show(args: Arguments, terminal: Terminal): Promise<number> {
  const answer = await onDids(args, terminal, 'did-show', { name: args.word() })
  told(answer, args, terminal)
  const { document } = answer
  if (args.switches.has('json')) return 0
  const output = createOutput(terminal)
  for (const line of `document: ${JSON.stringify(document, null, 2)}`.split('\n')) output.line(line)
  return 0
}

/** A DID and what is kept of it, key by key. */
function told(answer: JsonObject, args: Arguments, terminal: Terminal): number {
  if (args.switches.has('json')) {
    print(answer, true, terminal)
    return 0
  }
  const output = createOutput(terminal)
  output.line(`did: ${String(answer.did)}`)
  if (answer.alias !== undefined) output.line(`alias: ${String(answer.alias)}`)
  if (answer.deactivatedAt !== undefined) output.line(`given up: ${timeOf(answer.deactivatedAt)}`)
  for (const key of objectsIn(answer.keys)) {
    const roles = Array.isArray(key.roles) ? key.roles.join(', ') : ''
    const until = key.until === undefined ? '' : `, verified until ${timeOf(key.until)}`
    output.line(`key ${String(key.id)}: ${String(key.curve)}, ${roles}, ${String(key.state)}${until}`)
  }
  for (const service of objectsIn(answer.services)) {
    output.line(`service ${String(service.id)}: ${String(service.type)}, ${String(service.serviceEndpoint)}`)
  }
  return 0
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

function overlapIn(days: number | undefined): JsonObject {
  return days === undefined ? {} : { overlapDays: days }
}

function given(args: Arguments, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = args.value(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** @throws {FacetError} `usage` */
function needed(args: Arguments, names: readonly string[]): JsonObject {
  const missing = names.find((name) => args.value(name) === undefined)
  if (missing !== undefined) throw new FacetError('usage', `This command needs --${missing}`)
  return given(args, names)
}
