import { writeIntegrity } from '@facet-id/credential/type-metadata'
import { hash } from '@facet-id/crypto/node'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { specimen } from '../demo/specimen.ts'
import { PERSON_VCT } from '../person-type.ts'
import { judgingPorts } from '../service/judging-ports.ts'
import { type CardWish, drawCard } from './card.ts'

const svgOf = (text: string) => `<svg xmlns="http://www.w3.org/2000/svg"><text>${text}</text></svg>`
const at = 'https://types.example/card.svg'
const served = (body: string, more: Partial<WireResponse> = {}): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'image/svg+xml' },
  body,
  ...more,
})

/** A card of a type whose document has these templates, with what is asked for on the way. */
async function cardOf(
  templates: readonly object[],
  {
    pages = {},
    wish = {},
  }: { pages?: Readonly<Record<string, WireResponse>>; wish?: Partial<CardWish> } = {},
) {
  const asked: string[] = []
  const transport: Transport = {
    async send({ url }) {
      asked.push(url)
      return pages[url] ?? { status: 404, headers: {}, body: svgOf('none') }
    },
  }
  const display = [
    { locale: 'en', name: 'Member', rendering: { svg_templates: templates } },
    { locale: 'de', name: 'Mitglied' },
  ]
  const claims = [{ path: ['name'], svg_id: 'name' }]
  const documents = [JSON.stringify({ vct: 'urn:t:1', display, claims })]
  const ports = judgingPorts({
    transport,
    now: () => 0,
    development: false,
    types: { documents, publishers: [] },
  })
  const held = { vct: 'urn:t:1', name: 'Anna <Eriksson>' }
  const draw = () => drawCard(held, { languages: ['en'], ...wish }, { transport, ...ports })
  return { draw, asked }
}

const data = (text: string) => `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}`

test('SVC-5.5.1.2-2, SVC-5.5.1.2.2-1 draws the template that fits the wish, with what is held', async () => {
  const { draw: light } = await cardOf([{ uri: data(svgOf('{{name}}')) }])
  expect(await light()).toBe(svgOf('Anna &lt;Eriksson&gt;'))
  const templates = ['light', 'dark'].map((scheme) => ({
    uri: `data:image/svg+xml,${encodeURIComponent(svgOf(scheme)).replaceAll("'", '%27')}`,
    properties: { color_scheme: scheme },
  }))
  const { draw: dark, asked } = await cardOf(templates, { wish: { color_scheme: 'dark' } })
  expect(await dark()).toBe(svgOf('dark'))
  expect(asked).toEqual([])
})

test('SVC-6-2, SVC-6-4 fetches a template as others are fetched, and holds its bytes against its integrity', async () => {
  const svg = svgOf('{{name}}')
  // Who may read it in a page is said by CORS, and changes nothing here.
  for (const cors of [undefined, 'https://other.example', '*']) {
    const headers = {
      'content-type': 'image/svg+xml; charset=utf-8',
      ...(cors === undefined ? {} : { 'access-control-allow-origin': cors }),
    }
    const good = { uri: at, 'uri#integrity': writeIntegrity(svg, hash) }
    const { draw, asked } = await cardOf([good], { pages: { [at]: served(svg, { headers }) } })
    expect(await draw()).toContain('Anna')
    expect(asked).toEqual([at])
    const { draw: changed } = await cardOf([good], { pages: { [at]: served(`${svg} `, { headers }) } })
    expect(await outcomeOf(changed)).toBe('integrity_mismatch')
  }
})

test.each<[string, Partial<WireResponse>]>([
  ['an error comes with it', { status: 500 }],
  ['a redirect comes with it', { status: 302 }],
  ['it is given out as a page', { headers: { 'content-type': 'text/html' } }],
  ['nobody says what it is', { headers: {} }],
])('SVC-3-2, SVC-3-3, SVC-3-4 no template is drawn when %s', async (_, more) => {
  const { draw } = await cardOf([{ uri: at }], { pages: { [at]: served(svgOf('x'), more) } })
  expect(await outcomeOf(draw)).toBe('card_not_drawn')
})

test('SVC-5.5.1.2.2-4 draws nothing of a template that would fetch, or that is none', async () => {
  for (const svg of [
    svgOf('<g/><style>svg{fill:url(https://a.example)}</style>'),
    '<html/>',
    svgOf('{{other}}'),
  ]) {
    const { draw } = await cardOf([{ uri: data(svg) }])
    expect(await outcomeOf(draw)).toBe('svg_refused')
  }
  for (const uri of [
    'data:image/png;base64,iVBORw0KGgo=',
    'data:image/svg+xml,%E0%A4',
    'data:image/svg+xml,',
  ]) {
    const { draw } = await cardOf([{ uri }])
    expect(await outcomeOf(draw)).toBe('card_not_drawn')
  }
})

test('says so when there is no template, or nothing is known of the type', async () => {
  const { draw } = await cardOf([{ uri: data(svgOf('x')) }], { wish: { languages: ['de'] } })
  expect(await outcomeOf(draw)).toBe('card_not_drawn')
  const nobody: Transport = { send: () => Promise.reject(new Error('nothing is fetched')) }
  const ports = {
    transport: nobody,
    ...judgingPorts({ transport: nobody, now: () => 0, development: false }),
  }
  expect(await outcomeOf(() => drawCard({ vct: 'urn:t:2' }, { languages: [] }, ports))).toBe('card_not_drawn')
})

test('SVC-8.4-1 a person has a card in every look and language, with nobody asked', async () => {
  const nobody: Transport = { send: () => Promise.reject(new Error('nothing is fetched')) }
  const ports = {
    transport: nobody,
    ...judgingPorts({ transport: nobody, now: () => 0, development: false }),
  }
  const cards = new Set<string>()
  for (const languages of [['en'], ['de']]) {
    for (const look of [
      { color_scheme: 'light' },
      { color_scheme: 'dark' },
      { contrast: 'high' },
    ] as const satisfies readonly Partial<CardWish>[]) {
      const svg = await drawCard({ ...specimen, vct: PERSON_VCT }, { languages, ...look }, ports)
      for (const text of ['Anna Maria', 'Eriksson', '1974-08-12', 'UTO, ZZZ', 'L898902C3'])
        expect(svg).toContain(`>${text}</text>`)
      expect(svg).toContain(languages[0] === 'de' ? 'Geburtsdatum' : 'Date of birth')
      cards.add(svg)
    }
  }
  expect(cards.size).toBe(6)
})
