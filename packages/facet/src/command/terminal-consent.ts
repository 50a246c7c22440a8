/** Asks the person at the terminal, in words, before anything is accepted or shown. */
import { createInterface } from 'node:readline/promises'
import type { Consent, OfferConsent, PresentationConsent } from '@facet-id/holder'
import { createOutput, type Terminal } from './output.ts'

export interface Answers {
  /** Said beforehand on the command line. */
  readonly yes: boolean
  readonly txCode?: string
}

export function terminalConsent(terminal: Terminal, answers: Answers): Consent {
  const ask = async (question: string): Promise<string | undefined> => {
    if (!terminal.isTerminal || !process.stdin.isTTY) return undefined
    const asking = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return (await asking.question(question)).trim()
    } finally {
      asking.close()
    }
  }
  const agrees = async (question: string): Promise<boolean> =>
    answers.yes || /^y(es)?$/i.test((await ask(`${question} [y/N] `)) ?? '')
  return {
    async toReceive(offer) {
      describeOffer(offer, terminal)
      if (!(await agrees('Accept it?'))) return { agreed: false }
      if (offer.txCode === undefined) return { agreed: true }
      const txCode = answers.txCode ?? (await ask('Transaction code, as the issuer sent it to you: '))
      return txCode === undefined ? { agreed: false } : { agreed: true, txCode }
    },
    async toPresent(request) {
      describeRequest(request, terminal)
      return { agreed: request.items.length > 0 && (await agrees('Show it?')) }
    },
  }
}

function describeOffer(
  { issuer, issuerDisplay, display, vct, copies }: OfferConsent,
  { err, ...rest }: Terminal,
): void {
  const output = createOutput({ ...rest, err, out: err })
  const [called] = issuerDisplay
  output.line(`${issuer}${called?.name === undefined ? '' : ` (calls itself "${called.name}")`}`)
  output.line(`offers ${display[0]?.name ?? vct}, type ${vct}, in ${copies} copies.`)
}

function describeRequest(
  { verifier, trust, responseUri, items }: PresentationConsent,
  { err, ...rest }: Terminal,
): void {
  const output = createOutput({ ...rest, err, out: err })
  output.line(`${verifier}`)
  output.line(`asks you to show the following to ${responseUri}. ${trust.why}.`)
  if (items.length === 0) output.line('You hold nothing that answers this.')
  for (const { vct, discloses, copiesLeft } of items) {
    output.line(`from ${vct} (${copiesLeft} copies left after this):`)
    for (const { path, value } of discloses) output.detail(`${path.join(' › ')}: ${JSON.stringify(value)}`)
  }
}
