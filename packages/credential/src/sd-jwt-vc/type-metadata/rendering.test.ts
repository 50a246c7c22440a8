import { expect, test } from 'vitest'
import { chooseTemplate, type SvgProperties, type SvgTemplate } from './rendering.ts'

const template = (properties?: SvgProperties): SvgTemplate => ({
  uri: `https://types.example/${JSON.stringify(properties)}`,
  ...(properties === undefined ? {} : { properties }),
})
const portrait = template({ orientation: 'portrait' })
const landscape = template({ orientation: 'landscape', color_scheme: 'light' })
const dark = template({ orientation: 'landscape', color_scheme: 'dark' })
const strong = template({ orientation: 'portrait', contrast: 'high' })
const all = [portrait, landscape, dark, strong]

test.each<[SvgProperties, SvgTemplate]>([
  [{ orientation: 'portrait' }, portrait],
  [{ orientation: 'landscape' }, landscape],
  [{ orientation: 'landscape', color_scheme: 'dark' }, dark],
  [{ color_scheme: 'dark' }, dark],
  [{ contrast: 'high' }, strong],
  // Who needs contrast can turn a card, and cannot read a pale one.
  [{ contrast: 'high', orientation: 'landscape', color_scheme: 'dark' }, strong],
  [{ contrast: 'normal', orientation: 'portrait' }, portrait],
  [{}, portrait],
])('SVC-5.5.1.2-2 for %j the template that fits best is taken', (wish, best) => {
  expect(chooseTemplate(all, wish)).toBe(best)
})

test('SVC-5.5.1.2-2 one that says nothing is better than one that says the opposite', () => {
  const plain = template()
  expect(chooseTemplate([portrait, plain], { orientation: 'landscape' })).toBe(plain)
  expect(chooseTemplate([portrait], { orientation: 'landscape' })).toBe(portrait)
  expect(chooseTemplate([], {})).toBeUndefined()
})
