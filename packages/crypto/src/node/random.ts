import { randomFillSync } from 'node:crypto'

/** That many bytes of the operating system's randomness. Fits the port `Random`. */
export function random(bytes: number): Uint8Array {
  return randomFillSync(new Uint8Array(bytes))
}
