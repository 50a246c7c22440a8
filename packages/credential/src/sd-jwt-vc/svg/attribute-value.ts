/**
 * What attributes of a picture may say: each value has one of a few forms, so that none is read as
 * something that fetches, and numbers are bounded, so that none is drawn for ever.
 */

export interface ValueForm {
  /** What the value matches; absent: `items` says it. */
  readonly whole?: RegExp
  /** What it is a list of, with blanks and commas between. They are taken out one by one: that ends soon for any text. */
  readonly items?: RegExp
  /** What a number in it may come to, either way; absent: there are none that matter. */
  readonly most?: number
}

const numeral = String.raw`[-+]?(?:\d{1,9}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][-+]?\d{1,2})?`
const numerals = new RegExp(numeral, 'g')
const own = String.raw`url\(#[A-Za-z_][A-Za-z0-9_.-]*\)`
const colour = String.raw`(?:[A-Za-z]{1,30}|#[0-9A-Fa-f]{3,8}|(?:rgb|hsl)a?\([0-9., %]{1,60}\))`
const word = /^[A-Za-z][A-Za-z -]{0,60}$/

/** Where points lie, before they are moved. */
const pointMost = 100_000
/** How large something is. */
const sizeMost = 10_000

const forms: readonly (readonly [ValueForm, names: string])[] = [
  [{ whole: /^[A-Za-z_][A-Za-z0-9_.-]{0,200}$/ }, 'id'],
  [{ whole: /^[A-Za-z0-9-]{0,40}$/ }, 'lang xml:lang role'],
  [{ whole: /^[^\p{C}\p{Zl}\p{Zp}]{0,300}$/u }, 'aria-label'],
  [{ whole: /^1\.[012]$/ }, 'version'],
  // Without units that build on each other: a hundred times as large, ten times over, has no bound.
  [{ whole: new RegExp(`^${numeral}(?:px|pt|mm|cm|in|pc)?$`), most: sizeMost }, 'font-size'],
  [
    { items: new RegExp(`${numeral}(?:px|pt|mm|cm|in|pc|%)?`, 'g'), most: sizeMost },
    'viewBox x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height rotate textLength offset stroke-width ' +
      'stroke-miterlimit fill-opacity stroke-opacity stop-opacity opacity',
  ],
  [{ whole: /^(?:normal|[-+]?\d{1,3}(?:\.\d{1,6})?(?:px|pt)?)$/ }, 'letter-spacing word-spacing'],
  [{ whole: /^(?:[a-z]{1,20}|[1-9]00)$/ }, 'font-weight'],
  [{ whole: /^(?:[a-z-]{1,20}|[-+]?\d{1,3}%?)$/ }, 'baseline-shift'],
  [{ whole: /^[MmZzLlHhVvCcSsQqTtAa0-9eE.,+\- \t\r\n]*$/, most: pointMost }, 'd'],
  [{ items: numerals, most: pointMost }, 'points'],
  [
    {
      items: /(?:matrix|translate|scale|rotate|skewX|skewY)[ \t]{0,9}\([-+0-9eE., \t\r\n]{1,200}\)/g,
      most: pointMost,
    },
    'transform gradientTransform',
  ],
  [{ whole: new RegExp(`^(?:${colour}|${own}(?: ${colour})?)$`) }, 'fill stroke'],
  [{ whole: new RegExp(`^${colour}$`) }, 'color stop-color'],
  [{ whole: new RegExp(`^(?:none|${own})$`) }, 'clip-path'],
  [{ whole: /^[\p{L}\p{M}\p{Nd} ,'"_-]{1,200}$/u }, 'font-family'],
  [
    { whole: word },
    'xml:space preserveAspectRatio lengthAdjust gradientUnits spreadMethod clipPathUnits fill-rule clip-rule ' +
      'stroke-linecap stroke-linejoin display visibility overflow font-style font-variant font-stretch text-anchor ' +
      'text-decoration dominant-baseline alignment-baseline writing-mode direction shape-rendering text-rendering ' +
      'image-rendering color-interpolation paint-order',
  ],
]

/** By the name of the attribute; what is not in it is not drawn. */
export const valueForms: ReadonlyMap<string, ValueForm> = new Map(
  forms.flatMap(([form, names]) => names.split(' ').map((name): [string, ValueForm] => [name, form])),
)

export function isWithin({ whole, items, most }: ValueForm, value: string): boolean {
  if (whole !== undefined && !whole.test(value)) return false
  if (items !== undefined && !/^[ \t\r\n,]*$/.test(value.replace(items, ''))) return false
  return most === undefined || numbersIn(value).every((number) => Math.abs(Number(number)) <= most)
}

/** The numbers in a value, in their order. */
export function numbersIn(value: string): readonly string[] {
  return value.match(numerals) ?? []
}
