import { readTokenResponse } from '@facet-id/protocol/oauth'
import {
  credentialOfferRequest,
  readCredentialOfferResponse,
  readOfferLink,
} from '@facet-id/protocol/openid4vci'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { defaultAuthorization } from '../authorization/authorization-settings.ts'
import {
  ANSWER,
  arrived,
  askingWorld,
  authorizing,
  browserOf,
  codeFrom,
  flowIn,
  onePage,
  push,
  redeeming,
} from '../browser.test-support.ts'
import { askCredential, credentialsIn, nonceFrom, proofOf, verified } from '../wallet.test-support.ts'
import { ISSUER, specimen, world } from '../world.test-support.ts'

const claims = { person: { ...specimen, given_name: 'Berta' } }

async function stateOf(link: string): Promise<string> {
  const read = readOfferLink(link)
  if (read.by !== 'value') throw new Error('the offer is in the link')
  return read.offer.grants.authorization_code?.issuer_state ?? ''
}

test('VCI-4.1.1-5 an offer with an authorization code names the issuer, what is offered, and a state', async () => {
  const here = askingWorld()
  const { offer, link, expiresAt } = await here.issuer.invite({ configurationIds: ['person'] })
  expect(offer).toMatchObject({ credential_issuer: ISSUER, credential_configuration_ids: ['person'] })
  expect(Object.keys(offer.grants)).toEqual(['authorization_code'])
  expect(await stateOf(link)).toMatch(/^[\w-]{43}$/)
  expect(expiresAt).toBe(here.time.now() + here.settings.offerLifetime)
})

test('VCI-4.1.3-1 an offer with an authorization code is fetched from where a short link says, until it is over', async () => {
  const here = askingWorld()
  const { offer, link, expiresAt } = await here.issuer.invite({
    configurationIds: ['person'],
    by: 'reference',
  })
  const read = readOfferLink(link)
  if (read.by !== 'reference') throw new Error('the link says where the offer is')
  const fetched = () => here.send(credentialOfferRequest(read.credential_offer_uri))
  expect(readCredentialOfferResponse(await fetched())).toEqual(offer)
  here.time.advance(expiresAt - here.time.now())
  expect((await fetched()).status).toBe(404)
})

test('VCI-5.1.3-1 what was offered to one person is issued to that person', async () => {
  const here = askingWorld()
  const { link } = await here.issuer.invite({ configurationIds: ['person'], subject: 'berta', claims })
  const code = await codeFrom(here, { issuer_state: await stateOf(link) }, { subject: 'berta' })
  const { access_token } = readTokenResponse(await here.send(redeeming(code)))
  const proof = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  const [credential = ''] = credentialsIn(await here.send(askCredential(access_token, [proof])))
  expect((await verified(here, credential)).claims).toMatchObject({ given_name: 'Berta' })
})

test('VCI-5.1.3-1 whoever brings the state of another person’s offer gets nothing by it', async () => {
  const here = askingWorld()
  const { link } = await here.issuer.invite({ configurationIds: ['person'], subject: 'berta', claims })
  const browser = browserOf(here)
  const issuer_state = await stateOf(link)
  const flow = flowIn(await browser.open(authorizing(await push(here, { issuer_state }))))
  const back = await browser.post(ANSWER, { flow, subject: 'mallory' })
  expect(arrived(back)).toMatchObject({ error: 'access_denied', iss: ISSUER })
  expect((await here.state.rests()).filter(({ ns }) => ns === 'issuer/code')).toEqual([])
})

test('VCI-5.1.3-1 a state logs nobody in: the person is asked as without it', async () => {
  const asked: unknown[] = []
  const userAuthentication = {
    ...onePage,
    begin: (about: Parameters<typeof onePage.begin>[0]) => {
      asked.push(about.offeredTo)
      return onePage.begin(about)
    },
  }
  const here = askingWorld({}, { ports: { userAuthentication } })
  const { link } = await here.issuer.invite({ configurationIds: ['person'], subject: 'berta' })
  await browserOf(here).open(authorizing(await push(here, { issuer_state: await stateOf(link) })))
  expect(asked).toEqual(['berta'])
})

