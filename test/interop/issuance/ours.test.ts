/** Our holder at our issuer, on the wire and with everything demanded at once: what one room forgets another misses. */
import { generateKey } from '@facet-id/crypto/node'
import type { HolderPorts } from '@facet-id/holder'
import { expect, test } from 'vitest'
import { certifiedIssuer } from './certified.ts'
import { attestedBy, ourHolder } from './our-holder.ts'
import { believingProvider, encryption, servedIssuer } from './our-issuer.ts'

test('takes a credential that is certified, signed for, attested, pushed, bound, encrypted and deferred, and tells what became of it', async () => {
  const certificate = await certifiedIssuer()
  const provider = generateKey('ES256')
  const served = await servedIssuer({
    certificate,
    authorization: {
      clients: {},
      clientAttestation: 'required',
      pushedRequests: 'required',
      dpop: 'required',
      refreshLifetime: 3600,
    },
    settings: {
      notifications: true,
      encryption: { requests: 'required', responses: 'required' },
      deferral: { interval: 1, lifetime: 3600 },
    },
    configuration: { approval: 'required' },
    ports: { ...believingProvider(provider.publicJwk), encryption: encryption() },
  })
  const { link } = await served.issuer.invite({ configurationIds: ['person'] })
  let ahead = 0
  const now = () => Math.floor(Date.now() / 1000) + ahead
  const { holder, sent } = ourHolder({
    anchor: certificate.anchor,
    ports: { ...attestedBy(provider), now, trust: { mayIssue: whoIsCertified, mayAsk: () => undecided } },
    settings: { boundTokens: 'required', signedMetadata: 'required', languages: ['de-AT'] },
  })
  const { waiting } = await holder.accept(link)
  const [{ id } = { id: '' }] = waiting
  for await (const { issuanceId } of served.issuer.deferred()) await served.issuer.approve(issuanceId)
  ahead = 2
  expect((await holder.resume(id)).credentials).toMatchObject([{ copies: 3 }])
  const told: string[] = []
  for await (const { event } of served.issuer.notifications()) told.push(event)
  expect(told).toEqual(['credential_accepted'])

  const bodies = sent.filter(({ url }) => /\/(?:deferred-)?credential$/.test(url))
  expect(bodies.map(({ headers }) => headers['content-type'])).toEqual(['application/jwt', 'application/jwt'])
  expect(sent.filter(({ headers }) => headers['oauth-client-attestation'] !== undefined).length).toBe(2)
  const speaking = sent.filter(({ headers }) => headers['accept-language'] === 'de-AT')
  expect(speaking.map(({ method }) => method)).toEqual(['GET'])
})

const undecided = { decision: 'undetermined', why: 'The person decides.' } as const

const whoIsCertified: HolderPorts['trust']['mayIssue'] = ({ certificate }) =>
  certificate === undefined ? undecided : { decision: 'trusted', why: 'Utopia certified it.' }
