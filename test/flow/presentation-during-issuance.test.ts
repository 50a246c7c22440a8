/** A wallet gets a credential by showing one that it holds: the issuer is a verifier too. */
import { random } from '@facet-id/crypto/node'
import { type PresentationLoginOptions, presentationLogin } from '@facet-id/facet'
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { readForm } from '@facet-id/protocol/form'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { ISSUER, type MemoryStage, memoryStage } from './memory.ts'
import { PERSON_VCT, personConfiguration } from './specimen.ts'
import { issuedOn } from './steps.ts'

const redirectUri = 'https://wallet.example/back'
const MEMBER_VCT = 'urn:facet:test:member'
const member = {
  vct: MEMBER_VCT,
  scope: 'member',
  display: [{ name: 'Member <b>', locale: 'en' }],
  claims: [{ path: ['number'] }],
  lifetime: 86_400,
}

interface Scene extends MemoryStage {
  /** Where the wallet sent the person's browser. */
  readonly visited: string[]
}

/** The wallet holds a person's credential, and is offered another that takes logging in. */
async function scene(changes: Partial<PresentationLoginOptions> = {}): Promise<Scene> {
  const visited: string[] = []
  const stage: MemoryStage = memoryStage({
    holderSettings: { clientId: 'wallet', redirectUri },
    holder: {
      authorize({ url }) {
        visited.push(url)
        return undefined
      },
    },
    issuer: {
      settings: {
        configurations: { person: personConfiguration, member },
        authorization: {
          ...issuerDefaults.authorization,
          clients: { wallet: { name: 'Wallet', redirectUris: [redirectUri] } },
        },
      },
      ports: {
        userAuthentication: presentationLogin({
          verifier: {
            request: (what, options) => stage.verifier.request(what, options),
            result: (transactionId) => stage.verifier.result(transactionId),
            returned: (back) => stage.verifier.returned(back),
          },
          asking: readDcqlQuery({
            credentials: [
              {
                id: 'person',
                format: 'dc+sd-jwt',
                meta: { vct_values: [PERSON_VCT] },
                claims: [{ path: ['document_number'] }],
              },
            ],
          }),
          personOf({ reports }) {
            const number = reports.person?.shown?.document_number
            if (typeof number !== 'string') return undefined
            return { subject: number, name: 'you', claims: { member: { number: `M-${number}` } } }
          },
          titles: { member: 'Member <b>' },
          random,
          ...changes,
        }),
      },
    },
  })
  await issuedOn(stage)
  return { ...stage, visited }
}

async function begun({ holder, visited }: Scene): Promise<string> {
  const offer = { credential_issuer: ISSUER, credential_configuration_ids: ['member'] }
  const link = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
  expect(await outcomeOf(() => holder.accept(link))).toBe('authorization_pending')
  return visited.at(-1) ?? ''
}

interface Browser {
  open(url: string): Promise<WireResponse>
  press(page: WireResponse, decision: string): Promise<WireResponse>
}

function browserOf({ issuer }: MemoryStage): Browser {
  let cookie = ''
  return {
    async open(url) {
      const response = await issuer.handle({ method: 'GET', url, headers: { cookie } })
      const [set] = (response.headers['set-cookie'] ?? '').split(';')
      if (set) cookie = set
      return response
    },
    press({ body }, decision) {
      const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(body) ?? []
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: ISSUER, cookie }
      const form = new URLSearchParams({ flow, decision }).toString()
      return issuer.handle({ method: 'POST', url: `${ISSUER}/authorize/answer`, headers, body: form })
    },
  }
}

function linkIn({ body }: WireResponse): string {
  const [, link = ''] = /href="([^"]+)"/.exec(body) ?? []
  return link.replaceAll('&amp;', '&')
}

/** Where the browser goes when the wallet has shown what was asked for. */
async function shownFrom({ holder }: MemoryStage, page: WireResponse): Promise<string> {
  const { redirectUri: home } = await holder.present(linkIn(page))
  return home ?? ''
}

async function expectMember({ holder }: MemoryStage, back: string): Promise<void> {
  const [pending] = await holder.pending()
  expect((await holder.resume(pending?.id ?? '', back)).credentials).toMatchObject([{ vct: MEMBER_VCT }])
}

