import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { hash, random } from '@facet-id/crypto/node'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { WireRequest } from '@facet-id/protocol/wire'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { personQuery } from '../person-query.ts'
import { PERSON_VCT } from '../person-type.ts'
import { startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService } from '../service/verifier-service.ts'
import { openWallet } from '../service/wallet.ts'
import { bytesOf, factsOf, factsShown, ledgerRow, recorder } from './ledger.ts'
import { specimen } from './specimen.ts'

const directory = temporaryDirectory()

test('FCT-10 what a platform learned is read from what was really sent to it', async () => {
  const node = { environment: {}, development: true }
  const issuer = await startIssuanceNode({ ...node, dataDirectory: directory.in('issuer') })
  const issuers = [{ id: issuer.did, vcts: [PERSON_VCT] }]
  const asking = await startVerifierService({ ...node, dataDirectory: directory.in('asking'), issuers })
  const other = await startVerifierService({ ...node, dataDirectory: directory.in('other'), issuers })
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  const tape = recorder()
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 4,
    around: tape.around,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  try {
    await wallet.holder.accept(link)
    expect(factsShown(tape.sent, asking.url)).toEqual([])

    const request = await asking.verifier.request(readDcqlQuery(personQuery({ age: 18, nationality: 'ZZZ' })))
    await wallet.holder.present(request.link)
    const shown = factsShown(tape.sent, asking.url)
    expect(shown).toEqual([
      { path: 'age_equal_or_over.18', value: 'true' },
      { path: 'nationalities[0]', value: '"ZZZ"' },
    ])
    expect(factsShown(tape.sent, other.url)).toEqual([])

    const again = await asking.verifier.request(readDcqlQuery(personQuery({ age: 18 })))
    await wallet.holder.present(again.link)
    expect(factsShown(tape.sent, asking.url)).toHaveLength(2)

    const address = readDcqlQuery(queryFor(['address', 'locality']))
    await wallet.holder.present((await other.verifier.request(address)).link)
    expect(factsShown(tape.sent, other.url)).toEqual([{ path: 'address.locality', value: '"Zenith"' }])
    expect(factsShown(tape.sent, asking.url)).toHaveLength(2)
  } finally {
    await wallet.close()
    await other.close()
    await asking.close()
    await issuer.close()
  }
})

test('FCT-10 a claim that could not be withheld counts as learned, and what describes the credential does not', () => {
  const claims = { iss: 'did:example:a', vct: 'urn:a', iat: 1, exp: 2, given_name: 'Anna', height: 170 }
  const frame = { _sd: ['given_name'] }
  const unsigned = { claims, frame, issuerKey: { by: 'did', kid: 'did:example:a#0' }, alg: 'ES256' } as const
  const { signingInput, disclosures } = writeCredentialToSign(unsigned, { hash, random })
  const jwt = writeJws(signingInput, new Uint8Array(64))
  expect(factsShown([presentationOf(writeSdJwt(jwt, disclosures))], 'https://a.example')).toEqual([
    { path: 'given_name', value: '"Anna"' },
    { path: 'height', value: '170' },
  ])
  expect(factsShown([presentationOf(writeSdJwt(jwt, []))], 'https://a.example')).toEqual([
    { path: 'height', value: '170' },
  ])
})

test('FCT-10 a row says what was learned, what never was, and how many bytes it is', () => {
  const all = factsOf({ name: 'Zoë', nationalities: ['UTO', 'ZZZ'], address: { country: 'UTO' }, over: true })
  expect(bytesOf(all)).toBe('"Zoe""UTO""ZZZ""UTO"true'.length + 1)
  expect(
    ledgerRow({ party: 'platform', besides: '' }, [{ path: 'nationalities[0]', value: '"ZZZ"' }], all),
  ).toEqual({
    party: 'platform',
    besides: '',
    learned: ['nationalities[] = "ZZZ"'],
    neverSaw: ['name', 'nationalities[]', 'address.country', 'over'],
    personalBytes: 5,
  })
})

function queryFor(path: readonly string[]): JsonObject {
  return {
    credentials: [
      { id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims: [{ path }] },
    ],
  }
}

function presentationOf(compact: string): WireRequest {
  return {
    method: 'POST',
    url: 'https://a.example/responses/1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ vp_token: JSON.stringify({ person: [compact] }), state: '1' })),
  }
}
