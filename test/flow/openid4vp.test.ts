/** Our wallet answers our verifier: as every kind of client, in every response mode, over a real chain of certificates. */
import { readUtf8, utf8 } from '@facet-id/credential/base64url'
import { type Signer, writeJws } from '@facet-id/credential/jose'
import { readJwe } from '@facet-id/credential/jwe'
import {
  checkSignatures,
  generateEncryptionKey,
  generateKey,
  hash,
  jweOpenerOf,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import type { HolderPorts } from '@facet-id/holder'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { writeVerifierAttestationInput } from '@facet-id/protocol/openid4vp/client'
import { encryptedResponseRequest, writeResponsePayload } from '@facet-id/protocol/openid4vp/response'
import { outcomeOf } from '@facet-id/testkit'
import { beginPath, checksOfPath, judgePath, purposes } from '@facet-id/trust/x509'
import type { ClientIdentity, Verifier } from '@facet-id/verifier'
import { beforeAll, expect, test } from 'vitest'
import { anchorOf, makeParty, type Party } from '../attack/authorities.ts'
import { type MemoryStage, memoryStage, VERIFIER } from './memory.ts'
import { personQuery } from './specimen.ts'
import { issuedOn } from './steps.ts'

const RESPONSES = `${VERIFIER}/responses`
const attester = generateKey('ES256')
const own = generateKey('ES256')
const signer: Signer = signerOf(own.privateJwk)
/** Of the names whose metadata wallets know beforehand, their keys with them. */
const keys = { openid_federation: lasting('f-enc'), 'pre-registered': lasting('r-enc') }

let root: Party
let platform: Party
beforeAll(async () => {
  root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  platform = await makeParty('C=UTO, O=Platform', {
    kind: 'verifier',
    days: 9,
    by: root,
    dns: ['platform.example'],
  })
})

/** A key to encrypt to that serves many requests. */
function lasting(kid: string): ReturnType<typeof generateEncryptionKey> {
  const { publicJwk, privateJwk } = generateEncryptionKey()
  const named = { kid, use: 'enc', alg: 'ECDH-ES' } as const
  return { publicJwk: { ...publicJwk, ...named }, privateJwk: { ...privateJwk, ...named } }
}

function identities(): Readonly<Record<string, ClientIdentity>> {
  const certified = { signer: signerOf(platform.privateJwk), certificates: [platform.der] }
  const attested = {
    iss: 'https://attester.example',
    sub: 'platform',
    exp: 4_000_000_000,
    cnf: { jwk: own.publicJwk },
    redirect_uris: [RESPONSES, `${VERIFIER}/page`],
  }
  const input = writeVerifierAttestationInput(attested, { alg: 'ES256' })
  const attestation = writeJws(input, signerOf(attester.privateJwk).sign(utf8(input)))
  return {
    x509_hash: { client_id: `x509_hash:${hash('sha-256', platform.der)}`, ...certified },
    x509_san_dns: { client_id: 'x509_san_dns:platform.example', ...certified },
    verifier_attestation: { client_id: 'verifier_attestation:platform', signer, attestation },
    openid_federation: {
      client_id: `openid_federation:${VERIFIER}`,
      signer: { ...signer, kid: 'f' },
      encryptionKey: keys.openid_federation.privateJwk,
    },
    'pre-registered': {
      client_id: 'platform',
      signer: { ...signer, kid: 'r' },
      encryptionKey: keys['pre-registered'].privateJwk,
    },
    redirect_uri: { client_id: `redirect_uri:${RESPONSES}` },
  }
}

const clients: NonNullable<HolderPorts['clients']> = {
  async certificateOf({ x5c }) {
    const rules = { anchors: [anchorOf(root)], now: Date.now() / 1000, purposes: purposes.verifier }
    const path = beginPath(x5c, { ...rules, revocationLists: [] })
    const outcome = judgePath(path, await checkSignatures(checksOfPath(path)), hash)
    if (outcome.outcome !== 'proven') return { refused: outcome.why }
    return { key: outcome.key, certificate: outcome.identity }
  },
  attesterKeyOf: () => ({ key: attester.publicJwk }),
  memberOf: ({ entityId }) => ({
    member: { entityId, anchor: 'https://anchor.example', trustMarks: [] },
    metadata: {
      openid_credential_verifier: {
        jwks: {
          keys: [
            { ...JSON.parse(JSON.stringify(own.publicJwk)), kid: 'f' },
            JSON.parse(JSON.stringify(keys.openid_federation.publicJwk)),
          ],
        },
        redirect_uris: [RESPONSES],
        vp_formats_supported: { 'dc+sd-jwt': {} },
      },
    },
  }),
  registered: () => ({
    addresses: [RESPONSES],
    keys: [{ ...own.publicJwk, kid: 'r' }],
    metadata: {
      jwks: { keys: [keys['pre-registered'].publicJwk] },
      encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
      vp_formats_supported: { 'dc+sd-jwt': {} },
    },
  }),
}

const rules = { encs: ['A128GCM', 'A256GCM'], maxBytes: 65_536 } as const

const transactionTypes = [{ type: 'payment', members: { amount: { kind: 'text' } } }] as const

async function staged(): Promise<MemoryStage> {
  const stage = memoryStage({
    verifier: {
      identities: Object.values(identities()),
      encryption: { generateKey: generateEncryptionKey, openerOf: jweOpenerOf, seal: sealJwe },
    },
    holder: {
      clients,
      encryption: {
        seal: sealJwe,
        generateKey() {
          const { publicJwk, privateJwk } = generateEncryptionKey()
          return { publicJwk, open: jweOpenerOf(privateJwk) }
        },
      },
    },
    holderSettings: { transactionTypes },
    verifierSettings: { keyBindingMaxAge: 300 },
  })
  await issuedOn(stage)
  return stage
}

const query = readDcqlQuery(personQuery({ over: 18, nationality: 'UTO' }))

async function outcome({ result }: Verifier, transactionId: string): Promise<string> {
  return (await result(transactionId)).outcome
}

const names = [
  'decentralized_identifier',
  'x509_hash',
  'x509_san_dns',
  'verifier_attestation',
  'openid_federation',
  'pre-registered',
  'redirect_uri',
]

const posting = names.flatMap((name) =>
  (['direct_post', 'direct_post.jwt'] as const).map((mode) => [name, mode] as const),
)

test.each(posting)(
  'VP-5.9-5, VP-8.2-3, VP-8.3.1-1 as %s, by %s, an answer is verified',
  async (name, responseMode) => {
    const stage = await staged()
    const { client_id } = identities()[name] ?? {}
    const as = client_id === undefined ? {} : { as: client_id }
    const { link, transactionId } = await stage.verifier.request(query, { responseMode, ...as })
    expect(await stage.holder.present(link)).toMatchObject({ accepted: true })
    expect(await outcome(stage.verifier, transactionId)).toBe('verified')
  },
)

test.each(['fragment', 'query'] as const)(
  'VP-5.6-2 by %s an answer is verified at the page',
  async (part) => {
    const stage = await staged()
    for (const name of ['x509_hash', 'x509_san_dns', 'verifier_attestation']) {
      const as = identities()[name]?.client_id ?? ''
      const page = `${VERIFIER}/page`
      const { link, transactionId } = await stage.verifier.requestToPage(query, { page, part, as })
      const { handOver } = await stage.holder.present(link)
      const url = handOver?.by === 'user_agent' ? handOver.url : ''
      expect(url.slice(0, page.length)).toBe(page)
      const parameters = url.slice(page.length + 1)
      expect((await stage.verifier.receive(transactionId, { parameters })).outcome).toBe('verified')
    }
  },
)

test.each([
  ['unsigned', []],
  ['signed', ['x509_hash']],
  ['signed by several', ['openid_federation', 'x509_san_dns', 'verifier_attestation']],
])(
  'VP-A.1-1, VP-A.4-2 over the platform an answer to an %s request is verified, in the clear and encrypted',
  async (_, signers) => {
    const stage = await staged()
    const as = signers.map((name) => identities()[name]?.client_id ?? '')
    // The keys of a member are in its metadata and those of others in the request, so these sign what is encrypted.
    for (const encrypted of [false, true]) {
      const by = encrypted ? as.filter((id) => !id.startsWith('openid_federation')) : as
      const made = await stage.verifier.requestOnPlatform(query, { origin: VERIFIER, as: by, encrypted })
      const { handOver } = await stage.holder.presentToPlatform({ ...made.request, origin: VERIFIER })
      const data = handOver?.by === 'platform' ? handOver.data : {}
      expect(Object.keys(data)).toEqual([encrypted ? 'response' : 'vp_token'])
      expect((await stage.verifier.receive(made.transactionId, { data })).outcome).toBe('verified')
    }
  },
)

test.each(['openid_federation', 'pre-registered'] as const)(
  'VP-5.9.3-9, VP-A.4-2 over the platform an answer to %s alone is encrypted to the key that is known beforehand',
  async (name) => {
    const stage = await staged()
    const { client_id: as = '' } = identities()[name] ?? {}
    const made = await stage.verifier.requestOnPlatform(query, { origin: VERIFIER, as: [as] })
    const { handOver } = await stage.holder.presentToPlatform({ ...made.request, origin: VERIFIER })
    const data = handOver?.by === 'platform' ? handOver.data : {}
    expect(readJwe(String(data.response), rules).header.kid).toBe(keys[name].privateJwk.kid)
    expect((await stage.verifier.receive(made.transactionId, { data })).outcome).toBe('verified')
  },
)

test('VP-5.9.3-9 an answer that is encrypted to a key that serves many requests counts for those of its client alone', async () => {
  const stage = await staged()
  const as = identities()['pre-registered']?.client_id ?? ''
  const responseMode = 'direct_post.jwt'
  const other = await stage.verifier.request(query, { responseMode, as: 'verifier_attestation:platform' })
  const clear = await stage.verifier.request(query, { as })
  const right = await stage.verifier.request(query, { responseMode, as })
  await stage.holder.present(right.link)
  const sent = stage.sent.findLast(({ url }) => url === RESPONSES)
  if (sent === undefined) throw new Error('the wallet answers')
  const [, jwe = ''] = /^response=(.+)$/.exec(sent.body ?? '') ?? []
  const plain = JSON.parse(
    readUtf8(await jweOpenerOf(keys['pre-registered'].privateJwk)(readJwe(jwe, rules))),
  )
  expect((await stage.verifier.handle(sent)).status).toBe(400)
  for (const { link, transactionId } of [other, clear]) {
    const [, state = ''] = /requests%2F([A-Za-z0-9_-]+)/.exec(link) ?? []
    const to = { key: keys['pre-registered'].publicJwk, enc: 'A256GCM' } as const
    const moved = sealJwe(writeResponsePayload({ ...plain, state }), to)
    const answer = await stage.verifier.handle(encryptedResponseRequest(RESPONSES, await moved))
    expect([answer.status, JSON.parse(answer.body).error]).toEqual([400, 'invalid_request'])
    expect(await outcome(stage.verifier, transactionId)).toBe('pending')
  }
})

test('VP-A.4-2 an answer for one page is none for another', async () => {
  const stage = await staged()
  const made = await stage.verifier.requestOnPlatform(query, { origin: VERIFIER, as: [], encrypted: false })
  const { handOver } = await stage.holder.presentToPlatform({
    ...made.request,
    origin: 'https://thief.example',
  })
  const data = handOver?.by === 'platform' ? handOver.data : {}
  expect(await outcomeOf(() => stage.verifier.receive(made.transactionId, { data }))).toBe('answer_unproven')
})

test('VP-TD-6, VP-TD-8 what the person authorized is verified, and is what was sent', async () => {
  const stage = await staged()
  const [credential] = query.credentials
  const transactions = [
    { type: 'payment', credential_ids: [credential?.id ?? ''], data: { amount: '12.50 UTD' } },
    {
      type: 'payment',
      credential_ids: [credential?.id ?? ''],
      transaction_data_hashes_alg: ['sha-256', 'sha-512'],
      data: { amount: '1 UTD' },
    },
  ]
  const { link, transactionId } = await stage.verifier.request(query, { transactions })
  expect(await stage.holder.present(link)).toMatchObject({ accepted: true })
  expect(await outcome(stage.verifier, transactionId)).toBe('verified')
})
