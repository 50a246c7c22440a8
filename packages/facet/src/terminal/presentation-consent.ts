/** What a person reads at the terminal before anything is shown, and what may be chosen of it. */
import { nameOf } from '@facet-id/holder'
import {
  type ConsentQuery,
  chosenItems,
  type PresentationChoice,
  type PresentationConsent,
  type PresentationDecision,
  type PresentationItem,
  type ProofOfAsker,
} from '@facet-id/holder/presentation'
import type { TrustDecision } from '@facet-id/trust'
import { askLine } from './asking.ts'
import { languagesOf } from './languages.ts'
import { createErrorOutput, type Terminal } from './output.ts'
import { ended, unmistakable } from './wording.ts'

export interface Asking {
  readonly terminal: Terminal
  /** Said beforehand: then nothing is chosen, and nothing that is optional is shown. */
  readonly yes: boolean
  /** Whether the person agrees, or did beforehand of such a verifier. */
  agrees(question: string, trust: TrustDecision): Promise<boolean>
  /** By a yes that was typed to that very question. */
  isYes(question: string): Promise<boolean>
}

export async function askToPresent(
  request: PresentationConsent,
  asking: Asking,
): Promise<PresentationDecision> {
  const { terminal, yes } = asking
  describeRequest(request, terminal)
  // What was said beforehand was not said of this.
  if (request.warnings.some(({ code }) => code === 'no_copy_left')) {
    describeItems(chosenItems(request), terminal)
    return showAgain({}, asking)
  }
  const chosen = yes ? {} : await chooseAmong(request, terminal)
  const items = isSaid(chosen) ? chosenItems(request, chosen) : request.items
  if (isSaid(chosen)) describeItems(items, terminal)
  if (items.some(({ again }) => again === true)) return showAgain(chosen, asking)
  if (items.length > 0 && !(await asking.agrees('Show it?', request.trust))) return { agreed: false }
  const optional = yes ? {} : await alsoShown(request, chosen, asking)
  const sets = { ...chosen.sets, ...optional }
  const choice = { ...chosen, ...(Object.keys(sets).length === 0 ? {} : { sets }) }
  const isMore = Object.keys(optional).length > 0
  return { agreed: items.length > 0 || isMore, ...(isSaid(choice) ? { choice } : {}) }
}

async function showAgain(choice: PresentationChoice, { isYes }: Asking): Promise<PresentationDecision> {
  return (await isYes('Show a copy again?'))
    ? { agreed: true, choice: { ...choice, reuse: true } }
    : { agreed: false }
}

function isSaid(choice: PresentationChoice): boolean {
  return Object.keys(choice).length > 0
}

/** Between the options of what is required, and between several credentials that fit. */
async function chooseAmong(request: PresentationConsent, terminal: Terminal): Promise<PresentationChoice> {
  const sets = await chooseOptions(request, terminal)
  const ids = request.sets.flatMap(({ options, chosen }, place) => {
    const option = sets[place] ?? chosen
    return option === undefined ? [] : (options[option]?.ids ?? [])
  })
  const credentials: Record<string, readonly string[]> = {}
  for (const query of request.queries.filter(({ queryId }) => ids.includes(queryId))) {
    const named = await chooseCredentials(query, request, terminal)
    if (named !== undefined) credentials[query.queryId] = named
  }
  return {
    ...(Object.keys(sets).length === 0 ? {} : { sets }),
    ...(Object.keys(credentials).length === 0 ? {} : { credentials }),
  }
}

async function chooseOptions(
  { sets, queries }: PresentationConsent,
  terminal: Terminal,
): Promise<Record<number, number>> {
  const output = createErrorOutput(terminal)
  const picked: Record<number, number> = {}
  for (const [place, { required, options, chosen }] of sets.entries()) {
    const open = options.flatMap(({ ids, isAnswerable }, option) => (isAnswerable ? [{ ids, option }] : []))
    if (!required || chosen === undefined || open.length < 2) continue
    output.line('One of these will do:')
    for (const [at, { ids }] of open.entries()) {
      const asked = queries.filter(({ queryId }) => ids.includes(queryId))
      output.detail(`${at + 1}. ${asked.map(asksFor).join('; and ')}`)
    }
    const preset = open.findIndex(({ option }) => option === chosen)
    const [answer = preset] = await pick(terminal, { of: open.length, preset: [preset] })
    const option = open[answer]?.option
    if (option !== undefined && option !== chosen) picked[place] = option
  }
  return picked
}

/** @returns nothing where it stays as it was */
async function chooseCredentials(
  query: ConsentQuery,
  { items }: PresentationConsent,
  terminal: Terminal,
): Promise<readonly string[] | undefined> {
  const { queryId, candidates, multiple } = query
  if (candidates.length < 2) return undefined
  const output = createErrorOutput(terminal)
  output.line(`Of what you hold these fit (${asksFor(query)}):`)
  for (const [at, item] of candidates.entries()) {
    output.line(`${at + 1}. ${calledAs(item, terminal)}, of ${unmistakable(item.issuer)}, ${copiesOf(item)}`)
    describeClaims(item, terminal)
  }
  const preset = candidates.findIndex(({ credentialId }) =>
    items.some((item) => item.queryId === queryId && item.credentialId === credentialId),
  )
  const standing = [Math.max(preset, 0)]
  const picked = await pick(terminal, { of: candidates.length, preset: standing, multiple })
  if (picked.join() === standing.join()) return undefined
  return picked.flatMap((at) => candidates[at]?.credentialId ?? [])
}

