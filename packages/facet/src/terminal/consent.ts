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
      if (!(await agrees('Accept it?', leastTrusted(offer)))) return { agreed: false }
      if (offer.txCode === undefined) return { agreed: true }
      const txCode =
        answers.txCode ?? (await askLine(terminal, 'Transaction code, as the issuer sent it to you: '))
      // Agreed without a code: the holder keeps the issuance, to be resumed with one.
      return txCode === undefined || txCode === '' ? { agreed: true } : { agreed: true, txCode }
    },
    async toFetch({ host, uri }) {
      const output = createErrorOutput(terminal)
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
  for (const { display, vct, copies, trust } of credentials) {
    const shown = nameOf({ names: display, vct }, languagesOf(terminal))
    const name = display.length === 0 ? '' : `${JSON.stringify(shown)}, `
    output.line(`offers ${name}type ${unmistakable(vct)}, in ${copies} copies. ${ended(trust.why)}`)
  }
  if (txCode !== undefined) output.line(`It asks for a transaction code, which goes to ${tokenEndpoint}.`)
}