test('VCI-5.1.3-1 a state that is not ours, or too old, is refused', async () => {
  const here = askingWorld({ pushedLifetime: 600 })
  const { link } = await here.issuer.invite({ configurationIds: ['person'] })
  const fromOffer = await push(here, { issuer_state: await stateOf(link) })
  const refused = await browserOf(here).open(authorizing(await push(here, { issuer_state: '<script>' })))
  expect(arrived(refused)).toMatchObject({ error: 'invalid_request' })
  expect((await browserOf(here).open(authorizing(fromOffer))).status).toBe(200)
  here.time.advance(here.settings.offerLifetime)
  const late = await push(here, { issuer_state: await stateOf(link) })
  expect(arrived(await browserOf(here).open(authorizing(late)))).toMatchObject({ error: 'invalid_request' })
})

test('an invitation that cannot work is refused to the operator', async () => {
  const { issuer } = askingWorld()
  const invited = (request: Parameters<typeof issuer.invite>[0]) => outcomeOf(() => issuer.invite(request))
  expect(await invited({ configurationIds: [] })).toBe('settings_invalid')
  expect(await invited({ configurationIds: ['person', 'person'] })).toBe('settings_invalid')
  expect(await invited({ configurationIds: ['other'] })).toBe('configuration_unknown')
  expect(await invited({ configurationIds: ['person'], claims })).toBe('settings_invalid')
  const misfit = { person: { given_name: 7 } }
  expect(await invited({ configurationIds: ['person'], subject: 'berta', claims: misfit })).toBe(
    'claims_do_not_fit',
  )
  const unoffered = { other: specimen }
  expect(await invited({ configurationIds: ['person'], subject: 'b', claims: unoffered })).toBe(
    'configuration_unknown',
  )
  expect(await outcomeOf(() => world().issuer.invite({ configurationIds: ['person'] }))).toBe(
    'settings_invalid',
  )
})

test('VCI-4.1.1-12, VCI-4.1.1-6, VCI-12.2.4-5 an offer is for another server too, named where there are several, with no state of ours', async () => {
  const server = 'https://as.example'
  const [one, two] = ['https://as.example', 'https://two.example'].map((issuer) => ({
    issuer,
    tokens: 'jwt' as const,
  }))
  if (one === undefined || two === undefined) throw new Error('there are two')
  const serverKey = () => undefined
  const having = (servers: readonly (typeof one)[], ownServer?: 'unused') =>
    world({
      settings: {
        authorization: {
          ...defaultAuthorization,
          servers,
          ...(ownServer === undefined ? {} : { ownServer }),
        },
      },
      ports: { serverKey },
    })
  const person = { configurationIds: ['person'] }
  const beside = having([one])
  const { offer } = await beside.issuer.invite({ ...person, server })
  expect(offer.grants).toEqual({ authorization_code: { authorization_server: server } })
  expect(await beside.state.rests()).toEqual([])
  expect(await outcomeOf(() => beside.issuer.invite(person))).toBe('settings_invalid')
  expect(await outcomeOf(() => beside.issuer.invite({ ...person, server: two.issuer }))).toBe(
    'settings_invalid',
  )

  const only = having([one], 'unused')
  expect((await only.issuer.invite(person)).offer.grants).toEqual({ authorization_code: {} })
  expect(await outcomeOf(() => only.offer())).toBe('settings_invalid')
  expect(await outcomeOf(() => only.issuer.invite({ ...person, server: ISSUER }))).toBe('settings_invalid')
  expect(await outcomeOf(() => only.issuer.invite({ ...person, subject: 'anna' }))).toBe('settings_invalid')
  expect(await outcomeOf(() => only.issuer.invite({ ...person, claims }))).toBe('settings_invalid')
  const several = having([one, two], 'unused')
  const referred = await several.issuer.invite({ ...person, server: two.issuer, by: 'reference' })
  const read = readOfferLink(referred.link)
  if (read.by !== 'reference') throw new Error('the link says where the offer is')
  const fetched = await several.send(credentialOfferRequest(read.credential_offer_uri))
  expect(readCredentialOfferResponse(fetched).grants).toEqual({
    authorization_code: { authorization_server: two.issuer },
  })
  for (const [here, listed] of [
    [beside, [ISSUER, server]],
    [only, [server]],
    [several, [server, two.issuer]],
  ] as const) {
    const url = 'https://issuer.example/.well-known/openid-credential-issuer/utopia'
    const metadata = JSON.parse((await here.send({ method: 'GET', url, headers: {} })).body)
    expect(metadata.authorization_servers).toEqual(listed)
  }
  expect(outcomeOf(() => having([], 'unused'))).toBe('settings_invalid')
})
