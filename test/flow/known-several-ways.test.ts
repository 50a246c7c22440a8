/** One issuer whose credentials are known each in its own way, and a wallet that takes all of them. */
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { expect, test } from 'vitest'
import { ISSUER, memoryStage } from './memory.ts'
import { personConfiguration, specimen } from './specimen.ts'

test('VCI-13.5-2 two configurations of one issuer that are known in two ways are both taken, and more of each', async () => {
  const pair = generateKey('ES256')
  const signer = { ...signerOf(pair.privateJwk, 'k1'), kid: 'k1' }
  const stage = memoryStage({
    issuer: {
      settings: {
        configurations: {
          person: personConfiguration,
          card: {
            ...personConfiguration,
            vct: 'urn:facet:test:card',
            scope: 'card',
            knownBy: { by: 'jwt_vc_issuer', kid: 'k1', publicJwk: pair.publicJwk },
          },
        },
      },
      ports: { signers: { jwt_vc_issuer: signer } },
    },
    holderSettings: { issuerKeys: { taken: ['did', 'jwt_vc_issuer'], scheme: 'https' } },
    holder: {
      issuerKeyOf: () => ({ key: pair.publicJwk, issuer: ISSUER }),
      statusOf: () => ({ status: 0 }),
    },
  })
  const issuers: string[] = []
  for (const configurationId of ['person', 'card', 'person', 'card']) {
    const { link, txCode } = await stage.issuer.offer({ configurationId, claims: specimen })
    if (txCode !== undefined) stage.person.txCode = txCode
    const { credentials } = await stage.holder.accept(link)
    issuers.push(...credentials.map(({ issuer }) => issuer))
  }
  expect(issuers).toEqual([stage.issuerDid, ISSUER, stage.issuerDid, ISSUER])
})
