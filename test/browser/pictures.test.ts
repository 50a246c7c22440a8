/**
 * What is accepted as a picture of a credential is drawn in a real Chromium, inside a page and as a picture beside
 * it: nothing is fetched, nothing runs, and it ends.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { drawSvg } from '@facet-id/credential/type-metadata'
import { outcomeOf, type Vector, vectors } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { openPage } from './chromium.ts'

const opened = await openPage(new Map())
const lacking = 'lacking' in opened ? opened.lacking : undefined
if (lacking !== undefined) console.log(`There is no Chromium here, so its tests are skipped: ${lacking}`)

/** Where a picture would be fetched from, if it fetched any. */
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.writeHead(404).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
// What listens on an address of the network has a port.
const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

afterAll(async () => {
  if (!('lacking' in opened)) await opened.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const all = vectors(new URL('../../packages/credential/vectors/svg/', import.meta.url))

/** With the addresses of the vectors turned to where somebody listens. */
function drawnFrom({ input }: Vector): string | undefined {
  const { svg, values } = input as { svg: string; values: Record<string, string> }
  const turned = svg.replaceAll(/(?:https:)?\/\/a\.example/g, elsewhere)
  const given = new Map(Object.entries(values))
  return outcomeOf(() => drawSvg(turned, given)) === 'accepted' ? drawSvg(turned, given) : undefined
}

const heavy = `<path d="M0 0${'l9 -9 9 9'.repeat(9000)}" stroke="red" stroke-width="9999" stroke-linejoin="round"/>`
const layered = `${'<g opacity="0.9">'.repeat(50)}<rect width="900" height="900"/>${'</g>'.repeat(50)}`
const ns = 'xmlns="http://www.w3.org/2000/svg" width="900" height="900"'
/** As much as may be asked for, in the ways that cost most. */
const atTheBounds = [
  `<svg ${ns}>${heavy}</svg>`,
  `<svg ${ns}>${layered.repeat(7)}</svg>`,
  `<svg ${ns}><g id="a" transform="scale(99999)">${'<circle r="9999" fill="red" stroke="blue"/>'.repeat(45)}</g>${'<use href="#a"/>'.repeat(200)}</svg>`,
  `<svg ${ns}><text id="t" font-size="9999">${'x'.repeat(190)}</text>${'<use href="#t"/>'.repeat(200)}</svg>`,
]

test.skipIf(lacking !== undefined)(
  'SVC-5.5.1.2.2-4 what is drawn fetches nothing and runs nothing in Chromium, and ends',
  async () => {
    if ('lacking' in opened) throw new Error('there is no page')
    const { page, uncaught } = opened
    const drawn = [
      ...all.flatMap((vector) => drawnFrom(vector) ?? []),
      ...atTheBounds.map((svg) => drawSvg(svg, new Map())),
    ]
    expect(drawn.length).toBeGreaterThan(5)
    for (const svg of drawn) {
      for (const html of [
        svg,
        `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
      ]) {
        await page.setContent(`<!doctype html><body>${html}</body>`)
        // It is painted whole, or this does not come back.
        expect((await page.screenshot()).length).toBeGreaterThan(0)
      }
    }
    expect(asked).toEqual([])
    expect(uncaught).toEqual([])
  },
  240_000,
)

test.skipIf(lacking !== undefined)(
  'SVC-5.5.1.2.2-4 somebody listens where a picture that was not looked at fetches from',
  async () => {
    if ('lacking' in opened) throw new Error('there is no page')
    const { page } = opened
    const split = `<svg ${ns}><style>svg{background-image:u<g/>rl(${elsewhere}/split)}</style></svg>`
    expect(outcomeOf(() => drawSvg(split, new Map()))).toBe('svg_refused')
    // The parser of a page leaves the elements out of a style sheet of SVG, and joins what is around them.
    await page.setContent(`<!doctype html><body>${split}</body>`)
    await page.screenshot()
    await expect.poll(() => asked, { timeout: 30_000 }).toContain('/split')
  },
  60_000,
)
