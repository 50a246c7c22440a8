/** As whom a verifier asks, up to a wallet that believes it by its trust configuration. */
import { writeFile } from 'node:fs/promises'
import { utf8 } from '@facet-id/credential/base64url'
import { resolveDidJwk } from '@facet-id/credential/did'
import { type PublicJwk, readPublicJwk, writeJws } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import { writeVerifierAttestationInput } from '@facet-id/protocol/openid4vp/client'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach, expect, test } from 'vitest'
import type { IssuanceNode } from '../../service/issuance-node.ts'
import type { ClientName } from '../../service/verifier/client-names.ts'
import { freePort, parties } from './asking.test-support.ts'

const { directory, issued, start, present, ask, outcome, certified, trusting, verifier } = parties()
const anchors = [{ id: 'registry', file: 'ca/authority.pem', revoked: 'ca/revoked.pem' }]
const now = () => Math.floor(Date.now() / 1000)

let issuer: IssuanceNode | undefined
afterEach(async () => {
  await issuer?.close()
  issuer = undefined
})

function keyOf(clientId: string): PublicJwk {
  const did = clientId.slice(clientId.indexOf('did:'))
  return readPublicJwk(resolveDidJwk(did).verificationMethod?.[0]?.publicKeyJwk ?? {})
}

interface Asked {
  readonly clientId: string
  readonly outcome: string
  readonly said: string
}

/** One request under that name, and what came of it. */
async function askedAs(
  client: ClientName,
  trust: (clientId: string) => Promise<string>,
  more: { readonly publicUrl?: string; readonly port?: number; readonly ask?: readonly string[] } = {},
): Promise<Asked> {
  if (issuer === undefined) throw new Error('there is an issuer')
  const { ask: how = [], ...options } = more
  const service = await start(issuer, { clients: [client], ...options })
  try {
    const file = await trust(service.clientId)
    const { link, transactionId } = await ask('over 18', ...how)
    const { err, out } = await present(String(link), '--trust', file)
    return { clientId: service.clientId, outcome: await outcome(transactionId), said: err + out }
  } finally {
    await service.close()
  }
}

test('FCT-CLIENT, FCT-PARTIES a verifier asks by the hash of its certificate, and answers come encrypted', async () => {
  issuer = await issued()
  const certificate = await certified('verifier')
  const asked = await askedAs(
    { knownBy: 'certificate', certificate },
    () => trusting(issuer as IssuanceNode, [{ anchor: 'registry' }], { anchors }),
    { ask: ['--mode', 'direct_post.jwt'] },
  )
  expect(asked.clientId).toMatch(/^x509_hash:[\w-]{43}$/)
  expect(asked.outcome).toBe('verified')
  expect(asked.said).toContain('Proven by its certificate.')
})

test('FCT-CLIENT, FCT-PARTIES a verifier asks by its host, which its certificate must name', async () => {
  issuer = await issued()
  const port = await freePort()
  const certificate = await certified('verifier', ['localhost'])
  const trust = () => trusting(issuer as IssuanceNode, [{ anchor: 'registry' }], { anchors })
  const publicUrl = `http://localhost:${port}`
  const asked = await askedAs({ knownBy: 'host', certificate }, trust, { publicUrl, port })
  expect(asked).toMatchObject({ clientId: 'x509_san_dns:localhost', outcome: 'verified' })
  const byNumber = () => start(issuer as IssuanceNode, { clients: [{ knownBy: 'host', certificate }] })
  await expect(byNumber()).rejects.toThrow('it must be a DNS name')
  const other = await certified('verifier', ['other.example'])
  const refused = () =>
    start(issuer as IssuanceNode, { publicUrl, port, clients: [{ knownBy: 'host', certificate: other }] })
  expect(await outcomeOf(refused)).toBe('certificate_unusable')
})

test('FCT-CLIENT, FCT-PARTIES a verifier asks by an attestation of one whom the wallet knows', async () => {
  issuer = await issued()
  const first = await start(issuer)
  const key = keyOf(first.clientId)
  await first.close()
  const attester = generateKey()
  const attestation = (claims: { readonly exp: number; readonly jwk: PublicJwk }) => {
    const { exp, jwk } = claims
    const said = { iss: 'https://attester.example', sub: 'platform', exp, cnf: { jwk } }
    const input = writeVerifierAttestationInput(said, { alg: 'ES256', kid: 'a' })
    return writeJws(input, signerOf(attester.privateJwk).sign(utf8(input)) as Uint8Array)
  }
  await writeFile(directory.in('attester.jwk'), JSON.stringify({ ...attester.publicJwk, kid: 'a' }))
  const attesters = [{ id: 'https://attester.example', keys: 'attester.jwk' }]
  const good = attestation({ exp: now() + 600, jwk: key })
  const client = { knownBy: 'attestation', attestation: good } as const
  const trust = (clientId: string) => trusting(issuer as IssuanceNode, [{ id: clientId }], { attesters })
  expect(await askedAs(client, trust)).toMatchObject({
    clientId: 'verifier_attestation:platform',
    outcome: 'verified',
    said: expect.stringContaining('Proven by who attests it.'),
  })
  const unknown = (clientId: string) => trusting(issuer as IssuanceNode, [{ id: clientId }])
  expect(await askedAs(client, unknown)).toMatchObject({
    outcome: 'pending',
    said: expect.stringContaining('[request_not_authentic]'),
  })
  for (const unfit of [
    'no token',
    attestation({ exp: now() - 600, jwk: key }),
    attestation({ exp: now() + 600, jwk: generateKey().publicJwk }),
  ]) {
    const clients = [{ knownBy: 'attestation', attestation: unfit }] as const
    expect(await outcomeOf(() => start(issuer as IssuanceNode, { clients }))).toBe('attestation_unusable')
  }
})

