/** Asks the person at the terminal, in words, before anything is accepted or shown. */
import { type Consent, nameOf, type OfferConsent } from '@facet-id/holder'
import type { TrustDecision } from '@facet-id/trust'
import { askLine } from './asking.ts'
import { languagesOf } from './languages.ts'
import { createErrorOutput, type Terminal } from './output.ts'
import { askToPresent } from './presentation-consent.ts'
import { ended, unmistakable } from './wording.ts'

export interface Answers {
  /** Said beforehand on the command line. */
  readonly yes: boolean
  /** Then it was said of those who are trusted, and the person is asked about others: a list may not have been heard. */
  readonly onlyTrusted?: boolean
  readonly txCode?: string
  /** Which of the credentials are taken, where several are offered; absent: the person is asked, or all. */
  readonly configurationIds?: readonly string[]
}

export function terminalConsent(terminal: Terminal, answers: Answers): Consent {
  const agrees = async (question: string, { decision }: TrustDecision): Promise<boolean> => {
    const beforehand = decision === 'trusted' || (decision === 'undetermined' && answers.onlyTrusted !== true)
    if (answers.yes && beforehand) return true
    if (answers.yes) createErrorOutput(terminal).line('--yes agrees with those who are trusted only.')
    return isYes(question, terminal)
  }
  return {
    async toReceive(offer) {
      describeOffer(offer, terminal)
      const configurationIds = await chosenOf(offer, answers, terminal)
      const taken = offer.credentials.filter((one) => configurationIds.includes(one.configurationId))
      if (taken.length === 0) return { agreed: false }
      if (!(await agrees('Accept it?', leastTrusted({ ...offer, credentials: taken }))))
        return { agreed: false }
      const choice = taken.length === offer.credentials.length ? {} : { configurationIds }
      if (offer.txCode === undefined) return { agreed: true, ...choice }
      const txCode =
        answers.txCode ?? (await askLine(terminal, 'Transaction code, as the issuer sent it to you: '))
      // Agreed without a code: the holder keeps the issuance, to be resumed with one.
      const isTyped = txCode !== undefined && txCode !== ''
      return { agreed: true, ...choice, ...(isTyped ? { txCode } : {}) }
    },
    async toFetch({ what, host, uri }) {
      const output = createErrorOutput(terminal)
      if (what === 'issuer') {
        output.line(`The offer is of ${unmistakable(uri)}, of which nothing is known here.`)
        // Whoever gave the link with --yes wants to hear what is offered; whom they believe is asked about then.
        return { agreed: answers.yes || (await isYes(`Call ${host} to hear what it offers?`, terminal)) }
      }
      output.line(`The link says that the offer is at ${host}: ${unmistakable(uri)}`)
      const why = 'Nothing is known of it before it is fetched.'
      return { agreed: await agrees('Fetch it?', { decision: 'undetermined', why }) }
    },
    async toReplace({ issuer, vct, before, after }) {
      const output = createErrorOutput(terminal)
      output.line(`${issuer} issued ${unmistakable(vct)} anew, and it says something else:`)
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const [was, is] = [JSON.stringify(before[name]), JSON.stringify(after[name])]
        if (was !== is) output.detail(`${unmistakable(name)}: ${was ?? 'nothing'} becomes ${is ?? 'nothing'}`)
      }
      return {
        agreed: /^y(es)?$/i.test((await askLine(terminal, 'Take it in place of the other? [y/N] ')) ?? ''),
      }
    },
    toPresent: (request) =>
      askToPresent(request, {
        terminal,
        yes: answers.yes,
        agrees,
        isYes: (question) => isYes(question, terminal),
      }),
  }
}

/** What is agreed to beforehand is agreed to for all of it. */
function leastTrusted({ credentials }: OfferConsent): TrustDecision {
  const decisions = credentials.map(({ trust }) => trust)
  const doubtful = decisions.find(({ decision }) => decision !== 'trusted') ?? decisions[0]
  return doubtful ?? { decision: 'undetermined', why: 'Nothing is offered.' }
}

/** Of several the person types the numbers of those that are wanted; nothing takes all. */
async function chosenOf(
  { credentials }: OfferConsent,
  { yes, configurationIds }: Answers,
  terminal: Terminal,
): Promise<readonly string[]> {
  const ids = credentials.map(({ configurationId }) => configurationId)
  if (configurationIds !== undefined) return ids.filter((id) => configurationIds.includes(id))
  if (yes || ids.length < 2) return ids
  const typed = await askLine(terminal, 'Which of them, by their numbers? Nothing takes all: ')
  if (typed === undefined || typed === '') return ids
  const numbers = typed.split(/[\s,]+/).map(Number)
  return ids.filter((_, place) => numbers.includes(place + 1))
}

async function isYes(question: string, terminal: Terminal): Promise<boolean> {
  return /^y(es)?$/i.test((await askLine(terminal, `${question} [y/N] `)) ?? '')
}

function describeOffer(
  { issuer, issuerDisplay, provenBy, credentials, txCode, tokenEndpoint }: OfferConsent,
  terminal: Terminal,
): void {
  const output = createErrorOutput(terminal)
  const [called] = issuerDisplay
  output.line(
    `${issuer}${called?.name === undefined ? '' : ` (calls itself ${JSON.stringify(called.name)})`}`,
  )
  if (provenBy.signedBy !== undefined) output.line('Its description of itself is signed, by whom it names.')
  for (const [place, { display, vct, copies, trust, shown: words }] of credentials.entries()) {
    const number = credentials.length > 1 ? `${place + 1}. ` : ''
    const shown = nameOf({ names: display, vct }, languagesOf(terminal))
    const name = display.length === 0 ? '' : `${JSON.stringify(shown)}, `
    output.line(`${number}offers ${name}type ${unmistakable(vct)}, in ${copies} copies. ${ended(trust.why)}`)
    if (words?.description !== undefined) output.detail(JSON.stringify(words.description))
  }
  if (txCode !== undefined) output.line(`It asks for a transaction code, which goes to ${tokenEndpoint}.`)
}
