/** `facet trust list …`: a list of trusted parties, from the first rule to the signed edition. */
import { isJsonArray, type JsonValue, readJson } from '@facet-id/credential/json'
import { systemClock } from '../../clock.ts'
import { FacetError } from '../../error.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { withoutRule, withRule } from '../../trust/edit-rules.ts'
import {
  createListDirectory,
  listFiles,
  readDraft,
  signEdition,
  writeDraft,
} from '../../trust/list-directory.ts'
import { judgeListFile } from '../../trust/list-source.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { print } from '../operating.ts'
import { syntax } from '../syntax.ts'

const EDITION_DAYS = 30

const actions = { create, add, remove, sign, show, verify } as const

export async function list(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !isAction(name))
    throw new FacetError('usage', `facet trust list takes: ${Object.keys(actions).join(', ')}`)
  return actions[name](readArguments(rest, syntax[`trust list ${name}`]), terminal)
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

async function create(args: Arguments, terminal: Terminal): Promise<number> {
  const named = { list: needed(args, 'name'), environment: needed(args, 'environment') }
  for (const text of Object.values(named))
    if (!/^[\x21-\x7e]{1,256}$/.test(text)) throw new FacetError('usage', 'A name of a list has no blanks')
  await createListDirectory(args.word(), named, terminal.environment)
  const facts = {
    ...named,
    rules: `${args.word()}/${listFiles.rules}`,
    signer: `${args.word()}/${listFiles.signer}`,
  }
  print(facts, args.switches.has('json'), terminal)
  return 0
}

async function add(args: Arguments, terminal: Terminal): Promise<number> {
  const { role, party } = about(args)
  const draft = await readDraft(args.word())
  const { rules, rule, merged } = withRule(draft.rules, role, ruleOf(role, party, args))
  await writeDraft(args.word(), { ...draft, rules })
  const json = args.switches.has('json')
  print(
    { [role]: rules[role].length, ...(merged ? { merged: json ? rule : JSON.stringify(rule) } : {}) },
    json,
    terminal,
  )
  return 0
}

async function remove(args: Arguments, terminal: Terminal): Promise<number> {
  const { role, party } = about(args)
  const draft = await readDraft(args.word())
  const rules = withoutRule(draft.rules, role, party)
  await writeDraft(args.word(), { ...draft, rules })
  print({ [role]: rules[role].length }, args.switches.has('json'), terminal)
  return 0
}

async function sign(args: Arguments, terminal: Terminal): Promise<number> {
  const times = { now: Math.floor(systemClock.now()), days: args.number('days') ?? EDITION_DAYS }
  const { sequence, expiresAt } = await signEdition(args.word(), times, terminal.environment)
  const facts = { sequence, edition: `${args.word()}/${listFiles.edition}`, endsAt: expiresAt }
  print(facts, args.switches.has('json'), terminal)
  return 0
}

async function show(args: Arguments, terminal: Terminal): Promise<number> {
  const { rules, ...draft } = await readDraft(args.word())
  if (args.switches.has('json')) print({ ...draft, ...rules }, true, terminal)
  else {
    print(draft, false, terminal)
    const output = createOutput(terminal)
    for (const [role, of] of Object.entries(rules)) {
      output.heading(role)
      for (const rule of of) output.detail(JSON.stringify(rule))
    }
  }
  return 0
}

/** Exit code 0 only when the list would be believed now. */
async function verify(args: Arguments, terminal: Terminal): Promise<number> {
  const signers = args.values('signer')
  if (signers.length === 0)
    throw new FacetError('usage', 'facet trust list verify needs --signer FILE, a public key')
  const place = {
    list: needed(args, 'name'),
    environment: needed(args, 'environment'),
    file: args.word(),
    signers,
  }
  const { list: read, outcome } = await judgeListFile(place, systemClock.now())
  const { sequence, expiresAt } = read
  const facts =
    outcome.outcome === 'accepted' ? { outcome: 'accepted' } : { outcome: outcome.code, why: outcome.why }
  print({ ...facts, sequence, endsAt: expiresAt }, args.switches.has('json'), terminal)
  return outcome.outcome === 'accepted' ? 0 : 1
}

type Role = 'issuers' | 'verifiers' | 'blocked'

const roles = { issuer: 'issuers', verifier: 'verifiers', block: 'blocked' } as const

function about(args: Arguments): { readonly role: Role; readonly party: JsonValue } {
  const given = (['issuer', 'verifier', 'block'] as const).flatMap((option) => {
    const text = args.value(option)
    return text === undefined ? [] : [{ role: roles[option], party: partyOf(text) }]
  })
  const [one, ...more] = given
  if (one === undefined || more.length > 0)
    throw new FacetError('usage', 'A rule is about one party: --issuer, --verifier or --block')
  return one
}

const kinds: readonly string[] = ['didMethod', 'didDomain', 'anchor', 'certificate', 'federation']

/** `didDomain=gov.example`, or a name. What only looks like a kind is none of either: it would be about nobody. */
function partyOf(text: string): JsonValue {
  const [, kind, value = ''] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? []
  if (kind === undefined) return { id: text }
  if (kinds.includes(kind)) return { [kind]: value }
  throw new FacetError('usage', `A party is a name, or one of ${kinds.join('=, ')}= with its value`)
}

function ruleOf(role: Role, party: JsonValue, args: Arguments): JsonValue {
  const vcts = args.values('vct')
  if (role === 'blocked') return party
  if (vcts.length === 0)
    throw new FacetError('usage', 'The rule needs --vct TYPE: what the party is trusted for')
  if (role === 'issuers') return { party, vcts }
  const paths = args.values('claim').map(pathOf)
  const claims = vcts.map((vct) => ({ vct, paths }))
  const purpose = args.value('purpose')
  return purpose === undefined ? { party, claims } : { party, purposes: [{ purpose, claims }] }
}

function pathOf(text: string): JsonValue {
  if (!text.startsWith('[')) return [text]
  try {
    const path = readJson(text)
    if (isJsonArray(path)) return path
  } catch {
    // Told below.
  }
  throw new FacetError('usage', '--claim takes the name of a claim, or a path as a JSON array')
}

function needed(args: Arguments, option: string): string {
  const value = args.value(option)
  if (value === undefined) throw new FacetError('usage', `This command needs --${option}`)
  return value
}
