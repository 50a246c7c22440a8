import { outcomeOf } from '@facet-id/testkit'
import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrCode } from './qr.ts'
import { fakeTerminal } from './terminal.test-support.ts'

const link = 'openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fissuer.example%2Foffers%2Fa-b_c'

/** What a camera sees of it: each character is two squares, one above the other. */
function photographed(drawn: string): {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
} {
  const rows = drawn
    .trimEnd()
    .split('\n')
    .flatMap((line) => [
      [...line].map((block) => '█▀'.includes(block)),
      [...line].map((block) => '█▄'.includes(block)),
    ])
  const scale = 4
  const [{ length = 0 } = []] = rows
  const data: number[] = []
  for (const row of rows)
    for (let again = 0; again < scale; again++)
      for (const light of row)
        for (let square = 0; square < scale; square++) data.push(...(light ? [255, 255, 255] : [0, 0, 0]))
  return { width: length * scale, height: rows.length * scale, data: Uint8Array.from(data) }
}

test('FCT-QR a link that is drawn is read back by a camera, with colour and without', () => {
  const plain = qrCode(link, fakeTerminal())
  expect(decodeQR(photographed(plain))).toBe(link)
  expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThan(60)
  const coloured = qrCode(link, { ...fakeTerminal(), isTerminal: true })
  const start = String.fromCharCode(27)
  expect(coloured.replaceAll(`${start}[97;40m`, '').replaceAll(`${start}[0m`, '')).toBe(plain)
})

test('FCT-QR a link that no terminal could show is refused with what to do', () => {
  const long = `${link}${'x'.repeat(1200)}`
  expect(outcomeOf(() => qrCode(long, fakeTerminal()))).toBe('usage')
  expect(() => qrCode(long, fakeTerminal())).toThrow(/--by-reference/)
})
