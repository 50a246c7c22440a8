import {
  credentialOfferRequest,
  readCredentialOfferResponse,
  readOfferLink,
} from '@facet-id/protocol/openid4vci'
import { expect, test } from 'vitest'
import { tokenFor } from '../wallet.test-support.ts'
import { ISSUER, type World, world } from '../world.test-support.ts'

async function referred(here: World) {
  const made = await here.offer({ by: 'reference' })
  const link = readOfferLink(made.link)
  if (link.by !== 'reference') throw new Error('the offer is in the link')
  return {
    made,
    uri: link.credential_offer_uri,
    fetch: () => here.send(credentialOfferRequest(link.credential_offer_uri)),
  }
}

test('VCI-4.1-2, VCI-4.1.3-2 an offer by reference is fetched where the link says, as often as anybody likes, and is good once', async () => {
  const here = world()
  const { made, uri, fetch } = await referred(here)
  expect(uri).toMatch(new RegExp(`^${ISSUER}/offers/[\\w-]{43}$`))
  expect(made.link.length).toBeLessThan(200)
  for (const _ of [1, 2, 3]) {
    const response = await fetch()
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    })
    expect(readCredentialOfferResponse(response)).toEqual(made.offer)
  }
  await expect(tokenFor(here, made)).resolves.toBeTypeOf('string')
  await expect(tokenFor(here, made)).rejects.toThrow()
})

test('VCI-4.1.3-3 each offer has an address of its own, which nobody can read off what rests', async () => {
  const here = world()
  const uris = await Promise.all(Array.from({ length: 50 }, async () => (await referred(here)).uri))
  expect(new Set(uris).size).toBe(50)
  const rests = JSON.stringify(await here.state.rests())
  for (const uri of uris) expect(rests).not.toContain(uri.split('/').at(-1))
})

test('VCI-4.1.1-7 an offer that is over, withdrawn or never was is not there', async () => {
  const here = world()
  const [early, withdrawn] = [await referred(here), await referred(here)]
  await here.issuer.revoke(withdrawn.made.issuanceId)
  expect((await withdrawn.fetch()).status).toBe(404)
  expect((await early.fetch()).status).toBe(200)
  here.time.advance(here.settings.offerLifetime)
  expect((await early.fetch()).status).toBe(404)
  for (const wrong of ['', 'x', 'A'.repeat(43), '../token', '%2e%2e']) {
    expect((await here.send(credentialOfferRequest(`${ISSUER}/offers/${wrong}`))).status).toBe(404)
  }
  const post = { ...credentialOfferRequest(early.uri), method: 'POST' } as const
  expect((await here.send(post)).status).toBe(405)
})

test('an offer by value is nowhere to be fetched', async () => {
  const here = world()
  await here.offer()
  expect((await here.state.rests()).map(({ ns }) => ns)).not.toContain('issuer/offer-by-reference')
})
