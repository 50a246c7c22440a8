/** How much WebCrypto gives at once. */
const AT_ONCE = 2 ** 16

/** That many bytes of the browser's randomness. Fits the port `Random`. */
export function random(bytes: number): Uint8Array {
  const drawn = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += AT_ONCE) crypto.getRandomValues(drawn.subarray(at, at + AT_ONCE))
  return drawn
}
