/** What is asked through a running verifier, and what came of it. */
import { readFile } from 'node:fs/promises'
import { type JsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import { FacetError } from '../../error.ts'
import { personQuery } from '../../person-query.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { qrCode } from '../../terminal/qr.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { ask, print, readObjectFile } from '../operating.ts'
import { syntax } from '../syntax.ts'
import { printResult } from './result.ts'

export const DEFAULT_DATA = '.facet/verifier'

export async function askWallet(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier ask'])
  if (args.switches.has('qr') && args.value('mode')?.startsWith('dc_api') === true)
    throw new FacetError('usage', '--qr draws a link, and through the platform there is none')
  const input = { ...(await whatIn(args)), ...howIn(args), ...(await transactionsIn(args)) }
  const made = await ask(dataOf(args), 'ask', input)
  print(made, args.switches.has('json'), terminal)
  if (args.switches.has('qr') && typeof made.link === 'string') {
    const side = args.switches.has('json') ? terminal.err : terminal.out
    side.write(qrCode(made.link, terminal))
  }
  return 0
}

async function whatIn(args: Arguments): Promise<JsonObject> {
  const words = args.optionalWord
  const file = args.value('dcql')
  const age = args.number('over')
  const nationality = args.value('nationality')
  const wishes = {
    ...(age === undefined ? {} : { age }),
    ...(nationality === undefined ? {} : { nationality }),
  }
  const ways = [words, file, Object.keys(wishes)[0]].filter((way) => way !== undefined)
  if (ways.length !== 1) {
    throw new FacetError(
      'usage',
      'facet verifier ask needs one of: words such as "over 18", --dcql FILE, or --over AGE and --nationality CODE',
    )
  }
  if (words !== undefined) return { words }
  return { dcql_query: file === undefined ? personQuery(wishes) : await readObjectFile(file) }
}

const texts = {
  mode: 'mode',
  as: 'as',
  at: 'at',
  page: 'page',
  origin: 'origin',
  reference: 'reference',
} as const

function howIn(args: Arguments): JsonObject {
  const said = Object.entries(texts).flatMap(([option, member]) => {
    const value = args.value(option)
    return value === undefined ? [] : [[member, value] as const]
  })
  return {
    ...Object.fromEntries(said),
    ...sameDeviceIn(args),
    ...(args.switches.has('by-value') ? { byValue: true } : {}),
    ...(args.switches.has('unsigned') ? { unsigned: true } : {}),
  }
}

function sameDeviceIn(args: Arguments): JsonObject {
  const [session, returnTo] = [args.value('session'), args.value('return-to')]
  const isSame = args.switches.has('same-device')
  if (isSame && session !== undefined && returnTo !== undefined) return { session, returnTo }
  if (isSame || session !== undefined || returnTo !== undefined)
    throw new FacetError('usage', '--same-device goes with --session TEXT and --return-to URL')
  return {}
}

async function transactionsIn(args: Arguments): Promise<JsonObject> {
  const file = args.value('transaction-data')
  return file === undefined ? {} : { transactions: await readJsonFile(file) }
}

/** Exit code 0 only when what was asked for was shown and verified. */
export async function result(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier result'])
  const transactionId = args.word()
  const until = Date.now() + (args.number('wait') ?? 0) * 1000
  // The service answers as soon as something came, or before this call would be given up.
  const look = (): Promise<JsonObject> => {
    const wait = Math.max(until - Date.now(), 0)
    return ask(dataOf(args), 'result', { transactionId, ...(wait === 0 ? {} : { wait }) })
  }
  let answer = await look()
  while (isOpen(answer) && Date.now() < until) answer = await look()
  return told(answer, args, terminal)
}

function isOpen({ outcome }: JsonObject): boolean {
  return outcome === 'pending' || outcome === 'awaiting_return'
}

/** An answer that came to a page: its page's server hands it in. */
export async function receive(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier receive'])
  const transactionId = args.word()
  const [parameters, file] = [args.value('parameters'), args.value('answer')]
  if ((parameters === undefined) === (file === undefined))
    throw new FacetError('usage', 'facet verifier receive needs --parameters TEXT or --answer FILE')
  const answer =
    file === undefined ? { parameters: parametersIn(parameters ?? '') } : { data: await readJsonFile(file) }
  return told(await ask(dataOf(args), 'receive', { transactionId, ...answer }), args, terminal)
}

/** The browser of the same device is back. */
export async function returned(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(argv, syntax['verifier returned'])
  const session = args.value('session')
  if (session === undefined) throw new FacetError('usage', 'facet verifier returned needs --session TEXT')
  const back = { responseCode: codeIn(args.word()), session }
  return told(await ask(dataOf(args), 'returned', back), args, terminal)
}

/** The code alone, or the whole address that the browser came to. */
function codeIn(word: string): string {
  if (!URL.canParse(word)) return word
  const code = new URL(word).searchParams.get('response_code')
  if (code !== null) return code
  throw new FacetError('usage', 'There is no response_code in that address')
}

/** The parameters alone, or the whole address that the browser came to. */
function parametersIn(text: string): string {
  if (!URL.canParse(text)) return text
  const [, parameters = ''] = /#(.+)$/.exec(text) ?? /\?([^#]*)/.exec(text) ?? []
  return parameters
}

function told(answer: JsonObject, args: Arguments, terminal: Terminal): number {
  if (args.switches.has('json')) print(answer, true, terminal)
  else printResult(answer, createOutput(terminal))
  return answer.outcome === 'verified' ? 0 : 1
}

async function readJsonFile(file: string): Promise<JsonValue> {
  try {
    return readJson(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as JSON`, { cause })
  }
}

export function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}
