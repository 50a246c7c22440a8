/** How answers leave: encrypted, with the user agent, and with what was authorized. */
import { readBase64urlText, utf8, writeBase64urlText } from '@facet-id/credential/base64url'
import { readJwe } from '@facet-id/credential/jwe'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import { type AuthorizationResponse, readRequestUriRequest } from '@facet-id/protocol/openid4vp'
import {
  readPostedResponse,
  readRedirectResponse,
  readResponsePayload,
} from '@facet-id/protocol/openid4vp/response'
import { type TransactionType, writeTransactionData } from '@facet-id/protocol/openid4vp/transaction-data'
import { hash, jweOpenerOf, keyPair, outcomeOf, sealJwe } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { encryption, encryptionJwk, keyOf } from '../clients.test-support.ts'
import { HolderError } from '../error.ts'
import {
  judged,
  nationalityUto,
  overEighteen,
  personQuery,
  type RequestChanges,
  readAnswer,
  STATE,
  testVerifier,
  VERIFIER,
} from '../verifier.test-support.ts'
import { holding } from '../wallet.test-support.ts'

const keys = keyPair()
const jwk = encryptionJwk(keys.publicJwk)
const formats = { vp_formats_supported: { 'dc+sd-jwt': {} } }

function encrypted(client_metadata: object = { ...formats, jwks: { keys: [jwk] } }): RequestChanges {
  return { payload: { response_mode: 'direct_post.jwt', client_metadata } }
}

function posted(body = '') {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return readPostedResponse({ method: 'POST', url: VERIFIER, headers, body })
}

function decrypted(body: string | undefined): AuthorizationResponse {
  const answer = posted(body)
  if (answer.by !== 'encryption') throw new Error('the answer is not encrypted')
  return readResponsePayload(jweOpenerOf(keys.privateJwk)(answer.jwe))
}

test.each([
  ['A128GCM', undefined],
  ['A128GCM', ['A128GCM']],
  ['A256GCM', ['A128GCM', 'A256GCM']],
  ['A256GCM', ['A256GCM', 'A128CBC-HS256']],
])('VP-8.3-1, VP-8.3-2, VP-8.3.1-1 encrypts its answer with %s where %j is offered', async (enc, encs) => {
  const { holder, verifier, requests } = await holding({ ports: { encryption } })
  const offered = encs === undefined ? {} : { encrypted_response_enc_values_supported: encs }
  const link = verifier.request(encrypted({ ...formats, ...offered, jwks: { keys: [jwk] } }))
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(requests[1]?.headers).toEqual({
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  })
  const body = verifier.answers[0] ?? ''
  expect(body.replace(/=.*/, '')).toBe('response')
  const answer = posted(body)
  expect(answer.by === 'encryption' && answer.jwe.header).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'enc-1' })
  const response = decrypted(body)
  expect(response.state).toBe(STATE)
  const [presentation = ''] = 'vp_token' in response ? (response.vp_token.person ?? []) : []
  expect((await judged(presentation)).verified).toBe(true)
})

test('VP-8.3-2 passes over keys that nobody can encrypt to: of other kinds, for signatures, no points of the curve', async () => {
  const { holder, verifier } = await holding({ ports: { encryption } })
  const zero = 'A'.repeat(43)
  const unusable = [
    { kty: 'RSA', n: 'AQ', e: 'AQAB', kid: 'rsa', alg: 'RSA-OAEP' },
    { ...jwk, kid: 'sig', use: 'sig' },
    { ...jwk, kid: 'off', x: zero, y: zero },
  ]
  const link = verifier.request(encrypted({ ...formats, jwks: { keys: [...unusable, jwk] } }))
  expect(await holder.present(link)).toEqual({ accepted: true })
  const answer = posted(verifier.answers[0])
  expect(answer.by === 'encryption' && answer.jwe.header.kid).toBe('enc-1')
})

test('VP-8.3.1-2 a wallet that cannot encrypt says so in the clear, before the person is asked', async () => {
  const off = { ...jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) }
  for (const [ports, changes, code] of [
    [{ encryption: undefined as never }, encrypted(), 'feature_unsupported'],
    [{ encryption }, encrypted({ ...formats, jwks: { keys: [off] } }), 'message_malformed'],
  ] as const) {
    const { holder, verifier, person } = await holding({ ports })
    expect(await outcomeOf(() => holder.present(verifier.request(changes)))).toBe(code)
    expect(verifier.answers).toEqual([`error=invalid_request&state=${STATE}`])
    expect(person.presentations).toEqual([])
    expect((await holder.credentials())[0]?.copiesLeft).toBe(4)
  }
})