interface Picking {
  readonly of: number
  /** Taken where nothing is typed, or nothing that counts; from 0. */
  readonly preset: readonly number[]
  readonly multiple?: boolean
}

async function pick(
  terminal: Terminal,
  { of, preset, multiple = false }: Picking,
): Promise<readonly number[]> {
  const standing = preset.map((at) => at + 1).join(',')
  const which = multiple ? 'Which ones, such as 1,2?' : 'Which one?'
  const typed = await askLine(terminal, `${which} [${standing}] `)
  const numbers = (typed ?? '').split(',').map((word) => (/^\s*\d{1,3}\s*$/.test(word) ? Number(word) : 0))
  const isFit = numbers.every((one) => one >= 1 && one <= of) && (multiple || numbers.length === 1)
  return isFit ? [...new Set(numbers)].map((one) => one - 1) : preset
}

/** Of what is not required, the person is asked one by one: the first option that can be met. */
async function alsoShown(
  request: PresentationConsent,
  chosen: PresentationChoice,
  { terminal, isYes }: Asking,
): Promise<Record<number, number>> {
  const sets: Record<number, number> = {}
  for (const [place, { required, options }] of request.sets.entries()) {
    const option = options.findIndex(({ isAnswerable }) => isAnswerable)
    const ids = options[option]?.ids ?? []
    if (required || option === -1) continue
    createErrorOutput(terminal).line('It would also like to see, if you agree:')
    const choice = { ...chosen, sets: { ...chosen.sets, ...sets, [place]: option } }
    describeItems(
      chosenItems(request, choice).filter(({ queryId }) => ids.includes(queryId)),
      terminal,
    )
    if (await isYes('Show this as well?')) sets[place] = option
  }
  return sets
}

const proofs: Readonly<Record<ProofOfAsker, string>> = {
  did: 'Proven by the key of its DID.',
  certificate: 'Proven by its certificate.',
  federation: 'Proven by its federation.',
  attestation: 'Proven by who attests it.',
  registration: 'It is registered with this wallet.',
  nothing: 'NOTHING PROVES who asks.',
}

function describeRequest(request: PresentationConsent, terminal: Terminal): void {
  const { verifier, provenBy, trust, responseUri, items, queries, sets, warnings, overAsked } = request
  const output = createErrorOutput(terminal)
  output.line(verifier)
  output.line(`asks you to show the following to ${responseUri}. ${ended(trust.why)}`)
  output.line(proofs[provenBy])
  if (trust.purpose !== undefined) output.line(`It is registered for: ${JSON.stringify(trust.purpose)}`)
  for (const { code, text } of warnings) if (code !== 'verifier_unknown') output.line(`Mind: ${text}`)
  for (const { vct, path } of overAsked) {
    const claim = path === undefined ? 'all of it' : path.map(unmistakable).join(' › ')
    output.detail(`it is not registered for ${vct === undefined ? '' : `${unmistakable(vct)}, `}${claim}`)
  }
  for (const { type, lines } of request.transactions) {
    output.line(`By showing it you authorize (${unmistakable(type)}):`)
    for (const { label, value } of lines) output.detail(`${unmistakable(label)}: ${JSON.stringify(value)}`)
  }
  for (const query of queries) {
    if (query.candidates.length > 0 && !query.isLeftOut) continue
    output.line(`It asks for ${asksFor(query)}: ${whyUnanswered(query)}.`)
  }
  const isSpent = warnings.some(({ code }) => code === 'no_copy_left')
  const isOptional = sets.length > 0 && sets.every(({ required }) => !required)
  if (items.length === 0 && !isSpent && !isOptional) output.line('You hold nothing that answers this.')
  describeItems(items, terminal)
}

function whyUnanswered({ isLeftOut, lacksAuthority }: ConsentQuery): string {
  if (isLeftOut) return 'it is not registered for that, and it is left out'
  return lacksAuthority === true
    ? 'what you hold of that is not of an issuer under an authority that it asks for'
    : 'you hold none'
}

/** What a query asks for, in a line. */
function asksFor({ vcts, claims }: ConsentQuery): string {
  const asked = claims.map(({ path, values }) => {
    const name = path.map((part) => (part === null ? 'any' : unmistakable(part))).join(' › ')
    return values === undefined
      ? name
      : `${name} = ${values.map((value) => JSON.stringify(value)).join(' or ')}`
  })
  return `${asked.length === 0 ? 'no claim' : asked.join(', ')} of ${vcts.map(unmistakable).join(' or ')}`
}

function describeItems(items: readonly PresentationItem[], terminal: Terminal): void {
  const output = createErrorOutput(terminal)
  for (const item of items) {
    output.line(`from ${calledAs(item, terminal)} (${copiesOf(item)}):`)
    describeClaims(item, terminal)
  }
}

function describeClaims({ discloses, goesAlong }: PresentationItem, terminal: Terminal): void {
  const along = new Set(goesAlong.map((path) => JSON.stringify(path)))
  for (const { path, value } of discloses) {
    const note = along.has(JSON.stringify(path)) ? ' (not asked for, and cannot be withheld)' : ''
    createErrorOutput(terminal).detail(
      `${path.map(unmistakable).join(' › ')}: ${JSON.stringify(value)}${note}`,
    )
  }
}

function calledAs({ vct, names }: PresentationItem, terminal: Terminal): string {
  const name = names === undefined ? '' : `${JSON.stringify(nameOf({ names, vct }, languagesOf(terminal)))}, `
  return `${name}${unmistakable(vct)}`
}

function copiesOf({ copiesLeft, again }: PresentationItem): string {
  return again === true ? 'every copy was shown before' : `${copiesLeft} copies left after this`
}
