/** The client of `@openid4vc/openid4vp` 0.4.6 reads the requests of our verifier, verifies who made them, and answers. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { writeVerifierAttestationInput } from '@facet-id/protocol/openid4vp/client'
import type { ClientIdentity } from '@facet-id/verifier'
import { parseDcqlVpToken } from '@openid4vc/openid4vp'
import { expect, test } from 'vitest'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { everyWay, ourVerifierByEveryName, prefixes, shownIn } from './our-verifier.ts'
import { peerIssuer, peerWallet } from './peer-wallet.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  return ourVerifierByEveryName({ issuers: [peerIssuer], authority, closing, more: namesOfOthersWord })
})

const wallet = peerWallet()

/** The key of the names that somebody else vouches for. */
const { publicJwk, privateJwk } = generateKey('ES256')
const signer = signerOf(privateJwk)
const ofOthersWord = {
  verifier_attestation: 'verifier_attestation:platform',
  openid_federation: 'openid_federation:https://platform.example',
  'pre-registered': 'platform',
} as const

function namesOfOthersWord(url: string): readonly ClientIdentity[] {
  const attester = generateKey('ES256')
  const input = writeVerifierAttestationInput(
    {
      iss: 'https://attester.example',
      sub: 'platform',
      exp: 4_000_000_000,
      cnf: { jwk: publicJwk },
      redirect_uris: [`${url}/responses`],
    },
    { alg: 'ES256', kid: 'a' },
  )
  const attestation = writeJws(input, signerOf(attester.privateJwk).sign(utf8(input)))
  return [
    { client_id: ofOthersWord.verifier_attestation, signer, attestation },
    { client_id: ofOthersWord.openid_federation, signer: { ...signer, kid: 'f' } },
    { client_id: ofOthersWord['pre-registered'], signer: { ...signer, kid: 'r' } },
  ]
}

test.each(everyWay)(
  'a client known by $prefix is verified, and answered by $responseMode',
  async ({ prefix, responseMode }) => {
    const { verifier, names } = parties()
    const { link, transactionId } = await verifier.request(givenName, { as: names[prefix], responseMode })
    const resolved = await wallet.resolve(link)
    expect(resolved.client).toMatchObject({ prefix, effective: names[prefix] })
    expect(resolved.dcql?.query).toEqual(givenName)
    const response = await wallet.answer(resolved, {
      vp_token: { person: [await wallet.presentation(resolved)] },
    })
    expect(response.status).toBe(200)
    const result = await verifier.result(transactionId)
    expect(result).toMatchObject({ outcome: 'verified' })
    expect(shownIn(result)).toEqual({ person: { given_name: 'Erika' } })
  },
)

test.each(Object.entries(ofOthersWord))(
  'a client known by %s, whose key the wallet knows by the word of somebody else, is verified and answered',
  async (prefix, as) => {
    const { verifier } = parties()
    const { link, transactionId } = await verifier.request(givenName, { as })
    const knowing = peerWallet({ knownKey: publicJwk })
    const resolved = await knowing.resolve(link)
    expect(resolved.client).toMatchObject({ prefix, effective: as })
    const answer = { vp_token: { person: [await knowing.presentation(resolved)] } }
    expect((await knowing.answer(resolved, answer)).status).toBe(200)
    expect(await verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
    const mistaken = peerWallet({ knownKey: generateKey('ES256').publicJwk })
    const again = await verifier.request(givenName, { as })
    await expect(mistaken.resolve(again.link)).rejects.toThrow('Error during verification of jwt')
  },
)

test.each(prefixes.filter((prefix) => prefix !== 'redirect_uri'))(
  'a request in the link itself, of a client known by %s, is verified',
  async (prefix) => {
    const { verifier, names } = parties()
    const { link } = await verifier.request(givenName, { as: names[prefix], byValue: true })
    expect(link).not.toContain('request_uri')
    const resolved = await wallet.resolve(link)
    expect(resolved).toMatchObject({ client: { prefix }, jar: { sendBy: 'value' } })
  },
)

test.each(['A128GCM', 'A256GCM'])('an answer that is encrypted by %s is taken', async (enc) => {
  const { verifier, transactionId, resolved } = await resolvedRequest({ responseMode: 'direct_post.jwt' })
  const answer = { vp_token: { person: [await wallet.presentation(resolved)] } }
  expect((await wallet.answer(resolved, answer, [enc])).status).toBe(200)
  expect(await verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})

test.each(['direct_post', 'direct_post.jwt'] as const)(
  'that the person declined, by %s, is told',
  async (responseMode) => {
    const { verifier, transactionId, resolved } = await resolvedRequest({ responseMode })
    expect((await wallet.answer(resolved, { error: 'access_denied' })).status).toBe(200)
    expect(await verifier.result(transactionId)).toMatchObject({
      outcome: 'declined',
      error: 'access_denied',
    })
  },
)

test('transactions are read as they were written, and authorized by their hashes', async () => {
  const data = { payee: 'Café Zenith', cents: 300 }
  const transaction = { type: 'urn:example:payment', credential_ids: ['person'] }
  const { verifier, transactionId, resolved } = await resolvedRequest({
    transactions: [{ ...transaction, data }],
  })
  expect(resolved.transactionData).toMatchObject([{ transactionData: { ...transaction, ...data } }])
  const answer = { vp_token: { person: [await wallet.presentation(resolved)] } }
  expect((await wallet.answer(resolved, answer)).status).toBe(200)
  expect(await verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
})

test('difference: it sends its metadata without its nonce, and misses it in the request', async () => {
  const { verifier } = parties()
  const { link } = await verifier.request(givenName)
  const metadata = { vp_formats_supported: { 'dc+sd-jwt': {} } }
  const sent: string[] = []
  const watched = peerWallet({
    fetch: (url, init) => {
      sent.push(String(init?.body))
      return fetch(url, init)
    },
  })
  await expect(watched.resolve(link, { metadata, expectedNonce: 'of the wallet' })).rejects.toThrow(
    'The "wallet_nonce" parameter MUST be present',
  )
  expect(sent.map((body) => [...new URLSearchParams(body).keys()])).toEqual([['vp_formats_supported']])
})

test('difference: it writes and reads presentations that stand in no list, which ours does not take', async () => {
  const { verifier, transactionId, resolved } = await resolvedRequest({})
  const presentation = await wallet.presentation(resolved)
  expect(parseDcqlVpToken({ person: presentation })).toEqual({ person: [presentation] })
  const response = await wallet.answer(resolved, { vp_token: { person: presentation } })
  expect(response.status).toBe(400)
  expect(await verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  const again = await wallet.answer(resolved, { vp_token: { person: [presentation] } })
  expect(again.status).toBe(200)
})

test.each(['fragment', 'query'] as const)(
  'difference: it reads no request whose answer comes in the %s of a page',
  async (part) => {
    const { verifier, url } = parties()
    const { link } = await verifier.requestToPage(givenName, { page: `${url}/page`, part })
    await expect(wallet.resolve(link)).rejects.toThrow('"response_mode"')
  },
)

async function resolvedRequest(options: Parameters<ReturnType<typeof parties>['verifier']['request']>[1]) {
  const { verifier } = parties()
  const { link, transactionId } = await verifier.request(givenName, options)
  return { verifier, transactionId, resolved: await wallet.resolve(link) }
}
