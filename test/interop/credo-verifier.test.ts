/** Our wallet at a verifier made of Credo 0.6.3. */
import { expect, onTestFinished, test } from 'vitest'
import { type CredoServices, credoServices } from './credo/services.ts'
import { givenName, ourIssuer, walletOf } from './ours.ts'

async function startedServices(): Promise<CredoServices> {
  const credo = await credoServices()
  onTestFinished(() => credo.close())
  return credo
}

test('answers a request that a DID signed', async () => {
  const credo = await startedServices()
  const wallet = await walletOf(await ourIssuer())
  const { authorizationRequest, verificationSession } = await credo.verifier.createAuthorizationRequest({
    verifierId: credo.verifierId,
    requestSigner: { method: 'did', didUrl: `${credo.did}#0` },
    responseMode: 'direct_post',
    version: 'v1',
    dcql: { query: givenName as never },
  })
  expect(await wallet.holder.present(authorizationRequest)).toEqual({ accepted: true })
  const { dcql } = await credo.verifier.getVerifiedAuthorizationResponse(verificationSession.id)
  expect(shown(dcql)).toEqual({ given_name: 'Erika' })
})

/** What Credo saw of the person. */
function shown(dcql: { readonly presentations: object } | undefined): object {
  const [presentation] = Object.values(dcql?.presentations ?? {}).flat()
  const { given_name, family_name } = (presentation as { prettyClaims: Record<string, unknown> }).prettyClaims
  return { given_name, ...(family_name === undefined ? {} : { family_name }) }
}
