/**
 * What is shown: by default, and by what the person chose. A choice is held against the question that was asked,
 * so that nothing leaves that was not on offer. OpenID4VP 1.0 §6.4.2, §6.4.3.
 */
import type { ReceivedTransaction } from '@facet-id/protocol/openid4vp/transaction-data'
import { HolderError } from '../error.ts'
import type {
  ConsentQuery,
  ConsentSet,
  PresentationChoice,
  PresentationConsent,
  PresentationItem,
} from './consent.ts'
import { areAuthorized } from './transactions.ts'

type OpenSet = Omit<ConsentSet, 'chosen'>

/** What is shown where nothing is chosen, and the option of each set that it comes to. */
export function defaultItems(
  queries: readonly ConsentQuery[],
  sets: readonly OpenSet[],
  transactions: readonly ReceivedTransaction[],
): Pick<PresentationConsent, 'items' | 'sets'> {
  // What is optional leaves only where the person says so.
  const preferred = sets.map((set) => (set.required ? preferredOptions(set, queries) : []))
  const options = authorizing(preferred, sets, transactions) ?? preferred.map(([first]) => first)
  const chosen = sets.map((set, place): ConsentSet => {
    const option = options[place]
    return option === undefined ? set : { ...set, chosen: option }
  })
  const items = isMet(chosen) ? dealt(idsOf(chosen), { queries, choice: {} }) : []
  return { items: items.some(({ again }) => again === true) ? [] : items, sets: chosen }
}

/** Those that can be met: first those that need no copy to be shown again. */
function preferredOptions({ options }: OpenSet, queries: readonly ConsentQuery[]): readonly number[] {
  const places = [...options.keys()].filter((place) => options[place]?.isAnswerable === true)
  const isFresh = (place: number): boolean =>
    dealt(options[place]?.ids ?? [], { queries, choice: {} }).every(({ again }) => again !== true)
  const fresh = places.filter(isFresh)
  return [...fresh, ...places.filter((place) => !fresh.includes(place))]
}

/** A stranger who asks for much makes no more work than that. */
const TRIES = 1000

/** Of the ways to meet all sets the first that authorizes all that is to be authorized (§8.4). */
function authorizing(
  preferred: readonly (readonly number[])[],
  sets: readonly OpenSet[],
  transactions: readonly ReceivedTransaction[],
): readonly (number | undefined)[] | undefined {
  let tries = 0
  const from = (place: number, ids: readonly string[]): readonly (number | undefined)[] | undefined => {
    if (++tries > TRIES) return undefined
    const set = sets[place]
    if (set === undefined) return areAuthorized(transactions, ids) ? [] : undefined
    const options = preferred[place] ?? []
    for (const option of options.length === 0 ? [undefined] : options) {
      const more = option === undefined ? [] : (set.options[option]?.ids ?? [])
      const rest = from(place + 1, [...ids, ...more])
      if (rest !== undefined) return [option, ...rest]
    }
    return undefined
  }
  return from(0, [])
}

/** Whether some choice authorizes each transaction. */
export function canBeAuthorized({
  sets,
  transactions,
}: Pick<PresentationConsent, 'sets' | 'transactions'>): boolean {
  const ids = sets.flatMap(({ options }) => options.flatMap((one) => (one.isAnswerable ? one.ids : [])))
  return areAuthorized(transactions, ids)
}

/**
 * What the person chose to show, in the order of the queries. An item that needs a copy to be shown again says
 * so; whether that was agreed to is looked at where copies are taken.
 *
 * @throws {HolderError} `choice_invalid`
 */
export function chosenItems(
  { queries, sets }: Pick<PresentationConsent, 'queries' | 'sets'>,
  choice: PresentationChoice = {},
): readonly PresentationItem[] {
  const chosen = sets.map((set, place) => choiceOf(set, choice.sets?.[place]))
  for (const place of Object.keys(choice.sets ?? {})) {
    if (sets[Number(place)] === undefined) throw invalid('a set that was not asked for')
  }
  const ids = idsOf(chosen)
  for (const id of Object.keys(choice.credentials ?? {})) {
    if (!ids.has(id)) throw invalid('a credential for what is not shown')
  }
  return isMet(chosen) ? dealt(ids, { queries, choice }) : []
}

function choiceOf(set: ConsentSet, option: number | 'none' | undefined): ConsentSet {
  if (option === undefined) return set
  const { chosen: _, ...open } = set
  if (option === 'none') {
    if (set.required) throw invalid('nothing of what is required')
    return open
  }
  if (set.options[option]?.isAnswerable !== true) throw invalid('an option that cannot be met')
  return { ...open, chosen: option }
}

/** Whether all that is required is answered. */
export function isMet(sets: readonly ConsentSet[]): boolean {
  return sets.every(({ required, chosen }) => !required || chosen !== undefined)
}

/** The queries that are answered. */
function idsOf(sets: readonly ConsentSet[]): ReadonlySet<string> {
  return new Set(
    sets.flatMap(({ options, chosen }) => (chosen === undefined ? [] : (options[chosen]?.ids ?? []))),
  )
}

interface Choosing {
  readonly queries: readonly ConsentQuery[]
  readonly choice: PresentationChoice
}

/** Gives no copy twice, also when one credential answers several queries (§6.1). */
function dealt(ids: Iterable<string>, { queries, choice }: Choosing): readonly PresentationItem[] {
  const answered = new Set(ids)
  const taken = new Map<string, number>()
  return queries
    .filter(({ queryId }) => answered.has(queryId))
    .flatMap((query) => {
      const chosen = choice.credentials
      const named =
        chosen !== undefined && Object.hasOwn(chosen, query.queryId) ? chosen[query.queryId] : undefined
      const items = named === undefined ? preferred(query, taken) : namedOf(query, named)
      return items.map((item) => deal(item, taken))
    })
}

/** The newest that has a copy left that nothing else takes. */
function preferred(
  { candidates }: ConsentQuery,
  taken: ReadonlyMap<string, number>,
): readonly PresentationItem[] {
  const [first] = candidates
  const fresh = candidates.find((item) => unusedOf(item) > (taken.get(item.credentialId) ?? 0))
  const item = fresh ?? first
  return item === undefined ? [] : [item]
}

function namedOf(
  { candidates, multiple }: ConsentQuery,
  named: readonly string[],
): readonly PresentationItem[] {
  if (named.length === 0 || new Set(named).size < named.length) throw invalid('no credential, or one twice')
  if (named.length > 1 && !multiple) throw invalid('several credentials for a query of one')
  return named.map((id) => {
    const item = candidates.find(({ credentialId }) => credentialId === id)
    if (item === undefined) throw invalid('a credential that does not answer')
    return item
  })
}

function deal(item: PresentationItem, taken: Map<string, number>): PresentationItem {
  const { again: _, ...rest } = item
  const before = taken.get(item.credentialId) ?? 0
  taken.set(item.credentialId, before + 1)
  const left = unusedOf(item) - before - 1
  return left < 0 ? { ...rest, copiesLeft: 0, again: true } : { ...rest, copiesLeft: left }
}

/** Unused copies of the credential of a candidate. */
function unusedOf({ again, copiesLeft }: PresentationItem): number {
  return again === true ? 0 : copiesLeft + 1
}

function invalid(what: string): HolderError {
  return new HolderError('choice_invalid', `What was chosen is not on offer: ${what}`)
}
