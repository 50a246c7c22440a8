/** What came of a presentation, in words. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { Output } from '../../terminal/output.ts'
import { timeOf } from '../operating.ts'

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
  const { outcome, error, reports, attempts } = answer
  const told = Object.hasOwn(words, String(outcome)) ? words[String(outcome)] : undefined
  output.line(told ?? `Outcome: ${String(outcome)}`)
  if (error !== undefined) output.line(`It said: ${String(error)}`)
  printAttempts(attempts, output)
  for (const [queryId, report] of Object.entries(isJsonObject(reports) ? reports : {})) {
    if (isJsonObject(report)) printReport(queryId, report, output)
  }
}

/** Answers that changed nothing: whoever runs the verifier may have to trust somebody more. */
function printAttempts(attempts: JsonValue | undefined, output: Output): void {
  for (const attempt of (isJsonArray(attempts) ? attempts : []).filter(isJsonObject)) {
    output.heading(
      `An answer that changed nothing, since nothing proves its issuer here, ${timeOf(attempt.at)}`,
    )
    for (const { queryId, code, text } of (isJsonArray(attempt.reasons) ? attempt.reasons : []).filter(
      isJsonObject,
    ))
      output.bad(`${String(queryId)}, ${String(code)}: ${String(text)}`)
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
