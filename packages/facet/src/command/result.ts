/** What came of a presentation, in words. */
import { isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import type { Output } from '../terminal/output.ts'

const words: Readonly<Record<string, string>> = {
  pending: 'Pending: no wallet has answered yet.',
  awaiting_return: 'Answered: the browser that asked has not come back from the wallet yet.',
  expired: 'Expired: no wallet answered in time, or the result was deleted since.',
  verified: 'Verified: what was asked for was shown, and every check passed.',
  refused: 'Refused: what was shown did not pass every check, and nothing of it was kept.',
  declined: 'Declined: the wallet showed nothing.',
}

/** @param answer as the operator's door gives it */
export function printResult(answer: JsonObject, output: Output): void {
  const { outcome, error, reports } = answer
  const told = Object.hasOwn(words, String(outcome)) ? words[String(outcome)] : undefined
  output.line(told ?? `Outcome: ${String(outcome)}`)
  if (error !== undefined) output.line(`It said: ${String(error)}`)
  for (const [queryId, report] of Object.entries(isJsonObject(reports) ? reports : {})) {
    if (isJsonObject(report)) printReport(queryId, report, output)
  }
}

function printReport(queryId: string, { checks, shown }: JsonObject, output: Output): void {
  output.heading(queryId)
  for (const check of (isJsonArray(checks) ? checks : []).filter(isJsonObject)) {
    const text = `${String(check.code)}: ${String(check.text)}`
    if (check.outcome === 'pass') output.good(text)
    else if (check.outcome === 'skipped') output.detail(`– ${text}`)
    else output.bad(text)
  }
  if (isJsonObject(shown))
    for (const [name, value] of Object.entries(shown)) output.line(`  ${name}: ${JSON.stringify(value)}`)
}