test('VP-15.4.1-1 a refusal is encrypted too, and looks like "no such credential"', async () => {
  const { holder, verifier, person } = await holding({ ports: { encryption } })
  person.agrees = false
  await outcomeOf(() => holder.present(verifier.request(encrypted())))
  await outcomeOf(() => holder.present(verifier.request({ ...encrypted(), claims: [{ path: ['nothing'] }] })))
  const answers = verifier.answers.map(decrypted)
  expect(answers).toEqual([
    { error: 'access_denied', state: STATE },
    { error: 'access_denied', state: STATE },
  ])
  expect(new Set(verifier.answers.map(({ length }) => length)).size).toBe(1)
})

test('VP-5.10-3 where the wallet offers a key, a request object encrypted to it is read; a key serves once', async () => {
  const seen: unknown[] = []
  const verifier = testVerifier()
  const offered: ReturnType<typeof keyOf>[] = []
  const { holder, requests } = await holding({ verifier, ports: { encryption } })
  const link = () =>
    verifier.request({
      method: 'post',
      object: (jwt) => {
        const last = requests.at(-1)
        if (last === undefined) throw new Error('nothing was sent')
        const key = keyOf(readRequestUriRequest(last).wallet_metadata)
        offered.push(key)
        const body = sealJwe(utf8(jwt), { key, enc: 'A256GCM' })
        seen.push(readJwe(body, { encs: ['A256GCM'], maxBytes: 100_000 }).header.kid)
        return { status: 200, headers: { 'content-type': 'application/oauth-authz-req+jwt' }, body }
      },
    })
  expect(await holder.present(link())).toEqual({ accepted: true })
  expect(await holder.present(link())).toEqual({ accepted: true })
  expect(new Set(offered.map(({ x }) => x)).size).toBe(2)
  expect(offered.map(({ kid }) => kid)).toEqual(seen)
})

test('VP-5.10.1-1 a request object encrypted to another key, or where none was offered, gets no answer', async () => {
  const object = (jwt: string) => ({
    status: 200,
    headers: { 'content-type': 'application/oauth-authz-req+jwt' },
    body: sealJwe(utf8(jwt), { key: encryptionJwk(keys.publicJwk, 'request'), enc: 'A128GCM' }),
  })
  for (const [ports, method] of [
    [{ encryption }, 'post'],
    [{ encryption }, 'get'],
    [{}, 'post'],
  ] as const) {
    const { holder, verifier, sent } = await holding({ ports })
    expect(await outcomeOf(() => holder.present(verifier.request({ method, object })))).not.toBe('accepted')
    expect(sent).toHaveLength(1)
    expect(verifier.answers).toEqual([])
  }
})

test('VP-15.8-2 what the wallet says of itself is the same for every request, but for nonce and key', async () => {
  const { holder, verifier, requests } = await holding({ ports: { encryption } })
  await holder.present(verifier.request({ method: 'post' }))
  await holder.present(verifier.request({ method: 'post' }))
  const told = requests
    .filter(({ url }) => url.includes('/requests/'))
    .map((request) => {
      const { jwks, ...same } = readRequestUriRequest(request).wallet_metadata ?? {}
      const [{ x, y, ...key } = { x: '', y: '' }] = jwks?.keys ?? []
      return JSON.stringify([same, key])
    })
  expect(told).toHaveLength(2)
  expect(new Set(told).size).toBe(1)
})

