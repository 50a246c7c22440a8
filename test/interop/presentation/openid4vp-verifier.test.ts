/** Our holder answers the requests of `@openid4vc/openid4vp` 0.4.6. */
import { createHash } from 'node:crypto'
import { decodeJwt } from '@openid4vc/oauth2'
import { expect, test } from 'vitest'
import { givenName } from '../ours.ts'
import { secondEngine } from '../second-engine.ts'
import { testAuthority } from './certificates.ts'
import { ourHolderOf } from './our-holder.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { prefixes } from './our-verifier.ts'
import { type PeerPrefix, type PeerVerifier, peerVerifier } from './peer-verifier.ts'
import { staying } from './world.ts'

const PAYMENT = 'urn:example:payment'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const peer = await peerVerifier(authority, closing)
  const ours = ourHolderOf({
    authority,
    closing,
    transactionTypes: [{ type: PAYMENT, members: { cents: { kind: 'number' } } }],
    clients: {
      registered: ({ clientId }) => (clientId === 'platform' ? peer.registration : undefined),
    },
  })
  // An offer brings ten copies, and each is shown once.
  for (let offers = 0; offers < 3; offers += 1) await ours.accept(await issuer.offer())
  return { peer, ...ours }
})

const everyPrefix: readonly PeerPrefix[] = [...prefixes, 'pre-registered']
const encrypting = everyPrefix.filter((prefix) => prefix !== 'pre-registered')
const signing = everyPrefix.filter((prefix) => prefix !== 'redirect_uri')

test.each([
  ...everyPrefix.map((prefix) => ({ prefix, responseMode: 'direct_post' as const })),
  ...encrypting.map((prefix) => ({ prefix, responseMode: 'direct_post.jwt' as const })),
])('a client known by $prefix is answered by $responseMode', async ({ prefix, responseMode }) => {
  const { peer, holder } = parties()
  const asked = await peer.request(prefix, { query: givenName, responseMode })
  expect(await holder.present(asked.link)).toEqual({ accepted: true })
  expect(await seen(asked)).toEqual(shownTo(asked))
})

test.each(
  signing.flatMap((prefix) =>
    (['get', 'post', 'encrypted'] as const).map((fetchedBy) => ({ prefix, fetchedBy })),
  ),
)('a request of a client known by $prefix is fetched, $fetchedBy', async ({ prefix, fetchedBy }) => {
  const { peer, holder } = parties()
  const asked = await peer.request(prefix, { query: givenName, fetchedBy })
  expect(await holder.present(asked.link)).toEqual({ accepted: true })
  expect(await seen(asked)).toEqual(shownTo(asked))
  const fetching = {
    wallet_nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    metadata: expect.objectContaining({ client_id_prefixes_supported: expect.arrayContaining([prefix]) }),
  }
  expect(asked.fetchings).toEqual(fetchedBy === 'get' ? [] : [fetching])
})

test('transactions are authorized by hashes that it finds', async () => {
  const { peer, holder } = parties()
  const transactions = [1, 2].map((cents) => ({ type: PAYMENT, credential_ids: ['person'], cents }))
  const asked = await peer.request('x509_hash', { query: givenName, transactions })
  expect(await holder.present(asked.link)).toEqual({ accepted: true })
  const { transaction_data_hashes } = await keyBindingIn(asked)
  const transactionData = asked.payload.transaction_data ?? []
  expect(transaction_data_hashes).toEqual(
    transactionData.map((text) => createHash('sha256').update(text).digest('base64url')),
  )
  const verified = await peer.verifier.verifyTransactionData({
    transactionData,
    credentials: { person: [{ transaction_data_hashes: transaction_data_hashes as [string] }] },
  })
  expect(verified.map(({ presentations: [only] }) => only.credentialHashIndex)).toEqual([0, 1])
})

test('difference: it names the address of its request as the audience, and our holder takes it', async () => {
  const { peer, holder } = parties()
  const { link } = await peer.request('x509_hash', { query: givenName, fetchedBy: 'get' })
  const address = new URL(link).searchParams.get('request_uri') ?? ''
  const jwt = await (await fetch(address)).text()
  expect(decodeJwt({ jwt }).payload.aud).toBe(address)
  expect(await holder.present(link)).toEqual({ accepted: true })
})

test('difference: a request in the link names no audience at all, and our holder takes it', async () => {
  const { peer, holder } = parties()
  const { link } = await peer.request('x509_hash', { query: givenName })
  const jwt = new URL(link).searchParams.get('request') ?? ''
  expect(decodeJwt({ jwt }).payload).not.toHaveProperty('aud')
  expect(await holder.present(link)).toEqual({ accepted: true })
})

test('difference: that the person declined it takes for an answer that it cannot read', async () => {
  const { peer, holder, decideNext } = parties()
  const asked = await peer.request('x509_hash', { query: givenName })
  decideNext({ agreed: false })
  await expect(holder.present(asked.link)).rejects.toMatchObject({ code: 'declined_by_person' })
  expect(asked.answers).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('Failed to parse openid4vp authorization response'),
    }),
  ])
})

type Asked = Awaited<ReturnType<PeerVerifier['request']>>

/** What its only answer shows, by the second engine, and for whom. */
async function seen(asked: Asked): Promise<object> {
  const presentation = presentationIn(asked)
  const claims = await secondEngine.getClaims(presentation)
  const { given_name, family_name } = claims as Readonly<Record<string, unknown>>
  const { aud, nonce } = await keyBindingIn(asked)
  return { given_name, family_name, aud, nonce }
}

function shownTo({ payload }: Asked): object {
  const { client_id: aud, nonce } = payload
  return { given_name: 'Erika', family_name: undefined, aud, nonce }
}

async function keyBindingIn(asked: Asked): Promise<Readonly<Record<string, unknown>>> {
  return { ...(await secondEngine.decode(presentationIn(asked))).kbJwt?.payload }
}

function presentationIn({ answers }: Asked): string {
  const [answer] = answers
  if (answer === undefined || answer instanceof Error || answer.type !== 'dcql') {
    throw new Error('there is an answer to the query', { cause: answer })
  }
  expect(Object.keys(answer.dcql.presentations)).toEqual(['person'])
  return String(answer.dcql.presentations.person?.[0])
}
