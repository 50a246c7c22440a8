/** Our wallet at our issuer, with everything bound: pushed requests, attested wallets, keys that tokens are bound to. */
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { findClientAttestation } from '@facet-id/protocol/oauth/client-attestation'
import { findDpopProof } from '@facet-id/protocol/oauth/dpop'
import { expect, test } from 'vitest'
import { type BoundStage, boundStage } from './bound.ts'
import { ISSUER, memoryStage } from './memory.ts'
import { specimen } from './specimen.ts'

const paths = ({ sent }: Pick<BoundStage, 'sent'>) => sent.map(({ url }) => url.slice(ISSUER.length))
const toServer = (stage: BoundStage) => stage.sent.filter(({ url }) => /\/(?:par|token)$/.test(url))

test('VCI-5.1-1, PAR-2.2-1, DPOP-5-1, ABCA-7.1-1 an invitation leads by the browser to a credential', async () => {
  const stage = boundStage()
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  const { credentials, failed } = await stage.holder.accept(link)
  expect(failed).toEqual([])
  expect(credentials.map(({ copies }) => copies)).toEqual([4])
  for (const request of toServer(stage)) {
    expect(findDpopProof(request)).toBeDefined()
    expect(findClientAttestation(request)?.proof).toBeDefined()
  }
  expect(new Set(stage.attestedFor)).toEqual(new Set([ISSUER]))
})

test('DPOP-5-1, VCI-6.1-1 a pre-authorized code leads there too, with the same proofs', async () => {
  const stage = boundStage()
  const { link, txCode } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  expect((await stage.holder.accept(link)).credentials).toHaveLength(1)
  expect(paths(stage)).not.toContain('/par')
  expect(toServer(stage).every((request) => findDpopProof(request) !== undefined)).toBe(true)
})

test('DPOP-8.2-1 nothing is refused for a nonce, since every answer brings the next', async () => {
  const stage = boundStage()
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  await stage.holder.accept(link)
  const posted = paths(stage).filter((path) => !/^\/(?:\.well-known|status-lists)\//.test(path))
  expect(posted).toEqual(['/challenge', '/par', '/token', '/nonce', '/credential'])
})

test('DPOP-8.2-1 nor is it where no attestation is asked for: the metadata of the server brings the first', async () => {
  const authorization = { ...issuerDefaults.authorization, dpop: 'required' } as const
  const stage = memoryStage({
    issuer: { settings: { authorization } },
    holderSettings: { boundTokens: 'required' },
  })
  const { link, txCode } = await stage.issuer.offer({ configurationId: 'person', claims: specimen })
  if (txCode !== undefined) stage.person.txCode = txCode
  expect((await stage.holder.accept(link)).credentials).toHaveLength(1)
  expect(paths(stage).filter((path) => path === '/token' || path === '/credential')).toHaveLength(2)
})

test('VCI-5.2-3 a browser that comes back later, also after a restart, leads to the credential', async () => {
  let address = ''
  const stage = boundStage({
    back(url) {
      address = url
      return undefined
    },
  })
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  await expect(stage.holder.accept(link)).rejects.toMatchObject({ code: 'authorization_pending' })
  expect(await stage.holder.credentials()).toEqual([])
  const [pending] = await stage.holder.pending()
  const id = pending?.id ?? ''
  // Any page can send the browser to the wallet: what does not know the state ends nothing.
  const junk = address.replace(/state=[^&]*/, 'state=guessed')
  await expect(stage.holder.resume(id, junk)).rejects.toMatchObject({ code: 'redirect_unusable' })
  await expect(stage.holder.resume(id, 'https://wallet.example/other')).rejects.toMatchObject({
    code: 'redirect_unusable',
  })
  const received = await stage.holder.resume(id, address)
  expect(received.credentials).toHaveLength(1)
  expect(await stage.holder.pending()).toEqual([])
})

test('VCI-5.2-3, VCI-8.3-13 a wallet that was restarted while the browser was away goes on, and so does one that was after it', async () => {
  let address = ''
  let lost = 0
  const stage = boundStage({
    back(url) {
      address = url
      return undefined
    },
    around: ({ send }) => ({
      async send(request) {
        const answer = await send(request)
        if (!request.url.endsWith('/credential') || answer.status !== 200 || lost++ > 0) return answer
        return { status: 502, headers: {}, body: '' }
      },
    }),
  })
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  await expect(stage.holder.accept(link)).rejects.toMatchObject({ code: 'authorization_pending' })
  const second = stage.holderAgain()
  const [pending] = await second.pending()
  await expect(second.resume(pending?.id ?? '', address)).rejects.toMatchObject({ code: 'refused_by_peer' })
  const third = stage.holderAgain()
  const [order] = await third.pending()
  expect((await third.resume(order?.id ?? '')).credentials).toHaveLength(1)
  expect(await third.pending()).toEqual([])
  let issued = 0
  for await (const _ of stage.issuer.issuances()) issued++
  expect(issued).toBe(1)
})

test('VCI-5.2-3, PAR-2.2-2 resumed without the browser, it is opened again, for a request that was pushed anew', async () => {
  let times = 0
  const stage = boundStage({ back: (url) => (times++ === 0 ? undefined : url) })
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  await expect(stage.holder.accept(link)).rejects.toMatchObject({ code: 'authorization_pending' })
  const [pending] = await stage.holder.pending()
  expect((await stage.holder.resume(pending?.id ?? '')).credentials).toHaveLength(1)
})

test('RFT-6-1, DPOP-5-3, ABCA-9.3-1 more copies come by the refresh token, when the access token is long over', async () => {
  const stage = boundStage()
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  const [credential] = (await stage.holder.accept(link)).credentials
  stage.time.advance(600)
  const more = await stage.holder.topUp(credential?.credentialId ?? '')
  expect(more.failed).toEqual([])
  const [held] = await stage.holder.credentials()
  expect(held?.copiesLeft).toBeGreaterThanOrEqual(4)
  const keys = stage.sent.flatMap((request) => findDpopProof(request)?.jwk.x ?? [])
  expect(new Set(keys).size).toBe(1)
})

test('DPOP-9-2 two credentials of one issuer are asked for with two keys, and nothing else that is the same', async () => {
  const stage = boundStage()
  for (let i = 0; i < 2; i++) {
    const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
    await stage.holder.accept(link)
  }
  const proofs = stage.sent.flatMap((request) => findDpopProof(request) ?? [])
  expect(new Set(proofs.map(({ jwk }) => jwk.x)).size).toBe(2)
  const [first] = proofs
  const others = proofs.filter(({ jwk }) => jwk.x !== first?.jwk.x).map(({ nonce }) => nonce)
  const own = proofs.filter(({ jwk }) => jwk.x === first?.jwk.x).flatMap(({ nonce }) => nonce ?? [])
  expect(own.filter((nonce) => others.includes(nonce))).toEqual([])
})

test('VCI-13.10-2 no key of an access outlives it', async () => {
  const stage = boundStage()
  const { link } = await stage.issuer.invite({ configurationIds: ['person'] })
  const [credential] = (await stage.holder.accept(link)).credentials
  await stage.holder.forget(credential?.credentialId ?? '')
  const left: string[] = []
  for (const ns of ['holder/key', 'holder/grant', 'holder/issuance', 'holder/copy']) {
    for await (const { key } of stage.stores.holder.range(ns)) left.push(`${ns} ${key}`)
  }
  expect(left).toEqual([])
})
