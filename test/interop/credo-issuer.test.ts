/** Our holder at an issuer made of Credo 0.6.3. */
import { generateKey } from '@facet-id/crypto/node'
import { expect, onTestFinished, test } from 'vitest'
import { certifiedIn, deferring, offerOf, otherServer, specimens } from './credo/issuing.ts'
import { type CredoServices, type CredoSettings, credoServices } from './credo/services.ts'
import { base64Of, certifiedIssuer } from './issuance/certified.ts'
import { attestedBy, type HolderChanges, ourHolder } from './issuance/our-holder.ts'

async function startedServices(settings: CredoSettings = {}): Promise<CredoServices> {
  const credo = await credoServices(settings)
  onTestFinished(() => credo.close())
  return credo
}

async function claimsOf({ holder }: ReturnType<typeof ourHolder>): Promise<readonly object[]> {
  const all = await holder.credentials()
  return Promise.all(all.map(({ credentialId }) => holder.claims(credentialId)))
}

const pre = (more: object = {}) => ({ preAuthorizedCodeFlowConfig: more })

test.each([
  ['numeric', { input_mode: 'numeric', length: 6 }],
  ['text', { input_mode: 'text', length: 8, description: 'From the letter' }],
] as const)(
  'takes a batch by a pre-authorized code and a transaction code that is %s',
  async (_, tx_code) => {
    const credo = await startedServices()
    const { link, txCode } = await offerOf(credo, pre({ txCode: tx_code }))
    const ours = ourHolder({ txCode })
    const { credentials } = await ours.holder.accept(link)
    expect(credentials).toMatchObject([{ copies: 3 }])
    expect(await claimsOf(ours)).toMatchObject([{ iss: credo.did, given_name: 'Erika' }])
  },
)

test('takes a credential without a transaction code, and only as many copies as a batch may have', async () => {
  const { link } = await offerOf(await startedServices())
  const { credentials } = await ourHolder({ settings: { copies: 100 } }).holder.accept(link)
  expect(credentials).toMatchObject([{ copies: 5 }])
})

test('knows it by its certificate', async () => {
  const certificate = await certifiedIssuer()
  const credo: CredoServices = await startedServices({
    trustedCertificates: [base64Of(certificate.anchor)],
    mapper: async ({ holderBinding }) => {
      const x5c = await certifiedIn(credo, certificate)
      return specimens({ method: 'x5c', x5c } as never)(holderBinding.keys) as never
    },
  })
  const { link } = await offerOf(credo)
  const ours = ourHolder({ anchor: certificate.anchor })
  await ours.holder.accept(link)
  expect(await claimsOf(ours)).toMatchObject([{ given_name: 'Erika' }])
})

test('proves a key of its own with each token where that is required', async () => {
  const credo = await startedServices({ dpopRequired: true })
  const { link } = await offerOf(credo)
  const ours = ourHolder()
  await ours.holder.accept(link)
  expect(ours.sent.filter(({ headers }) => headers.authorization?.startsWith('DPoP '))).toHaveLength(1)
})

async function chaining(settings: CredoSettings = {}): Promise<{ credo: CredoServices; link: string }> {
  const issuer = await otherServer()
  const credo = await startedServices({
    ...settings,
    servers: [
      {
        type: 'chained',
        issuer,
        clientAuthentication: { type: 'clientSecret', clientId: 'credo', clientSecret: 'secret' },
        scopesMapping: { specimen: [] },
      },
    ],
  })
  const { link } = await offerOf(credo, { authorizationCodeFlowConfig: { authorizationServerUrl: issuer } })
  return { credo, link }
}

test('takes a credential by an authorization code, by way of the server that it sends persons to', async () => {
  const { link } = await chaining({ dpopRequired: true })
  const ours = ourHolder()
  await ours.holder.accept(link)
  expect(await claimsOf(ours)).toMatchObject([{ given_name: 'Erika' }])
})

test('collects what was deferred', async () => {
  const credo: CredoServices = await startedServices(
    deferring(() => ({ method: 'did', didUrl: `${credo.did}#0` })),
  )
  const { link } = await offerOf(credo)
  const ours = ourHolder()
  const { waiting } = await ours.holder.accept(link)
  expect(waiting).toHaveLength(1)
  await new Promise((done) => setTimeout(done, 2100))
  const [{ id } = { id: '' }] = waiting
  const { credentials } = await ours.holder.resume(id)
  expect(credentials).toMatchObject([{ copies: 3 }])
})

function attested(): HolderChanges {
  return { ports: attestedBy(generateKey('ES256'), { iss: 'https://provider.example' }) }
}

test('is not attested, for it says nowhere that it takes attestations, and is refused where they are required', async () => {
  const credo = await startedServices({ walletAttestationsRequired: true })
  const { link } = await offerOf(credo)
  await expect(ourHolder(attested()).holder.accept(link)).rejects.toThrow('invalid_client')
})
