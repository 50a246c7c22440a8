import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { joinTypes } from '../type-metadata/credential-type.ts'
import { readTypeMetadata } from '../type-metadata/document.ts'
import { drawSvg, svgValues } from './draw.ts'

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/svg/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { svg, values } = input as { svg: string; values: Record<string, string> }
    expect(outcomeOf(() => drawSvg(svg, new Map(Object.entries(values))))).toBe(outcome)
  })
}

const namespace = 'xmlns="http://www.w3.org/2000/svg"'
const card = (text: string) => `<svg ${namespace}><text>${text}</text></svg>`
const drawn = (text: string, value: string | undefined) => drawSvg(card(text), new Map([['name', value]]))

test('SVC-5.5.1.2.2-1 puts the value in the place of its name, as often as it stands there', () => {
  expect(drawn('{{name}}, {{name}}', 'Anna')).toBe(card('Anna, Anna'))
  expect(drawn('&#123;{name}}', 'Anna')).toBe(card('Anna'))
  expect(drawn('{{na<!-- -->me}}', 'Anna')).toBe(card('Anna'))
  expect(drawn('{name}', 'Anna')).toBe(card('{name}'))
})

test('SVC-5.5.1.2.2-2 escapes the value, and reads no second placeholder in it', () => {
  expect(drawn('{{name}}', `<script>&"'</script>`)).toBe(
    card('&lt;script&gt;&amp;&quot;&apos;&lt;/script&gt;'),
  )
  expect(drawn('{{name}}', '{{name}}')).toBe(card('{{name}}'))
  expect(drawn('{{name}}', '$&$1')).toBe(card('$&amp;$1'))
})

test('SVC-5.5.1.2.2-3 draws nothing for a claim that the credential lacks', () => {
  expect(drawn('[{{name}}]', undefined)).toBe(card('[]'))
  expect(drawn('[{{name}}]', '')).toBe(card('[]'))
})

test('SVC-7.6-1 cuts a long value off, and lets it turn no letters about', () => {
  expect(drawn('{{name}}', 'x'.repeat(400))).toBe(card(`${'x'.repeat(300)}…`))
  expect(drawn('{{name}}', '\u{1F600}'.repeat(301))).toBe(card(`${'\u{1F600}'.repeat(300)}…`))
  expect(drawn('{{name}}', 'a\u202eb\u0000c\ud800')).toBe(card('a b c '))
  expect(drawn('{{name}}', 'a\u200bb\u200fc\u{e0041}d\u3164\u00ad')).toBe(card('a b c d  '))
  expect(drawn('{{name}}', 'می‌خواهم 👩‍🚀')).toBe(card('می‌خواهم 👩‍🚀'))
})

test('SVC-5.5.1.2.2-4 writes anew what it read: comments and spellings are gone, the picture is the same', () => {
  const spelled = `<?xml version='1.0'?><svg  ${namespace} ><!-- x --><g id='a'\n fill="#&#102;ff" ></g></svg>\n`
  const written = `<svg ${namespace}><g id="a" fill="#fff"/></svg>`
  expect(drawSvg(spelled, new Map())).toBe(written)
  expect(drawSvg(written, new Map())).toBe(written)
})

test('SVC-5.5.1.2.2-4 a message of a refusal quotes nothing of the picture', () => {
  const secret = 'Specimen'
  try {
    drawSvg(card(`<${secret} ${secret}="${secret}">`), new Map())
    expect.unreachable()
  } catch (error) {
    expect(String(error)).toMatch(/^CredentialError: The picture is not drawn: /)
    expect(String(error)).not.toContain(secret)
  }
})

test('SVC-5.5.1.2.2-4 draws a shape often, and not without an end', () => {
  const uses = (count: number) => `<svg ${namespace}><rect id="r"/>${'<use href="#r"/>'.repeat(count)}</svg>`
  expect(outcomeOf(() => drawSvg(uses(200), new Map()))).toBe('accepted')
  expect(outcomeOf(() => drawSvg(uses(201), new Map()))).toBe('svg_refused')
})

test('SVC-7.9-1 shows the picture of a claim where an image waits for it, and no other picture', () => {
  const waiting = `<svg ${namespace}><image id="portrait" width="9"/></svg>`
  const shown = (value: string | undefined) => drawSvg(waiting, new Map([['portrait', value]]))
  const gif = 'data:image/gif;base64,R0lGODlhAQABAAA='
  expect(shown(gif)).toBe(`<svg ${namespace}><image id="portrait" width="9" href="${gif}"/></svg>`)
  for (const other of [
    undefined,
    '',
    'https://a.example/p.gif',
    'data:image/svg+xml;base64,PHN2Zy8+',
    `${gif}"`,
  ])
    expect(shown(other)).toBe(waiting)
  // An image has its own picture, or another name.
  const own = `<svg ${namespace}><image id="portrait" href="${gif}"/><image id="other"/></svg>`
  expect(drawSvg(own, new Map([['portrait', 'data:image/gif;base64,R0lGODlhAgABAAA=']]))).toBe(own)
})

test('SVC-5.5.1.2.2-4 counts a picture of a claim as large as it may be', () => {
  const often = (count: number) =>
    `<svg ${namespace}><image id="portrait"/>${'<use href="#portrait"/>'.repeat(count)}</svg>`
  expect(outcomeOf(() => drawSvg(often(8), new Map()))).toBe('accepted')
  expect(outcomeOf(() => drawSvg(often(9), new Map()))).toBe('svg_refused')
})

test('SVC-5.5.1.2.2-1 takes values out of the claims by the paths of the type', () => {
  const claims = [
    { path: ['given_name'], svg_id: 'given' },
    { path: ['nationalities', null], svg_id: 'nations' },
    { path: ['address', 'locality'], svg_id: 'town' },
    { path: ['age'], svg_id: 'age' },
    { path: ['address'], svg_id: 'whole' },
    { path: ['missing'], svg_id: 'missing' },
    { path: ['given_name', 'first'], svg_id: 'mismatch' },
    { path: ['adult'], svg_id: 'adult' },
    { path: ['unnamed'] },
  ]
  const type = joinTypes([readTypeMetadata(JSON.stringify({ vct: 'urn:t:1', claims }), 'urn:t:1')])
  const given = {
    given_name: 'Anna',
    nationalities: ['UTO', 'XXA'],
    address: { locality: 'Utopolis' },
    age: 44,
    adult: true,
    unnamed: 1,
  }
  expect([...svgValues(type, given)]).toEqual([
    ['given', 'Anna'],
    ['nations', 'UTO, XXA'],
    ['town', 'Utopolis'],
    ['age', '44'],
    ['whole', undefined],
    ['missing', undefined],
    ['mismatch', undefined],
    ['adult', 'true'],
  ])
})
