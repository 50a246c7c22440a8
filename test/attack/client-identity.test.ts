/** Verifiers that pass for others: by their names, by other people's certificates, by the addresses they name. */
import { utf8 } from '@facet-id/credential/base64url'
import { type PublicJwk, writeJws, writeSigningInput, writeX5c } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import type { HolderPorts } from '@facet-id/holder'
import { writeRequestLink } from '@facet-id/protocol/openid4vp'
import {
  isAuthorizedBy,
  readTransactionData,
  writeTransactionData,
} from '@facet-id/protocol/openid4vp/transaction-data'
import { outcomeOf } from '@facet-id/testkit'
import { beginPath, checksOfPath, judgePath, purposes, x509Hash } from '@facet-id/trust/x509'
import { beforeAll, expect, test } from 'vitest'
import { type Changes, type MemoryStage, memoryStage } from '../flow/memory.ts'
import { personQuery } from '../flow/specimen.ts'
import { issuedOn } from '../flow/steps.ts'
import { anchorOf, makeParty, type Party } from './authorities.ts'
import { parts, payloadOf } from './doors.ts'

const THIEF = 'https://thief.example'
const VICTIM = 'victim.example'
const REQUEST = `${THIEF}/requests/1`

let root: Party
let victim: Party
let thief: Party
beforeAll(async () => {
  root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  const verifier = { kind: 'verifier', days: 9, by: root } as const
  victim = await makeParty('C=UTO, O=Victim', { ...verifier, dns: [VICTIM] })
  thief = await makeParty('C=UTO, O=Thief', { ...verifier, dns: ['thief.example'] })
})

/** Proves chains for real, by the root; the clock is that of this machine, as the certificates are. */
async function certificateOf({ x5c }: { readonly x5c: readonly Uint8Array[] }) {
  const rules = { anchors: [anchorOf(root)], now: Date.now() / 1000, purposes: purposes.verifier }
  const path = beginPath(x5c, { ...rules, revocationLists: [] })
  const outcome = judgePath(path, await checkSignatures(checksOfPath(path)), hash)
  return outcome.outcome === 'proven'
    ? { key: outcome.key, certificate: outcome.identity }
    : { refused: outcome.why }
}

const keys = generateKey('ES256')
const keyOfVictim: PublicJwk = keys.publicJwk

const publicKeyOf = (party: Party): PublicJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x: party.privateJwk.x,
  y: pointOf(party),
})

const attester = generateKey('ES256')

const clients = (): NonNullable<HolderPorts['clients']> => ({
  certificateOf,
  attesterKeyOf: () => ({ key: attester.publicJwk }),
  registered({ clientId }) {
    const addresses = [`https://${VICTIM}/responses`]
    if (clientId === VICTIM) return { addresses, keys: [keyOfVictim] }
    // Who may ask, and be answered there and nowhere else.
    return clientId === 'thief' ? { addresses, keys: [publicKeyOf(thief)] } : undefined
  },
  memberOf: ({ entityId }) => ({
    member: { entityId, anchor: 'https://anchor.example', trustMarks: [] },
    metadata: {
      openid_credential_verifier: {
        jwks: { keys: [JSON.parse(JSON.stringify(publicKeyOf(thief)))] },
        redirect_uris: [`https://${VICTIM}/responses`],
      },
    },
  }),
})

function pointOf({ privateJwk }: Party): string {
  return 'y' in privateJwk ? privateJwk.y : ''
}

interface Forged {
  /** Of the link. */
  readonly client_id: string
  readonly header?: JsonObject
  readonly payload?: JsonObject
}

