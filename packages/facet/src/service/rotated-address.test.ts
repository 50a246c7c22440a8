import { issuerMetadataUrl, readIssuerMetadata } from '@facet-id/credential/issuer-metadata'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { safeTransport } from '@facet-id/resolve/node'
import { afterAll, expect, test } from 'vitest'
import { main } from '../command/main.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { personQuery } from '../person-query.ts'
import { PERSON_VCT } from '../person-type.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { startIssuanceNode } from './issuance-node.ts'
import { startVerifierService, type VerifierServiceOptions } from './verifier-service.ts'
import { openWallet, type Wallet } from './wallet.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())
const query = readDcqlQuery(personQuery({ age: 18 }))

/** Of a verifier that has met nobody yet. */
async function outcomeAt(name: string, wallet: Wallet, more: Partial<VerifierServiceOptions>) {
  const dataDirectory = directory.in(name)
  const node = { dataDirectory, environment: {}, development: true }
  const service = await startVerifierService({ ...node, issuers: [], ...more })
  try {
    const { link, transactionId } = await service.verifier.request(query)
    await wallet.holder.present(link)
    return await service.verifier.result(transactionId)
  } finally {
    await service.close()
  }
}

test('SVC-4.2-3, SDJ-9.8-1 a node that is known by its address rotates its keys, and what it issued before still verifies', async () => {
  const data = directory.in('issuer')
  const node = await startIssuanceNode({
    dataDirectory: data,
    environment: {},
    development: true,
    did: 'web',
    knownBy: 'address',
  })
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 3,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
  })
  const published = async (): Promise<readonly (string | undefined)[]> => {
    const url = issuerMetadataUrl(node.credentialIssuer, 'https_or_loopback_http')
    const { body } = await transport.send({ method: 'GET', url, headers: {} })
    const metadata = readIssuerMetadata(body, node.credentialIssuer, 'https_or_loopback_http')
    return 'jwks' in metadata ? metadata.jwks.map(({ kid }) => kid) : []
  }
  const issuers = [{ id: node.credentialIssuer, vcts: [PERSON_VCT] }]
  try {
    const { link } = await node.issuer.offer({ configurationId: 'person', claims: specimen, txCodeLength: 0 })
    await wallet.holder.accept(link)
    const before = await published()
    expect(before).toHaveLength(1)
    expect(await main(['did', 'rotate', 'issuer', '--data', data], fakeTerminal())).toBe(0)
    const after = await published()
    expect(after).toHaveLength(2)
    expect(after[1]).toBe(before[0])
    expect(await outcomeAt('verifier', wallet, { issuers })).toMatchObject({ outcome: 'verified' })

    // What ours issues names both an end and a status, in the clear: the strictest verifier takes it.
    const strict = { requiredClaims: ['exp', 'cnf'], status: 'required' } as const
    expect(await outcomeAt('strict', wallet, { issuers, limits: strict })).toMatchObject({
      outcome: 'verified',
    })
    const tooMuch = { requiredClaims: ['exp', 'nbf'] }
    expect(await outcomeAt('stricter', wallet, { issuers, limits: tooMuch })).toMatchObject({
      outcome: 'refused',
    })

    // A key whose time is over is published no more.
    expect(await main(['did', 'rotate', 'issuer', '--overlap', '0', '--data', data], fakeTerminal())).toBe(0)
    const later = await published()
    expect(later).not.toContain(after[0])
    expect(later).toContain(before[0])
  } finally {
    await wallet.close()
    await node.close()
  }
})