test('VP-10.1-1 the wallet says which formats it takes, and by which prefixes verifiers can be known to it, and no others', async () => {
  const clients = { certificateOf: () => ({ refused: 'nobody' }), registered: () => undefined }
  for (const [ports, prefixes] of [
    [{ encryption }, ['decentralized_identifier', 'redirect_uri']],
    [
      { encryption, clients },
      ['decentralized_identifier', 'redirect_uri', 'x509_hash', 'x509_san_dns', 'pre-registered'],
    ],
  ] as const) {
    const { holder, verifier, requests } = await holding({ ports })
    await holder.present(verifier.request({ method: 'post' }))
    const [asked] = requests.filter(({ url }) => url.includes('/requests/'))
    const told = asked && readRequestUriRequest(asked).wallet_metadata
    expect(told?.client_id_prefixes_supported).toEqual(prefixes)
    expect(told?.vp_formats_supported).toMatchObject({
      'dc+sd-jwt': {
        'sd-jwt_alg_values': expect.arrayContaining(['ES256']),
        'kb-jwt_alg_values': expect.arrayContaining(['ES256']),
      },
    })
  }
})

const redirect = (response_mode: string): RequestChanges => ({
  payload: { response_mode, response_uri: undefined, redirect_uri: `${VERIFIER}/cb?a=b` },
})

test.each([
  ['fragment', '#'],
  ['query', '&'],
])(
  'VP-5.6-2 by %s the application takes the answer along to the verifier, and nothing is sent',
  async (mode, mark) => {
    const { holder, verifier, sent } = await holding()
    const { accepted, handOver } = await holder.present(verifier.request(redirect(mode)))
    expect(accepted).toBe(false)
    const url = handOver?.by === 'user_agent' ? handOver.url : ''
    expect(url.startsWith(`${VERIFIER}/cb?a=b${mark}vp_token=`)).toBe(true)
    const response = readRedirectResponse(url.slice(`${VERIFIER}/cb?a=b`.length + 1))
    expect(response.state).toBe(STATE)
    const [presentation = ''] = 'vp_token' in response ? (response.vp_token.person ?? []) : []
    expect((await judged(presentation)).verified).toBe(true)
    expect(sent).toEqual([`GET ${VERIFIER}/requests/0`])
    const events: string[] = []
    for await (const { event } of holder.log()) events.push(event)
    // That it arrived is not known, so nothing says so.
    expect(events).toEqual(['received', 'presenting'])
  },
)

test('VP-5.6-2 a refusal is taken along too, and no error says that by itself', async () => {
  const { holder, verifier, person, sent } = await holding()
  person.agrees = false
  const declined = await holder.present(verifier.request(redirect('query'))).catch((error: unknown) => error)
  const wrong = { ...redirect('fragment').payload, nonce: undefined }
  const malformed = await holder
    .present(verifier.request({ payload: wrong }))
    .catch((error: unknown) => error)
  expect(
    [declined, malformed].map((error) => error instanceof HolderError && [error.code, error.handOver]),
  ).toEqual([
    [
      'declined_by_person',
      { by: 'user_agent', url: `${VERIFIER}/cb?a=b&error=access_denied&state=${STATE}` },
    ],
    [
      'request_unusable',
      { by: 'user_agent', url: `${VERIFIER}/cb?a=b#error=invalid_request&state=${STATE}` },
    ],
  ])
  expect(sent.every((message) => message.startsWith('GET '))).toBe(true)
})

test('VP-A.2-1 a link cannot ask for an answer by the platform', async () => {
  const { holder, verifier, person } = await holding()
  const payload = { response_mode: 'dc_api', response_uri: undefined }
  expect(await outcomeOf(() => holder.present(verifier.request({ payload })))).toBe('request_not_authentic')
  const malformed = verifier.request({ payload: { ...payload, nonce: undefined } })
  expect(await outcomeOf(() => holder.present(malformed))).toBe('message_malformed')
  expect(person.presentations).toEqual([])
})

const transactionTypes: readonly TransactionType[] = [
  { type: 'payment', members: { amount: { kind: 'text', label: 'Amount' } } },
]
const payment = writeTransactionData({ type: 'payment', credential_ids: ['person'] }, { amount: '12.50 UTD' })

function keyBindingOf(body = '', query = 'person'): Readonly<Record<string, unknown>> {
  const [presentation = ''] = readAnswer(body).vpToken[query] ?? []
  const { keyBindingJwt = '' } = splitSdJwt(presentation)
  return JSON.parse(readBase64urlText(keyBindingJwt.split('.')[1] ?? ''))
}

