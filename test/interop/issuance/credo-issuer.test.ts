/** Our holder at an issuer made of Credo 0.6.3. */

import type { OfferConsent } from '@facet-id/holder'
import type { WireRequest } from '@facet-id/protocol/wire'
import { Oauth2AuthorizationServer } from '@openid4vc/oauth2'
import { expect, onTestFinished, test } from 'vitest'
import { certifiedIn, deferring, offerOf, specimens } from '../credo/issuing.ts'
import { type CredoServices, type CredoSettings, credoServices } from '../credo/services.ts'
import { peerCallbacks, verifyingJwts } from '../openid4vc/callbacks.ts'
import { base64Of, certifiedIssuer } from './certified.ts'
import { otherServer } from './other-server.ts'
import { attestedBy, attestingKeys, type HolderChanges, ourHolder } from './our-holder.ts'

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
  const { issuer } = await otherServer()
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

test('takes a credential by a token of a server that Credo names beside itself', async () => {
  const server = await otherServer()
  const { issuer } = server
  const credo = await startedServices({ servers: [{ type: 'direct', issuer }] })
  const { link } = await offerOf(credo, { authorizationCodeFlowConfig: { authorizationServerUrl: issuer } })
  server.goodFor(`${credo.origin}/oid4vci/${credo.issuerId}`, 'specimen')
  const ours = ourHolder()
  await ours.holder.accept(link)
  expect(await claimsOf(ours)).toMatchObject([{ given_name: 'Erika' }])
})

test('is refused where a presentation comes first: that begins at an endpoint of a draft', async () => {
  const { link } = await offerOf(await startedServices(), {
    authorizationCodeFlowConfig: { requirePresentationDuringIssuance: true },
  })
  await expect(ourHolder().holder.accept(link)).rejects.toMatchObject({ peerError: 'invalid_request' })
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

/** Our wallet, attested by somebody whom Credo believes. */
async function attested(): Promise<{ readonly anchor: string; readonly changes: HolderChanges }> {
  const { privateJwk, chain, anchor } = await certifiedIssuer()
  return {
    anchor: base64Of(anchor),
    changes: { ports: attestedBy({ privateJwk }, { iss: 'https://provider.example', x5c: chain }) },
  }
}

test('is not attested, for it says nowhere that it takes attestations, and is refused where they are required', async () => {
  const { anchor, changes } = await attested()
  const credo = await startedServices({ walletAttestationsRequired: true, trustedCertificates: [anchor] })
  const { link } = await offerOf(credo)
  const ours = ourHolder(changes)
  await expect(ours.holder.accept(link)).rejects.toThrow('invalid_client')
  expect(ours.sent.some(({ headers }) => 'oauth-client-attestation' in headers)).toBe(false)
})

test('is not attested to it even so: of the proof of the key it demands an exp, which drafts from 06 on have not', async () => {
  const { anchor, changes } = await attested()
  const credo = await startedServices({ walletAttestationsRequired: true, trustedCertificates: [anchor] })
  const { link } = await offerOf(credo)
  const ours = ourHolder({ ...changes, tell: 'attest_jwt_client_auth' })
  await expect(ours.holder.accept(link)).rejects.toMatchObject({ code: 'refused_by_peer' })
  const { headers }: Pick<WireRequest, 'headers'> = ours.sent.at(-1) ?? { headers: {} }
  const callbacks = { ...peerCallbacks([]), verifyJwt: verifyingJwts }
  const verified = new Oauth2AuthorizationServer({ callbacks }).verifyClientAttestation({
    authorizationServer: credo.origin,
    clientAttestationJwt: headers['oauth-client-attestation'] ?? '',
    clientAttestationPopJwt: headers['oauth-client-attestation-pop'] ?? '',
  })
  await expect(verified).rejects.toThrow('received undefined at "exp"')
})

test.each(['jwt', 'attestation'] as const)(
  'takes a credential for each key that its provider attests, by a proof of the type %s',
  async (type) => {
    const { privateJwk, chain, anchor } = await certifiedIssuer()
    const credo = await startedServices({
      trustedCertificates: [base64Of(anchor)],
      proofTypes: {
        [type]: {
          proof_signing_alg_values_supported: ['ES256'],
          key_attestations_required: { key_storage: ['iso_18045_high'] },
        },
      },
    })
    const { link } = await offerOf(credo)
    const { holder } = ourHolder({ ports: attestingKeys({ privateJwk, chain }) })
    expect((await holder.accept(link)).credentials).toMatchObject([{ copies: 3 }])
  },
)

test.each(['did', 'certificate'] as const)('reads its metadata as signed by a %s', async (by) => {
  const certificate = await certifiedIssuer()
  const credo = await startedServices({ trustedCertificates: [base64Of(certificate.anchor)] })
  const { issuerId } = await credo.issuer.createIssuer({
    credentialConfigurationsSupported: await configurationsOf(credo),
    metadataSigner:
      by === 'did'
        ? { method: 'did', didUrl: `${credo.did}#0` }
        : { method: 'x5c', x5c: await certifiedIn(credo, certificate) },
  })
  const { link } = await offerOf({ ...credo, issuerId })
  const asked: OfferConsent[] = []
  const ours = ourHolder({
    anchor: certificate.anchor,
    settings: { signedMetadata: 'required' },
    asked,
    ports: {
      trust: {
        mayIssue: ({ issuer, certificate: shown }) =>
          issuer === credo.did || shown !== undefined ? trusted : undecided,
        mayAsk: () => undecided,
      },
    },
  })
  await ours.holder.accept(link)
  expect(asked.map(({ provenBy }) => Object.keys(provenBy.signedBy ?? {}))).toEqual([[by]])
})

const trusted = { decision: 'trusted', why: 'The test says so.' } as const
const undecided = { decision: 'undetermined', why: 'The person decides.' } as const

async function configurationsOf({ issuer, issuerId }: CredoServices) {
  const { credentialIssuer } = await issuer.getIssuerMetadata(issuerId)
  return credentialIssuer.credential_configurations_supported as never
}

test('gets no more copies: Credo ends a grant with the last credential of its offer, refresh token and all', async () => {
  let ahead = 0
  const { link } = await offerOf(await startedServices(), { ...pre(), generateRefreshTokens: true })
  const now = () => Math.floor(Date.now() / 1000) + ahead
  const { holder } = ourHolder({ ports: { now } })
  const [{ credentialId } = { credentialId: '' }] = (await holder.accept(link)).credentials
  await expect(holder.topUp(credentialId)).rejects.toMatchObject({ code: 'refused_by_peer' })
  // The access token is over, and the refresh token counts.
  ahead = 200
  await expect(holder.topUp(credentialId)).rejects.toMatchObject({ code: 'grant_ended' })
})
