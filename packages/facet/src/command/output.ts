/**
 * What a person reads at a terminal: calm, in colour only where there is a terminal that wants it,
 * and never both a picture for people and data for programs on the same stream.
 */
import type { Environment } from '../config/data-directory.ts'

export interface Terminal {
  /** Where results go. */
  readonly out: NodeJS.WritableStream
  /** Where progress and errors go. */
  readonly err: NodeJS.WritableStream
  readonly isTerminal: boolean
  readonly environment: Environment
}

export interface Output {
  line(text?: string): void
  /** A step that is over, with how long it took in milliseconds. */
  step(text: string, milliseconds: number): void
  /** Something that belongs to the step above. */
  detail(text: string): void
  heading(text: string): void
  good(text: string): void
  bad(text: string): void
  table(head: readonly string[], rows: readonly (readonly string[])[]): void
}

const codes = { bold: '1', dim: '2', green: '32', red: '31' } as const

export function createOutput({ out, isTerminal, environment }: Terminal): Output {
  const noColour = environment.NO_COLOR ?? ''
  const coloured = isTerminal && noColour === '' && environment.TERM !== 'dumb'
  const paint = (style: keyof typeof codes, text: string): string =>
    coloured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
  const line = (text = ''): void => {
    out.write(`${text}\n`)
  }
  return {
    line,
    step: (text, milliseconds) =>
      line(`${paint('green', '✓')} ${text} ${paint('dim', duration(milliseconds))}`),
    detail: (text) => line(`    ${text}`),
    heading: (text) => line(`\n${paint('bold', text)}`),
    good: (text) => line(`    ${paint('green', '✓')} ${text}`),
    bad: (text) => line(`    ${paint('red', '✗')} ${text}`),
    table(head, rows) {
      for (const row of tableLines(head, rows)) line(row)
    },
  }
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** Columns as wide as their widest cell; the last one as it comes. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, head.map((title) => '─'.repeat(title.length)), ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('   ')
      .trimEnd(),
  )
}
