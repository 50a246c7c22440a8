/** What a wallet does without an offer: ask an issuer itself, and see to what it holds. Each yields the exit code. */
import type { Due } from '@facet-id/holder'
import { createOutput } from '../terminal/output.ts'
import { type Action, printReceived } from './wallet-actions.ts'

/** Of an issuer that the person names. */
export const request: Action = async ({ holder }, args, terminal) => {
  printReceived(await holder.request(args.word(), args.values('configuration')), args, terminal)
  return 0
}

/** Nothing is sent: each line is a command that does what is due. */
export const due: Action = async ({ holder }, args, terminal) => {
  const all = await holder.due()
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify(all))
  else if (all.length === 0) output.line('Nothing is due.')
  else for (const one of all) output.line(`facet wallet ${commandFor(one)}`)
  return 0
}

export const topUp: Action = async ({ holder }, args, terminal) => {
  printReceived(await holder.topUp(args.word()), args, terminal)
  return 0
}

/** Without a word: all that is due. That an issuer could not be told is no error; it is tried again later. */
export const notify: Action = async ({ holder }, args, terminal) => {
  const word = args.optionalWord
  const ids =
    word === undefined
      ? (await holder.due()).flatMap((one) => (one.due === 'notify' ? [one.id] : []))
      : [word]
  for (const id of ids) await holder.notify(id)
  const left = (await holder.due()).filter((one) => one.due === 'notify').length
  const output = createOutput(terminal)
  if (args.switches.has('json')) output.line(JSON.stringify({ notified: ids.length, left }))
  else output.line(`Issuers were told of ${ids.length} credentials; ${left} are due still.`)
  return 0
}

function commandFor(due: Due): string {
  switch (due.due) {
    case 'resume':
      return `resume ${due.id}`
    case 'topUp':
      return `top-up ${due.credentialId}`
    case 'notify':
      return `notify ${due.id}`
  }
}
