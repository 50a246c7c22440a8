/** The client of `@openid4vc/openid4vci` 0.4.6 at our issuer. */
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { expect, test } from 'vitest'
import { newPeerKey, peerCallbacks } from './openid4vc/callbacks.ts'
import { offered, ourIssuer } from './ours.ts'

test('takes a batch by a pre-authorized code', async () => {
  const { link, txCode } = await offered(await ourIssuer())
  const keys = [newPeerKey(), newPeerKey()]
  const client = new Openid4vciClient({ callbacks: peerCallbacks(keys) })
  const credentialOffer = await client.resolveCredentialOffer(link)
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const [credentialConfigurationId = ''] = credentialOffer.credential_configuration_ids
  const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    ...(txCode === undefined ? {} : { txCode }),
  })
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const proofs = await Promise.all(
    keys.map(({ signer }) =>
      client.createCredentialRequestJwtProof({ issuerMetadata, credentialConfigurationId, signer, nonce }),
    ),
  )
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId,
    accessToken: accessTokenResponse.access_token,
    proofs: { jwt: proofs.map(({ jwt }) => jwt) as [string, ...string[]] },
  })
  expect(credentialResponse.credentials).toHaveLength(2)
})
