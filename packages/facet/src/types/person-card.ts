/**
 * The card of the person type: what it looks like, in light, in darkness and for those who need contrast.
 * It stands in the document about the type, so that a card is drawn with nobody asked.
 */
import type { Rendering, SvgProperties } from '@facet-id/credential/type-metadata'

/** What stands on the card besides the claims. */
export interface CardWords {
  readonly title: string
  readonly birthdate: string
  readonly nationalities: string
  readonly documentNumber: string
}

interface Colours {
  readonly ground: string
  readonly edge: string
  readonly text: string
  readonly label: string
}

const looks: readonly (readonly [SvgProperties, Colours])[] = [
  [
    { color_scheme: 'light', contrast: 'normal' },
    { ground: '#f4f1ea', edge: '#1d5c63', text: '#1b1b1b', label: '#55605f' },
  ],
  [
    { color_scheme: 'dark', contrast: 'normal' },
    { ground: '#16211f', edge: '#7fc8c0', text: '#f2f2f2', label: '#a9b8b5' },
  ],
  [{ contrast: 'high' }, { ground: '#ffffff', edge: '#000000', text: '#000000', label: '#000000' }],
]

export function personRendering(words: CardWords): Rendering {
  return {
    svg_templates: looks.map(([properties, colours]) => ({
      uri: `data:image/svg+xml;base64,${Buffer.from(cardOf(words, colours)).toString('base64')}`,
      properties: { orientation: 'landscape', ...properties },
    })),
  }
}

/** In the shape of a card that fits a pocket (ISO/IEC 7810 ID-1), in tenths of a millimetre. */
function cardOf(words: CardWords, { ground, edge, text, label }: Colours): string {
  const small = `font-size="26" fill="${label}"`
  const large = `font-size="44" fill="${text}"`
  const field = (x: number, y: number, name: string, value: string): string =>
    `<text x="${x}" y="${y}" ${small}>${name}</text><text x="${x}" y="${y + 48}" ${large}>{{${value}}}</text>`
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 856 540" font-family="sans-serif">',
    `<rect x="4" y="4" width="848" height="532" rx="32" fill="${ground}" stroke="${edge}" stroke-width="8"/>`,
    `<text x="56" y="92" font-size="40" font-weight="600" fill="${edge}">${words.title}</text>`,
    `<path d="M56 116H800" stroke="${edge}" stroke-width="3"/>`,
    `<text x="56" y="196" font-size="60" font-weight="600" fill="${text}">{{family_name}}</text>`,
    `<text x="56" y="256" font-size="48" fill="${text}">{{given_name}}</text>`,
    field(56, 344, words.birthdate, 'birthdate'),
    field(456, 344, words.nationalities, 'nationalities'),
    field(56, 444, words.documentNumber, 'document_number'),
    '</svg>',
  ].join('')
}
