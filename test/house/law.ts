/** The law: which package may import which of ours, read from the table of `ARCHITECTURE.md`. */

const HEADING = '| package | may import of ours |'

/**
 * One entry a package. `all` means every package of the table but those that only tests see; what follows a
 * semicolon is said to people.
 */
export function readLaw(markdown: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = rowsBelow(markdown, HEADING)
  const everyone = rows
    .filter(([, right]) => !right.includes('tests only'))
    .flatMap(([left]) => namesIn(left))
  return new Map(
    rows.flatMap(([left, right]) => {
      const said = right.split(';')[0] ?? ''
      const allowed = new Set(said.trim() === 'all' ? everyone : namesIn(said))
      return namesIn(left).map((name) => [name, allowed] as const)
    }),
  )
}

function rowsBelow(markdown: string, heading: string): readonly (readonly [string, string])[] {
  const lines = markdown.split('\n')
  const begin = lines.indexOf(heading)
  if (begin < 0) throw new Error(`There is no table "${heading}"`)
  const end = lines.findIndex((line, place) => place > begin && !line.startsWith('|'))
  return lines.slice(begin + 2, end < 0 ? undefined : end).map((row) => {
    const [, left = '', right = ''] = row.split('|')
    return [left, right] as const
  })
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name)
}
