/** A link as a QR code, for a wallet on another device, drawn with the half blocks that every terminal has. */
import { encodeQR } from 'qr'
import { FacetError } from '../error.ts'
import { isColoured, type Terminal } from './output.ts'

/** Characters: with more, no code would fit a terminal that people have. */
const LENGTH = 1200

/**
 * Light squares are drawn and dark ones left out, light on black wherever there is colour: cameras read both.
 *
 * @throws {FacetError} `usage` for a link that is too long
 */
export function qrCode(link: string, terminal: Terminal): string {
  if (link.length > LENGTH) {
    throw new FacetError(
      'usage',
      'This link is too long for a QR code; with --by-reference it says only where the rest is, and is short',
    )
  }
  const lines = encodeQR(link, 'ascii', { ecc: 'low' }).trimEnd().split('\n')
  const painted = isColoured(terminal) ? lines.map((line) => `\u001b[97;40m${line}\u001b[0m`) : lines
  return painted.map((line) => `${line}\n`).join('')
}
