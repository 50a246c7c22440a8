/** Veramo both ways: an agent of theirs that has our roles, and our roles with a key of an agent of theirs. */
import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { checkSignatures } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import { createFacetPlugin, type FacetMethods, type FacetRoles, identityOfVeramo } from '@facet-id/veramo'
import { createAgent, type IDIDManager, type IKeyManager, type TAgent } from '@veramo/core'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { JwkDIDProvider } from '@veramo/did-provider-jwk'
import { KeyDIDProvider } from '@veramo/did-provider-key'
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'
import { expect, test } from 'vitest'
import { runFlow, statusOf } from './flow.ts'
import { memoryStage } from './memory.ts'
import { personQuery, specimen } from './specimen.ts'

type TheirAgent = TAgent<IDIDManager & IKeyManager & FacetMethods>

/** An agent as an application has it: their key manager, their providers, and our plugin. */
function theirAgent(roles: FacetRoles = {}): TheirAgent {
  return createAgent<IDIDManager & IKeyManager & FacetMethods>({
    schemaValidation: true,
    plugins: [
      new KeyManager({
        store: new MemoryKeyStore(),
        kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
      }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:jwk',
        providers: {
          'did:jwk': new JwkDIDProvider({ defaultKms: 'local' }),
          'did:key': new KeyDIDProvider({ defaultKms: 'local' }),
        },
      }),
      createFacetPlugin(roles),
    ],
  })
}

/**
 * A P-256 did:jwk of theirs. One in 130 that it makes has a coordinate without its leading zeros, which nobody can
 * use (decision 0004): another is made then.
 */
async function theirDidJwk(agent: TheirAgent): Promise<string> {
  for (;;) {
    const { did } = await agent.didManagerCreate({ provider: 'did:jwk', options: { keyType: 'Secp256r1' } })
    if (outcomeOf(() => resolveDidJwk(did)) === 'accepted') return did
  }
}

test('DMG-20 an agent of Veramo tells the whole story with our roles', async () => {
  const stage = memoryStage()
  const agent = theirAgent(stage)
  const offer = await agent.facetCreateOffer({ configurationId: 'person', claims: specimen })
  expect(offer.txCode).toMatch(/^\d{6}$/)
  if (offer.txCode !== undefined) stage.person.txCode = offer.txCode
  expect(await agent.facetAcceptOffer({ link: offer.link })).toMatchObject({
    credentials: [{ copies: 4 }],
  })
  expect(await agent.facetCredentials({})).toHaveLength(1)

  const present = async () => {
    const dcqlQuery = personQuery({ over: 18, nationality: 'UTO' })
    const { link, transactionId } = await agent.facetRequestPresentation({ dcqlQuery })
    const presented = await agent.facetPresent({ link })
    return { presented, result: await stage.verifier.result(transactionId), transactionId }
  }
  const verified = await present()
  expect(verified.presented).toMatchObject({ accepted: true })
  expect(await agent.facetPresentationResult({ transactionId: verified.transactionId })).toMatchObject({
    outcome: 'verified',
  })
  await agent.facetRevoke({ issuanceId: offer.issuanceId })
  await stage.letTimePass()
  expect(statusOf((await present()).result)).toMatchObject({ outcome: 'fail', reason: 'revoked' })
})

test.each([
  ['facetCreateOffer', { claims: specimen }],
  ['facetCreateOffer', { configurationId: 'person', claims: specimen, lifetime: 1 }],
  ['facetAcceptOffer', { link: 7 }],
  ['facetRequestPresentation', {}],
] as const)('DMG-20 %s is not done with arguments that do not fit', async (method, args) => {
  const stage = memoryStage()
  const agent = theirAgent(stage)
  await expect(agent.execute(method, args)).rejects.toMatchObject({ name: 'ValidationError' })
  expect(stage.sent).toEqual([])
})

test('DMG-20 errors of our roles pass through with their codes, and a role that was not given has no methods', async () => {
  const { verifier } = memoryStage()
  const agent = theirAgent({ verifier })
  expect(await outcomeOf(() => agent.facetPresentationResult({ transactionId: 'none' }))).toBe(
    'presentation_unknown',
  )
  expect(
    agent
      .availableMethods()
      .filter((name) => name.startsWith('facet'))
      .sort(),
  ).toEqual(['facetPresentationResult', 'facetRequestPresentation'])
  await expect(agent.execute('facetCreateOffer', {})).rejects.toThrow('Method not available')
})

test('DMG-21 a credential issued with a key of their agent is held, shown and verified', async () => {
  const agent = theirAgent()
  const did = await theirDidJwk(agent)
  const issuer = await identityOfVeramo(agent, did)
  expect(issuer.kid).toBe(`${did}#0`)
  const { signer } = issuer
  await runFlow(memoryStage({ issuer: { ports: { signer }, settings: { did } }, trusted: [did] }))
})

test('DMG-21 their did:key signs EdDSA, under the name that its document has for it', async () => {
  const agent = theirAgent()
  const { did } = await agent.didManagerCreate({ provider: 'did:key' })
  const { kid, signer } = await identityOfVeramo(agent, did, { relationship: 'authentication' })
  expect(kid).toBe(`${did}#${did.slice('did:key:'.length)}`)
  const { publicKeyHex = '' } = (await agent.didManagerGet({ did })).keys[0] ?? {}
  const key = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(publicKeyHex, 'hex').toString('base64url'),
  } as const
  const data = new TextEncoder().encode('header.payload')
  const signature = await signer.sign(data)
  expect(checkSignatures([{ alg: 'EdDSA', key, data, signature }])).toEqual(['valid'])
})

test('DMG-21 a key that the document does not list for that use signs nothing', async () => {
  const agent = theirAgent()
  const did = await theirDidJwk(agent)
  const { assertionMethod: _, ...document } = resolveDidJwk(did)
  expect(findVerificationMethod(document, `${did}#0`, 'authentication')).toBeDefined()
  expect(await outcomeOf(() => identityOfVeramo(agent, did, { document }))).toBe('key_unknown')
  const foreign = resolveDidJwk(await theirDidJwk(agent))
  expect(await outcomeOf(() => identityOfVeramo(agent, did, { document: foreign }))).toBe('key_unknown')
})

test('DMG-21 of a method whose documents are fetched, the document is asked for', async () => {
  expect(await outcomeOf(() => identityOfVeramo(theirAgent(), 'did:web:issuer.example'))).toBe(
    'not_supported',
  )
})
