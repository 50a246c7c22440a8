/** The transcript for people. */
import type { Output } from '../terminal/output.ts'
import type { LedgerRow } from './ledger.ts'
import type { Tell, TranscriptEvent } from './transcript.ts'

export function tellPeople(output: Output): Tell {
  return (told) => {
    switch (told.event) {
      case 'chapter':
        return output.heading(told.title)
      case 'step':
        output.step(told.text, told.milliseconds)
        for (const detail of told.details ?? []) output.detail(detail)
        return
      case 'waiting':
        return output.detail(`… ${told.text}`)
      case 'note':
        return output.detail(told.text)
      case 'report':
        return printReport(told, output)
      case 'ledger':
        return printLedger(told.rows, output)
    }
  }
}

function printReport(
  { outcome, checks, shown }: Extract<TranscriptEvent, { readonly event: 'report' }>,
  output: Output,
): void {
  output.detail(`The platform's report: ${outcome}`)
  for (const { code, outcome: found, text } of checks) {
    if (found === 'pass') output.good(`${code}: ${text}`)
    else if (found === 'skipped') output.detail(`– ${code}: ${text}`)
    else output.bad(`${code}: ${text}`)
  }
  if (shown !== undefined) output.detail(`What the platform sees: ${JSON.stringify(shown)}`)
}

/** A line a claim, a column a party: ● learned it, · never saw it. */
function printLedger(rows: readonly LedgerRow[], output: Output): void {
  const claims = [...new Set(rows.flatMap(({ learned }) => learned))]
  const marks = claims.map((claim) => [
    claim,
    ...rows.map(({ learned }) => (learned.includes(claim) ? '●' : '·')),
  ])
  const bytes = ['bytes of personal data', ...rows.map(({ personalBytes }) => String(personalBytes))]
  const besides = ['besides', ...rows.map(({ besides }) => besides)]
  output.table(['claim', ...rows.map(({ party }) => party)], [...marks, bytes, besides])
  output.line()
  output.line('● learned it   · never saw it')
  output.line(
    'Each presentation also shows the issuer, the type and the days of issue and expiry, which are the same',
  )
  output.line(
    'for all whom it issued to that day, and a one-time key and one status entry, which no two copies share.',
  )
  output.line(
    'So platforms cannot tell that two visits are one person. An issuer that colludes with a platform can:',
  )
  output.line('it knows every copy it signed. This tier does not hide that.')
}