test('FCT-CLIENT, FCT-PARTIES a verifier asks under a name that was registered, and is answered where it was', async () => {
  issuer = await issued()
  const first = await start(issuer)
  await writeFile(directory.in('platform.jwk'), JSON.stringify(keyOf(first.clientId)))
  const { url } = first
  await first.close()
  const client = { knownBy: 'registration', clientId: 'platform' } as const
  const registered = (address: string) => () =>
    trusting(issuer as IssuanceNode, [{ id: 'platform' }], {
      clients: [{ id: 'platform', addresses: [address], keys: 'platform.jwk' }],
    })
  expect(await askedAs(client, registered(`${url}/responses`))).toMatchObject({
    clientId: 'platform',
    outcome: 'verified',
    said: expect.stringContaining('It is registered with this wallet.'),
  })
  expect(await askedAs(client, registered(`${url}/elsewhere`))).toMatchObject({
    outcome: 'pending',
    said: expect.stringContaining('[answer_address_refused]'),
  })
})

test.each([{ knownBy: 'federation' }, { knownBy: 'registration', clientId: 'platform' }] as const)(
  'FCT-CLIENT a verifier whose name publishes no key to encrypt to does not start with encrypted answers ($knownBy)',
  async (client) => {
    const starting = () =>
      start({ did: 'did:example:nobody' }, { clients: [client], responseMode: 'direct_post.jwt' })
    expect(await outcomeOf(starting)).toBe('usage')
  },
)

test.each(['requestLifetime', 'resultLifetime'])(
  'a service is told how long things live, and %s of no second is refused',
  async (name) => {
    const starting = () => start({ did: 'did:example:nobody' }, { lifetimes: { [name]: 0 } })
    expect(await outcomeOf(starting)).toBe('settings_invalid')
  },
)

test('FCT-CLIENT a verifier that is an address signs nothing, and the person is told', async () => {
  issuer = await issued()
  const trust = (clientId: string) => trusting(issuer as IssuanceNode, [{ id: clientId }])
  const asked = await askedAs({ knownBy: 'address' }, trust)
  expect(asked.clientId).toMatch(/^redirect_uri:http:\/\/127\.0\.0\.1:\d+\/responses$/)
  expect(asked.said).toContain('NOTHING PROVES who asks.')
  expect(asked.outcome).toBe('verified')
})

test('FCT-CLIENT one verifier has several names, and asks as the one that is wished', async () => {
  issuer = await issued()
  const service = await start(issuer, { clients: [{ knownBy: 'did' }, { knownBy: 'address' }] })
  try {
    const { link } = await ask('over 18', '--as', `redirect_uri:${service.url}/responses`)
    expect(String(link)).toMatch(/client_id=redirect_uri%3A/)
    expect(String((await ask('over 18')).link)).toMatch(/client_id=decentralized_identifier%3A/)
    expect((await verifier('ask', 'over 18', '--as', 'nobody')).err).toMatch(
      /decentralized_identifier:did.*redirect_uri:.*\(request_unfit\) \[operator_refused\]\n$/,
    )
  } finally {
    await service.close()
  }
})

test('FCT-AKI a query by the key of an authority is answered below it, and by nobody else', async () => {
  const trust = directory.in('anchors.json')
  const certificate = await certified('issuer')
  const rules = { issuers: [{ party: { anchor: 'registry' }, vcts: 'any' }] }
  await writeFile(trust, JSON.stringify({ environment: 'test', anchors, rules }))
  issuer = await startedBelow()
  const service = await start(issuer, { issuers: [], trustFile: trust })
  try {
    const [{ extensions } = { extensions: undefined }] = await chainOf()
    const aki = Buffer.from(extensions?.authorityKeyIdentifier ?? new Uint8Array()).toString('base64url')
    expect(aki).not.toBe('')
    expect(await askedBy(aki)).toBe('verified')
    expect(await askedBy('AAAA')).toBe('declined')
  } finally {
    await service.close()
  }

  async function chainOf() {
    const { readCertificate } = await import('@facet-id/trust/x509')
    return certificate.chain.map(readCertificate)
  }

  /** Its identifier is known once it is up, and a wallet with a trust configuration needs a rule for it. */
  async function startedBelow(): Promise<IssuanceNode> {
    const port = await freePort()
    const id = `http://127.0.0.1:${port}`
    const issuers = [...rules.issuers, { party: { id }, vcts: 'any' }]
    const file = directory.in('wallet.json')
    await writeFile(file, JSON.stringify({ environment: 'test', anchors, rules: { issuers } }))
    return issued({ knownBy: certificate, port }, file)
  }

  async function askedBy(aki: string): Promise<string> {
    const query = {
      credentials: [
        {
          id: 'person',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:facet:person:1'] },
          claims: [{ path: ['age_equal_or_over', '18'] }],
          trusted_authorities: [{ type: 'aki', values: [aki] }],
        },
      ],
    }
    await writeFile(directory.in('query.json'), JSON.stringify(query))
    const { link, transactionId } = await ask('--dcql', directory.in('query.json'))
    await present(String(link))
    return outcome(transactionId)
  }
})
