/**
 * Characters by which a text says something else than a person sees: they turn letters about, cannot be
 * seen, or command a terminal. draft-ietf-oauth-sd-jwt-vc-19 §7.6, Unicode UTS #39 §2 and UAX #9.
 *
 * The two joiners (U+200C, U+200D) are not among them: Persian, Hindi and families of emoji are written with them.
 * Tag characters are, and with them three flags.
 */
const deceiving =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]|\u034f|\u17b4|\u17b5|[\u180b-\u180d]/gu

/** The same text with something else in the place of each of them. */
export function replaceDeceiving(text: string, by: (character: string) => string): string {
  return text.replace(deceiving, by)
}

/** Whether one of them is in it. Tabulators and line ends are let through: a description may have lines. */
export function deceives(text: string): boolean {
  return (text.match(deceiving) ?? []).some((character) => !/[\t\n\r]/.test(character))
}