/** What the copies in the wallet disclose, in one text. */
async function disclosuresIn({ stores }: MemoryStage): Promise<string> {
  const all: string[] = []
  for await (const { value } of stores.holder.range('holder/copy')) {
    const parts = new TextDecoder().decode(value).split('~')
    all.push(...parts.map((part) => Buffer.from(part, 'base64url').toString()))
  }
  return all.join()
}

function refusedIn({ headers }: WireResponse): string | undefined {
  return readForm((headers.location ?? '').split('?')[1] ?? '').error
}

test('PRS-6, PRS-5, PRS-1 a wallet gets a credential by showing another, on the same device', async () => {
  const here = await scene()
  const browser = browserOf(here)
  const page = await browser.open(await begun(here))
  expect(page.body).toContain('Member &lt;b&gt;')
  expect(page.body).not.toMatch(/<script|<img|<iframe|src=| on[a-z]+=/i)
  const consent = await browser.open(await shownFrom(here, page))
  expect(consent.body).toContain('You are logged in as <strong>you</strong>')
  const { headers } = await browser.press(consent, 'agree')
  await expectMember(here, headers.location ?? '')
  expect(await disclosuresIn(here)).toContain('M-L898902C3')
})

test('PRS-6 whoever was led back twice, or presses too early, is where they were', async () => {
  const here = await scene()
  const browser = browserOf(here)
  const page = await browser.open(await begun(here))
  const early = await browser.press(page, 'shown')
  expect(early.body).toContain('Nothing was shown yet')
  const back = await shownFrom(here, early)
  await browser.open(back)
  const again = await browser.open(back)
  expect(again.body).toContain('logged in as')
  await expectMember(here, (await browser.press(again, 'agree')).headers.location ?? '')
})

test('PRS-7 with a code for another device the person says when it was shown', async () => {
  const drawn: string[] = []
  const here = await scene({
    drawCode(link) {
      drawn.push(link)
      return '<svg viewBox="0 0 1 1"></svg>'
    },
  })
  const browser = browserOf(here)
  const page = await browser.open(await begun(here))
  expect(page.body).toContain('<svg')
  expect(drawn.at(0)).not.toBe(linkIn(page))
  await here.holder.present(drawn.at(0) ?? '')
  const consent = await browser.press(page, 'shown')
  await expectMember(here, (await browser.press(consent, 'agree')).headers.location ?? '')
})

test('PRS-7, PRS-8 an answer that comes home to another browser logs nobody in', async () => {
  const here = await scene()
  const mine = browserOf(here)
  const page = await mine.open(await begun(here))
  const other = browserOf(here)
  await other.open(await begun(here))
  expect((await other.open(await shownFrom(here, page))).status).toBe(400)
  expect((await mine.press(page, 'shown')).body).toContain('Nothing was shown yet')
})

test('PRS-8 the code of another flow of the same browser logs nobody in', async () => {
  const here = await scene()
  const browser = browserOf(here)
  const first = await browser.open(await begun(here))
  const code = readForm((await shownFrom(here, first)).split('?')[1] ?? '').response_code ?? ''
  const second = await browser.open(await begun(here))
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(second.body) ?? []
  const wrong = `${ISSUER}/authorize/answer?${new URLSearchParams({ state: flow, response_code: code })}`
  expect(refusedIn(await browser.open(wrong))).toBe('access_denied')
})

test('PRS-8 who declines, in the wallet or on the page, or is nobody that the operator knows, gets nothing', async () => {
  const page = async (here: Scene): Promise<[Browser, WireResponse]> => {
    const browser = browserOf(here)
    return [browser, await browser.open(await begun(here))]
  }
  const declining = await scene()
  const [browser, asked] = await page(declining)
  expect(refusedIn(await browser.press(asked, 'decline'))).toBe('access_denied')

  const unknown = await scene({ personOf: () => undefined })
  const [elsewhere, shown] = await page(unknown)
  expect(refusedIn(await elsewhere.open(await shownFrom(unknown, shown)))).toBe('access_denied')

  const late = await scene({ drawCode: () => '<svg></svg>' })
  const [slow, waiting] = await page(late)
  late.time.advance(590)
  const answer = await slow.press(waiting, 'shown')
  expect([refusedIn(answer), answer.status]).toEqual(['access_denied', 303])
})
