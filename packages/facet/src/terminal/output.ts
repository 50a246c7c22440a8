/**
 * What a person reads at a terminal: calm, in colour only where there is a terminal that wants it,
 * and never both a picture for people and data for programs on the same stream.
 */
import type { Environment } from '../config/data-directory.ts'
import { safeText } from './safe-text.ts'

export interface Terminal {
  /** Where results go. */
  readonly out: NodeJS.WritableStream
  /** Where questions, warnings and errors go. */
  readonly err: NodeJS.WritableStream
  /** Where answers come from. */
  readonly input: NodeJS.ReadableStream
  /** Whether `out` is a terminal. */
  readonly isTerminal: boolean
  /** Whether there is a person who sees `err` and types into `input`. */
  readonly canAsk: boolean
  readonly environment: Environment
}

/** Each line is one line: what a terminal would obey is escaped. */
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

export function createOutput(terminal: Terminal): Output {
  const { out } = terminal
  const coloured = isColoured(terminal)
  const paint = (style: keyof typeof codes, text: string): string =>
    coloured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
  const write = (line: string): void => {
    out.write(`${line}\n`)
  }
  const line = (text = ''): void => write(safeText(text))
  return {
    line,
    step: (text, milliseconds) =>
      write(`${paint('green', '✓')} ${safeText(text)} ${paint('dim', duration(milliseconds))}`),
    detail: (text) => line(`    ${text}`),
    heading(text) {
      line()
      write(paint('bold', safeText(text)))
    },
    good: (text) => write(`    ${paint('green', '✓')} ${safeText(text)}`),
    bad: (text) => write(`    ${paint('red', '✗')} ${safeText(text)}`),
    table(head, rows) {
      for (const row of tableLines(head, rows)) line(row)
    },
  }
}

/** Whether there is a terminal that wants colour. */
export function isColoured({ isTerminal, environment }: Terminal): boolean {
  return isTerminal && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb'
}

/** The same, where questions and warnings go. */
export function createErrorOutput({ err, ...terminal }: Terminal): Output {
  return createOutput({ ...terminal, err, out: err })
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
