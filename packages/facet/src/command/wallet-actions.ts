/** What `facet wallet` does with an open wallet besides showing parts of it. Each yields the exit code. */
import { nameOf, type Received } from '@facet-id/holder'
import { FacetError } from '../error.ts'
import type { Wallet } from '../service/wallet.ts'
import { languagesOf } from '../terminal/languages.ts'
import { createOutput, type Terminal } from '../terminal/output.ts'
import type { Arguments } from './arguments.ts'
import { timeOf } from './operating.ts'

export type Action = (wallet: Wallet, args: Arguments, terminal: Terminal) => Promise<number>

export const accept: Action = async ({ holder }, args, terminal) => {
  printReceived(await holder.accept(args.word()), args, terminal)
  return 0
}

/** Without a word: the only one there is. */
export const resume: Action = async ({ holder }, args, terminal) => {
  const waiting = await holder.pending()
  const id = args.optionalWord ?? (waiting.length === 1 ? waiting[0]?.id : undefined)
  if (id === undefined) {
    throw new FacetError(
      'usage',
      waiting.length === 0
        ? 'Nothing waits to be resumed'
        : 'Several issuances wait: name one of those that "facet wallet pending" lists',
    )
  }
  printReceived(await holder.resume(id, args.value('back')), args, terminal)
  return 0
}

export const pending: Action = async ({ holder }, args, terminal) => {
  const waiting = await holder.pending()
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(waiting))
  else
    output.table(
      ['issuance', 'last obtained', 'issuer'],
      waiting.map(({ id, has, credentialIssuer }) => [id, has, credentialIssuer]),
    )
  return 0
}

export const abandon: Action = async ({ holder }, args, terminal) => {
  const issuance = args.word()
  const isKnown = (await holder.pending()).some(({ id }) => id === issuance)
  if (!isKnown) throw new FacetError('usage', 'No issuance of that id waits; see "facet wallet pending"')
  await holder.abandon(issuance)
  printDone({ abandoned: issuance }, args, terminal)
  return 0
}

export const forget: Action = async ({ holder }, args, terminal) => {
  const credential = args.word()
  await holder.forget(credential)
  printDone({ forgotten: credential }, args, terminal)
  return 0
}

export const list: Action = async ({ holder }, args, terminal) => {
  const all = await holder.credentials()
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(all))
  else {
    output.table(
      ['credential', 'name', 'type', 'copies left', 'expires'],
      all.map((one) => [
        one.credentialId,
        one.names === undefined ? (one.name ?? '') : nameOf(one, languagesOf(terminal)),
        one.vct,
        `${one.copiesLeft} of ${one.copies}`,
        timeOf(one.expiresAt),
      ]),
    )
    for (const { credentialId, undisclosed } of all) {
      if (undisclosed === undefined) continue
      output.line(
        `${credentialId}: ${undisclosed} digests stand for nothing in it. They are decoys, or the issuer kept claims back.`,
      )
    }
  }
  return 0
}

/** One line for each. */
export function printReceived(
  { credentials, waiting, failed }: Received,
  args: Arguments,
  terminal: Terminal,
): void {
  const output = createOutput(terminal)
  for (const one of credentials) {
    if (args.switches.has('json')) output.line(JSON.stringify(one))
    else output.line(`Received ${one.name ?? one.vct} in ${one.copies} copies, from ${one.credentialIssuer}`)
  }
  for (const { id, notBefore } of waiting) {
    if (args.switches.has('json')) output.line(JSON.stringify({ waiting: id, notBefore }))
    else output.line(`The issuer will have it later. From ${timeOf(notBefore)} on: facet wallet resume ${id}`)
  }
  for (const { id, error } of failed) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? 'unforeseen') : 'unforeseen'
    if (args.switches.has('json')) output.line(JSON.stringify({ failed: id, code }))
    else output.line(`Another credential of the offer was not received [${code}]`)
  }
}

function printDone(done: Readonly<Record<string, string>>, args: Arguments, terminal: Terminal): void {
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(done))
  else for (const [what, id] of Object.entries(done)) output.line(`${what}: ${id}`)
}
