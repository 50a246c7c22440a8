/** `facet wallet log`: what happened, searched, exported and deleted by its owner. */
import type { LogEntry, LogSearch } from '@facet-id/holder/log'
import { FacetError } from '../error.ts'
import { createOutput } from '../terminal/output.ts'
import type { Arguments } from './arguments.ts'
import { timeOf } from './operating.ts'
import type { Action } from './wallet-actions.ts'

export const log: Action = async ({ holder }, args, terminal) => {
  const output = createOutput(terminal)
  const isDeleting = args.switches.has('delete')
  if (isDeleting && args.switches.has('export'))
    throw new FacetError('usage', '--export and --delete are two things: export first, then delete')
  if (isDeleting) {
    refuseAll(args, ['verifier', 'vct', 'event', 'from'], '--delete takes no other search than --before')
    const { entries: deleted, ...how } = await holder.deleteLog(momentIn(args, 'before'))
    output.line(
      args.switches.has('json') ? JSON.stringify({ deleted, ...how }) : `deleted: ${deleted} entries`,
    )
    if (how.wasBroken && !args.switches.has('json'))
      output.line('They were not what was written. The log begins anew.')
    if (how.unreadable !== undefined && !args.switches.has('json'))
      output.line(`${how.unreadable} of them could not be read: what they said is not known.`)
    if (how.unreadableLeft !== undefined && !args.switches.has('json'))
      output.line(
        `${how.unreadableLeft} that cannot be read are left, for nobody knows how old they are: without --before they go too.`,
      )
    return 0
  }
  if (args.switches.has('export')) {
    refuseAll(
      args,
      ['verifier', 'vct', 'event', 'from', 'before'],
      '--export takes no search: it is the whole log',
    )
    for await (const line of holder.exportLog()) output.line(line)
    return 0
  }
  for await (const entry of holder.log(searchIn(args))) {
    if (args.switches.has('json')) output.line(JSON.stringify(entry))
    else {
      const { at, event, ...rest } = entry
      output.line(`${timeOf(at)} ${event} ${JSON.stringify(rest)}`)
    }
  }
  return 0
}

/** A search that is not heeded would delete or give away more than was meant. */
function refuseAll(args: Arguments, names: readonly string[], why: string): void {
  if (names.some((name) => args.value(name) !== undefined)) throw new FacetError('usage', why)
}

const events = ['received', 'deleted', 'presenting', 'accepted', 'refused', 'denied'] as const

function searchIn(args: Arguments): LogSearch {
  const [verifier, vct, event] = [args.value('verifier'), args.value('vct'), args.value('event')]
  const [from, until] = [momentIn(args, 'from'), momentIn(args, 'before')]
  return {
    ...(verifier === undefined ? {} : { verifier }),
    ...(vct === undefined ? {} : { vct }),
    ...(event === undefined ? {} : { event: eventOf(event) }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
}

function eventOf(word: string): LogEntry['event'] {
  const event = events.find((one) => one === word)
  if (event === undefined) throw new FacetError('usage', `--event takes: ${events.join(', ')}`)
  return event
}

/** A day or a moment, in UTC unless it says otherwise; seconds since the epoch. */
function momentIn(args: Arguments, name: string): number | undefined {
  const text = args.value(name)
  if (text === undefined) return undefined
  const [day] = /^\d{4}-\d\d-\d\d/.exec(text) ?? []
  const at = day !== undefined && isDay(day) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new FacetError('usage', `--${name} takes a day, such as 2026-01-31`)
  return Math.floor(at / 1000)
}

/** The platform's reading makes the second of March of the thirtieth of February. */
function isDay(day: string): boolean {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}
