/** A platform in hono: "over 18", of a phone by a QR code or on the same device, told by events. */
import { randomUUID } from 'node:crypto'
import { startVerifierService } from '@facet-id/facet'
import { honoRole } from '@facet-id/http/hono'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import { encodeQR } from 'qr'
import { browser, freePort, temporaryDirectory, walletWithCredential } from './neighbours.ts'

const directory = await temporaryDirectory()
const wallet = await walletWithCredential(directory)
const port = await freePort()
const origin = `http://127.0.0.1:${port}` // https://platform.example, in real life

const service = await startVerifierService({
  dataDirectory: directory.in('verifier'),
  environment: {},
  development: true,
  mounted: true,
  publicUrl: `${origin}/wallets`,
  issuers: [{ id: wallet.issuerDid, vcts: ['urn:facet:person:1'] }],
})

const app = new Hono()
app.use(honoRole(service.handle, { publicUrl: service.url })) // what wallets ask for, and nothing else

/** Which request a session waits for: what makes a result known never leaves the server. */
const waiting = new Map<string, string>()

app.get('/', async (page) => {
  const session = getCookie(page, 'session') ?? randomUUID()
  // Behind TLS also `secure`.
  setCookie(page, 'session', session, { httpOnly: true, sameSite: 'Lax' })
  const isHere = page.req.query('device') === 'here'
  const { link, transactionId } = await service.verifier.request('over 18', {
    ...(isHere ? { sameDevice: { session, returnTo: `${origin}/back` } } : {}),
  })
  waiting.set(session, transactionId)
  return page.json({ link, ...(isHere ? {} : { picture: encodeQR(link, 'svg') }) })
})

app.get('/events', (page) =>
  streamSSE(page, async (stream) => {
    const transactionId = waiting.get(getCookie(page, 'session') ?? '') ?? ''
    for await (const result of service.verifier.watch(transactionId))
      await stream.writeSSE({ data: JSON.stringify(result) })
  }),
)

app.get('/back', async (page) => {
  const responseCode = page.req.query('response_code') ?? ''
  const session = getCookie(page, 'session') ?? ''
  try {
    const result = await service.verifier.returned({ responseCode, session })
    return page.text(result.outcome === 'verified' ? 'Welcome.' : 'Sorry.')
  } catch {
    return page.text('This is not the browser that asked.', 403)
  }
})

const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })

// A person at a computer, with the wallet on a phone.
const computer = browser()
const { link, picture } = await computer.asked(`${origin}/`)
console.log('the page shows', picture?.startsWith('<svg') ? 'a QR code' : 'nothing')
for await (const event of computer.events(`${origin}/events`)) {
  const { outcome, flow, reports } = JSON.parse(event)
  console.log('event:', outcome, flow ?? '')
  if (outcome === 'pending') await wallet.show(link)
  else console.log(reports.credential.verdicts, reports.credential.shown)
}

// The same on the phone itself: the wallet sends the browser back.
const phone = browser()
const here = await phone.asked(`${origin}/?device=here`)
const back = (await wallet.show(here.link)) ?? ''
console.log('back on the phone:', await (await phone.open(back)).text())

// Somebody else who was sent the link, and answers in the session of the one who sent it.
const stranger = browser()
const sent = await stranger.asked(`${origin}/?device=here`)
const theirs = await wallet.show(sent.link)
console.log('back elsewhere:', await (await browser().open(theirs ?? '')).text())

await new Promise((resolve) => server.close(resolve))
await service.close()
await wallet.close()
await directory.remove()