/** What a wallet makes of a request that the thief signed, and everything that it sent for it. */
async function shown({ client_id, header = {}, payload = {} }: Forged, changes: Changes = {}) {
  const stage: MemoryStage = memoryStage({
    ...changes,
    holder: { clients: clients(), ...changes.holder },
    around: (transport) => ({
      async send(request) {
        if (!request.url.startsWith(THIEF)) return transport.send(request)
        stage.sent.push(request)
        return request.url === REQUEST
          ? { status: 200, headers: { 'content-type': 'application/oauth-authz-req+jwt' }, body }
          : { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
      },
    }),
  })
  const signer = signerOf(thief.privateJwk)
  const input = writeSigningInput(
    { alg: 'ES256', typ: 'oauth-authz-req+jwt', ...header },
    {
      client_id,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: `${THIEF}/responses`,
      nonce: 'n-0S6_WzA2Mj',
      dcql_query: JSON.parse(JSON.stringify(personQuery({ over: 18, nationality: 'UTO' }))),
      client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
      ...payload,
    },
  )
  const body = writeJws(input, await signer.sign(utf8(input)))
  await issuedOn(stage)
  const before = await stage.holder.credentials()
  stage.sent.length = 0
  const link = writeRequestLink({ client_id, request_uri: REQUEST })
  const outcome = await outcomeOf(() => stage.holder.present(link))
  if (outcome !== 'accepted') expect(await stage.holder.credentials()).toEqual(before)
  return { outcome, sent: stage.sent.map(({ method, url }) => `${method} ${url}`), last: stage.sent.at(-1) }
}

const chain = (party: Party): JsonObject => ({ x5c: writeX5c([party.der]) })
const hashOf = (party: Party): string => `x509_hash:${x509Hash(party.der, hash)}`
const FETCHED = [`GET ${REQUEST}`]

test('the thief is answered under its own name, so what follows is refused for what it is', async () => {
  for (const client_id of [hashOf(thief), 'x509_san_dns:thief.example']) {
    const { outcome, sent } = await shown({ client_id, header: chain(thief) })
    expect([outcome, sent]).toEqual(['accepted', [...FETCHED, `POST ${THIEF}/responses`]])
  }
})

test('ATK-3 a name without a prefix is that of a registered client, whatever certificate comes with it', async () => {
  const known = await shown({ client_id: VICTIM, header: chain(thief) })
  expect([known.outcome, known.sent]).toEqual(['jws_header_forbidden', FETCHED])
  const signed = await shown({ client_id: VICTIM, payload: { client_metadata: undefined as never } })
  expect([signed.outcome, signed.sent]).toEqual(['request_not_authentic', FETCHED])
  const unknown = await shown({ client_id: 'thief.example', header: chain(thief) })
  expect([unknown.outcome, unknown.sent]).toEqual(['request_not_authentic', []])
})

test('ATK-4 a name that is nested, in another case, or does not fit its prefix names nobody, and nothing is fetched', async () => {
  for (const [client_id, code] of [
    [`x509_hash:x509_san_dns:${VICTIM}`, 'message_malformed'],
    [`x509_san_dns:${hashOf(thief)}`, 'message_malformed'],
    [`verifier_attestation:${hashOf(thief)}`, 'message_malformed'],
    [`X509_SAN_DNS:${VICTIM}`, 'message_malformed'],
    [`x509_san_dns:${VICTIM.toUpperCase()}`, 'message_malformed'],
    ['x509_san_dns:*.example', 'message_malformed'],
    [`x509_san_dns;${VICTIM}`, 'message_malformed'],
    [` x509_san_dns:${VICTIM}`, 'feature_unsupported'],
    [`origin:https://${VICTIM}`, 'message_malformed'],
  ] as const) {
    const { outcome, sent } = await shown({ client_id, header: chain(thief) })
    expect([client_id, outcome, sent]).toEqual([client_id, code, []])
  }
})

test('ATK-4 another name inside the request than in the link gets no answer', async () => {
  for (const inside of [hashOf(thief), VICTIM, 'x509_san_dns:thief.example', `x509_san_dns:${VICTIM} `]) {
    const { outcome, sent } = await shown({
      client_id: `x509_san_dns:${VICTIM}`,
      header: chain(thief),
      payload: { client_id: inside },
    })
    expect([inside, outcome, sent]).toEqual([inside, 'message_malformed', FETCHED])
  }
})

test('ATK-5 a certificate of somebody else, or one that the thief made, proves no name', async () => {
  const own = await makeParty('C=UTO, O=Victim', { kind: 'verifier', days: 1, dns: [VICTIM] })
  for (const header of [
    chain(victim),
    chain(thief),
    chain(own),
    { x5c: writeX5c([thief.der, victim.der]) },
  ]) {
    for (const client_id of [`x509_san_dns:${VICTIM}`, hashOf(victim)]) {
      const { outcome, sent } = await shown({ client_id, header })
      expect([outcome, sent]).toEqual(['request_not_authentic', FETCHED])
    }
  }
})

test('ATK-5 nothing goes to an address that no rule ties to the client, not even an error', async () => {
  const elsewhere = { response_uri: `https://${VICTIM}/responses` }
  for (const wrong of [{}, { nonce: '' }, { transaction_data: ['e30'] }, { scope: 'all' }]) {
    const dns = await shown({
      client_id: 'x509_san_dns:thief.example',
      header: chain(thief),
      payload: { ...elsewhere, ...wrong },
    })
    expect([dns.outcome, dns.sent]).toEqual(['answer_address_refused', FETCHED])
    const member = await shown({ client_id: `openid_federation:${THIEF}`, payload: wrong })
    expect([member.outcome, member.sent]).toEqual(['answer_address_refused', FETCHED])
    const registered = await shown({
      client_id: 'thief',
      payload: { client_metadata: undefined as never, ...wrong },
    })
    expect([registered.outcome, registered.sent]).toEqual(['answer_address_refused', FETCHED])
    const attested = await shown({
      client_id: 'verifier_attestation:thief',
      header: { jwt: await attestation({ redirect_uris: [`https://${VICTIM}/responses`] }) },
      payload: wrong,
    })
    expect([attested.outcome, attested.sent]).toEqual(['answer_address_refused', FETCHED])
  }
})

/** The thief is attested, honestly, to be who it is. */
async function attestation(more: JsonObject): Promise<string> {
  const input = writeSigningInput(
    { alg: 'ES256', typ: 'verifier-attestation+jwt' },
    {
      iss: 'https://attester.example',
      sub: 'thief',
      exp: 4_000_000_000,
      cnf: { jwk: JSON.parse(JSON.stringify(publicKeyOf(thief))) },
      ...more,
    },
  )
  return writeJws(input, await signerOf(attester.privateJwk).sign(utf8(input)))
}

test('ATK-5 who may ask under these names is answered where its rule allows', async () => {
  const jwt = await attestation({ redirect_uris: [`${THIEF}/responses`] })
  for (const header of [{ jwt }, { jwt: await attestation({}) }]) {
    const { outcome, sent } = await shown({ client_id: 'verifier_attestation:thief', header })
    expect([outcome, sent]).toEqual(['accepted', [...FETCHED, `POST ${THIEF}/responses`]])
  }
})

test('ATK-5 an unsigned request is answered at the address that its client is, and at no other', async () => {
  const parameters = {
    client_id: `redirect_uri:https://${VICTIM}/responses`,
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: `${THIEF}/responses`,
    nonce: 'n-0S6_WzA2Mj',
    dcql_query: JSON.stringify(personQuery({ over: 18, nationality: 'UTO' })),
  }
  const stage = memoryStage()
  await issuedOn(stage)
  stage.sent.length = 0
  const link = writeRequestLink({ client_id: parameters.client_id, parameters })
  expect(await outcomeOf(() => stage.holder.present(link))).toBe('answer_address_refused')
  const signed = await shown({ client_id: `redirect_uri:${THIEF}/responses` })
  expect([signed.outcome, signed.sent, stage.sent]).toEqual(['request_not_authentic', [], []])
})

const transactionTypes = [{ type: 'payment', members: { amount: { kind: 'text' } } }] as const
const payment = (more: object = {}, credential_ids = ['person'], type = 'payment'): string =>
  writeTransactionData({ type, credential_ids }, JSON.parse(JSON.stringify({ amount: '1 UTD', ...more })))

test('ATK-40 a wallet authorizes what it can show and nothing else: other kinds, members and credentials are refused', async () => {
  for (const data of [
    payment({}, ['person'], 'transfer'),
    payment({ amount: undefined }),
    payment({ amount: 1 }),
    payment({ to: 'thief' }),
    payment({}, ['other']),
    `${payment()}=`,
  ]) {
    const forged = { client_id: hashOf(thief), header: chain(thief), payload: { transaction_data: [data] } }
    const { outcome, sent, last } = await shown(forged, { holderSettings: { transactionTypes } })
    expect([outcome, sent.length, last?.body]).toEqual([
      'transaction_data_invalid',
      2,
      'error=invalid_transaction_data',
    ])
  }
})

test('ATK-40 a presentation authorizes the transactions that it was shown for, and no others', async () => {
  const data = payment()
  const forged = { client_id: hashOf(thief), header: chain(thief), payload: { transaction_data: [data] } }
  const { outcome, last } = await shown(forged, { holderSettings: { transactionTypes } })
  expect(outcome).toBe('accepted')
  const [presentation = ''] = JSON.parse(new URLSearchParams(last?.body).get('vp_token') ?? '').person
  const claims = payloadOf(parts(presentation).kb)
  const authorized = (text: string) => isAuthorizedBy(claims, readTransactionData([text], ['person']), hash)
  expect(authorized(data)).toBe(true)
  // The same words in other signs, and other words.
  expect(authorized(Buffer.from(`${Buffer.from(data, 'base64url')} `).toString('base64url'))).toBe(false)
  expect(authorized(payment({ amount: '1000 UTD' }))).toBe(false)
})
