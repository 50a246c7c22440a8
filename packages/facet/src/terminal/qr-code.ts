/** A link as a QR code that a camera reads from the terminal: two rows of it in a line. */
import { encode } from 'uqr'

/** Dark upon light counts, so what is light is drawn: terminals are dark. */
export function qrCode(link: string): readonly string[] {
  const { data } = encode(link, { ecc: 'L', border: 2 })
  const isLight = (row: number, column: number): boolean => data[row]?.[column] !== true
  const lines: string[] = []
  for (let row = 0; row < data.length; row += 2) {
    const columns = [...(data[row] ?? []).keys()]
    lines.push(columns.map((column) => half(isLight(row, column), isLight(row + 1, column))).join(''))
  }
  return lines
}

function half(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀'
  return lower ? '▄' : ' '
}