test('VP-TD-6 the person sees what they authorize, and the presentation has its hash', async () => {
  const { holder, verifier, person } = await holding({ settings: { transactionTypes } })
  const link = verifier.request({ payload: { transaction_data: [payment] } })
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(person.presentations[0]?.ask.transactions.map(({ type, lines }) => ({ type, lines }))).toEqual([
    { type: 'payment', lines: [{ path: ['amount'], label: 'Amount', value: '12.50 UTD' }] },
  ])
  const claims = keyBindingOf(verifier.answers[0])
  expect(claims.transaction_data_hashes).toEqual([hash('sha-256', payment)])
  expect(claims).not.toHaveProperty('transaction_data_hashes_alg')
})

test('VP-TD-7 the algorithm is one that the transaction names, and named', async () => {
  const { holder, verifier } = await holding({ settings: { transactionTypes } })
  const data = writeTransactionData(
    { type: 'payment', credential_ids: ['person'], transaction_data_hashes_alg: ['sha-512'] },
    { amount: '1 UTD' },
  )
  await holder.present(verifier.request({ payload: { transaction_data: [data] } }))
  expect(keyBindingOf(verifier.answers[0])).toMatchObject({
    transaction_data_hashes: [hash('sha-512', data)],
    transaction_data_hashes_alg: 'sha-512',
  })
})

test('VP-TD-5 nothing is authorized by who need not prove to be the holder', async () => {
  const { holder, verifier, person } = await holding({ settings: { transactionTypes } })
  const credentials = [personQuery(undefined, { require_cryptographic_holder_binding: false })]
  const link = verifier.request({ query: { credentials }, payload: { transaction_data: [payment] } })
  expect(await outcomeOf(() => holder.present(link))).toBe('transaction_data_invalid')
  expect(verifier.answers).toEqual([`error=invalid_transaction_data&state=${STATE}`])
  expect(person.presentations).toEqual([])
})

test('VP-TD-3 of two credentials that may authorize, the first that is shown does, and no other', async () => {
  const { holder, verifier } = await holding({ settings: { transactionTypes } })
  const credentials = [personQuery([overEighteen]), personQuery([nationalityUto], { id: 'card' })]
  const data = writeTransactionData(
    { type: 'payment', credential_ids: ['card', 'person'] },
    { amount: '1 UTD' },
  )
  const link = verifier.request({ query: { credentials }, payload: { transaction_data: [data] } })
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(keyBindingOf(verifier.answers[0], 'card').transaction_data_hashes).toEqual([hash('sha-256', data)])
  expect(keyBindingOf(verifier.answers[0], 'person')).not.toHaveProperty('transaction_data_hashes')
})

test('no transaction, no hashes', async () => {
  const { holder, verifier } = await holding({ settings: { transactionTypes } })
  await holder.present(verifier.request())
  expect(keyBindingOf(verifier.answers[0])).not.toHaveProperty('transaction_data_hashes')
})

test.each([
  [
    'of another type',
    writeTransactionData({ type: 'transfer', credential_ids: ['person'] }, { amount: '1' }),
  ],
  [
    'with a member too many',
    writeTransactionData({ type: 'payment', credential_ids: ['person'] }, { amount: '1', to: 'x' }),
  ],
  ['with a member too few', writeTransactionData({ type: 'payment', credential_ids: ['person'] })],
  [
    'for a credential that is not asked for',
    writeTransactionData({ type: 'payment', credential_ids: ['x'] }, { amount: '1' }),
  ],
  [
    'by a hash that nobody has',
    writeTransactionData(
      { type: 'payment', credential_ids: ['person'], transaction_data_hashes_alg: ['md5'] },
      { amount: '1' },
    ),
  ],
  ['that is none', writeBase64urlText('[]')],
])(
  'VP-TD-2, VP-TD-4 a transaction %s is refused, and the verifier hears invalid_transaction_data',
  async (_, data) => {
    const { holder, verifier, person } = await holding({ settings: { transactionTypes } })
    const link = verifier.request({ payload: { transaction_data: [payment, data] } })
    expect(await outcomeOf(() => holder.present(link))).toBe('transaction_data_invalid')
    expect(verifier.answers).toEqual([`error=invalid_transaction_data&state=${STATE}`])
    expect(person.presentations).toEqual([])
    expect((await holder.credentials())[0]?.copiesLeft).toBe(4)
  },
)
