/** The Digital Credentials API, at the level of messages: a test stands in for the platform. */
import { readBase64urlText, utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { splitSdJwt } from '@facet-id/credential/sd-jwt'
import {
  type RequestObject,
  readRequestObject,
  type SignerParameters,
  writeRequestObjectInput,
  writeSignerInput,
} from '@facet-id/protocol/openid4vp'
import {
  multisignedPlatformRequest,
  type PlatformRequest,
  readPlatformResponse,
  signedPlatformRequest,
  unsignedPlatformRequest,
} from '@facet-id/protocol/openid4vp/platform'
import { readResponsePayload } from '@facet-id/protocol/openid4vp/response'
import { jweOpenerOf, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import type { Trust } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { byCertificate, encryption, encryptionJwk, everybody, SHA256 } from '../clients.test-support.ts'
import { HolderError } from '../error.ts'
import { type Identity, identity } from '../identity.test-support.ts'
import { NOW } from '../issuer.test-support.ts'
import type { Presented } from '../presentation/presented.ts'
import { CLIENT_ID, NONCE, overEighteen, personQuery, verifierIdentity } from '../verifier.test-support.ts'
import { holding, type World } from '../wallet.test-support.ts'

const ORIGIN = 'https://platform.example'
const stranger = identity()

function request(changes: object = {}): RequestObject {
  const payload = {
    response_type: 'vp_token',
    response_mode: 'dc_api',
    nonce: NONCE,
    dcql_query: { credentials: [personQuery([overEighteen])] },
    client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
    expected_origins: [ORIGIN],
    ...changes,
  }
  return readRequestObject({ payload: JSON.parse(JSON.stringify(payload)) })
}

function sign(input: string, { keys }: Identity): string {
  return writeJws(input, signerOf(keys.privateJwk).sign(utf8(input)))
}

function signed(changes: object = {}, by: Identity = verifierIdentity): PlatformRequest {
  const header = { alg: 'ES256', kid: verifierIdentity.kid } as const
  return signedPlatformRequest(
    sign(writeRequestObjectInput({ ...request(changes), client_id: CLIENT_ID }, header), by),
  )
}

interface Signer {
  readonly own: SignerParameters
  readonly header: { readonly kid?: string; readonly x5c?: readonly string[] }
  readonly by: Identity
}

const byDid: Signer = {
  own: { client_id: CLIENT_ID },
  header: { kid: verifierIdentity.kid },
  by: verifierIdentity,
}
const byHash: Signer = {
  own: { client_id: `x509_hash:${SHA256}` },
  header: byCertificate,
  by: verifierIdentity,
}
const byStranger: Signer = {
  own: { client_id: `decentralized_identifier:${stranger.did}` },
  header: { kid: stranger.kid },
  by: stranger,
}

function multisigned(signers: readonly Signer[], changes: object = {}): PlatformRequest {
  const object = request(changes)
  return multisignedPlatformRequest(
    signers.map(({ own, header, by }) =>
      sign(writeSignerInput(object, own, { alg: 'ES256', ...header }), by),
    ),
  )
}

function show({ holder }: World, asked: PlatformRequest, origin = ORIGIN): Promise<Presented> {
  return holder.presentToPlatform({ ...asked, origin })
}

function dataOf({ handOver }: { readonly handOver?: Presented['handOver'] }): JsonObject {
  if (handOver?.by !== 'platform') throw new Error('there is nothing for the platform')
  return handOver.data
}

function presentationIn(data: JsonObject): string {
  const answer = readPlatformResponse(data)
  const response = answer.by === 'clear' ? answer.response : undefined
  const [presentation = ''] = response && 'vp_token' in response ? (response.vp_token.person ?? []) : []
  return presentation
}

function audienceIn(presentation: string): unknown {
  const { keyBindingJwt = '' } = splitSdJwt(presentation)
  return JSON.parse(readBase64urlText(keyBindingJwt.split('.')[1] ?? '')).aud
}

test.each([
  ['unsigned', unsignedPlatformRequest(request()), `origin:${ORIGIN}`],
  ['signed', signed(), CLIENT_ID],
  ['signed by several', multisigned([byDid, byHash]), CLIENT_ID],
])(
  'VP-A.1-1, VP-A.4-1, VP-A.4-2, HAIP-5.2-3 an %s request is answered to the platform, for the origin, and nothing is sent',
  async (_, asked, name) => {
    const on = await holding({ ports: { clients: everybody } })
    const presented = await show(on, asked)
    expect(presented.accepted).toBe(false)
    const data = dataOf(presented)
    expect(Object.keys(data)).toEqual(['vp_token'])
    expect(audienceIn(presentationIn(data))).toBe(`origin:${ORIGIN}`)
    expect(on.sent).toEqual([])
    expect(on.person.presentations.map(({ ask }) => [ask.verifier, ask.responseUri])).toEqual([
      [name, ORIGIN],
    ])
    expect((await on.holder.credentials())[0]?.copiesLeft).toBe(3)
  },
)

test('VP-8.3-1, VP-A.4-1 an answer by dc_api.jwt is encrypted, and holds no state', async () => {
  const keys = keyPair()
  const client_metadata = { jwks: { keys: [encryptionJwk(keys.publicJwk)] } }
  const on = await holding({ ports: { encryption } })
  const asked = unsignedPlatformRequest(
    request({ response_mode: 'dc_api.jwt', client_metadata, state: 'af0' }),
  )
  const answer = readPlatformResponse(dataOf(await show(on, asked)))
  if (answer.by !== 'encryption') throw new Error('the answer is not encrypted')
  const response = readResponsePayload(jweOpenerOf(keys.privateJwk)(answer.jwe))
  expect(Object.keys(response)).toEqual(['vp_token'])
})

test('VP-A.2-2 a client that an unsigned request names counts for nothing', async () => {
  const on = await holding()
  const { protocol, data } = unsignedPlatformRequest(request())
  await show(on, {
    protocol,
    data: { ...data, client_id: CLIENT_ID, expected_origins: ['https://other.example'] },
  })
  expect(on.person.presentations[0]?.ask.verifier).toBe(`origin:${ORIGIN}`)
})

test.each<[what: string, asked: PlatformRequest, origin: string, code: string]>([
  [
    'VP-A.2-3 for other pages',
    signed({ expected_origins: ['https://other.example'] }),
    ORIGIN,
    'request_not_authentic',
  ],
  ['VP-A.2-3 for no pages', signed({ expected_origins: undefined }), ORIGIN, 'request_not_authentic'],
  ['VP-A.2-4 for a page that is only written alike', signed(), `${ORIGIN}/`, 'request_not_authentic'],
  ['VP-A.2-4 for a page in another case', signed(), 'https://PLATFORM.example', 'request_not_authentic'],
  [
    'VP-A.2-4 of a page on plain http',
    unsignedPlatformRequest(request()),
    'http://platform.example',
    'request_not_authentic',
  ],
  [
    'VP-A.2-4 of a page without an origin',
    unsignedPlatformRequest(request()),
    'null',
    'request_not_authentic',
  ],
  ['VP-A.2-4 of no page', unsignedPlatformRequest(request()), '', 'request_not_authentic'],
  [
    'VP-A.2-4 of a script',
    unsignedPlatformRequest(request()),
    'javascript:alert(1)',
    'request_not_authentic',
  ],
  ['JAR-6.2-1 that another key signed', signed({}, stranger), ORIGIN, 'request_not_authentic'],
  [
    'VP-A.3-2 of which no signature holds',
    multisigned([
      { ...byDid, by: stranger },
      { ...byHash, by: stranger },
    ]),
    ORIGIN,
    'request_not_authentic',
  ],
  [
    'VP-A.2-1 that wants its answer elsewhere',
    signed({ response_mode: 'direct_post', response_uri: `${ORIGIN}/responses` }),
    ORIGIN,
    'request_not_authentic',
  ],
  ['that is over', signed({ exp: NOW - 31 }), ORIGIN, 'request_expired'],
  [
    'VP-A.1-1 by another protocol',
    { ...signed(), protocol: 'openid4vp' as PlatformRequest['protocol'] },
    ORIGIN,
    'feature_unsupported',
  ],
])('a request %s is refused, and nobody is asked', async (_, asked, origin, code) => {
  const on = await holding({ ports: { clients: everybody } })
  expect(await outcomeOf(() => show(on, asked, origin))).toBe(code)
  expect(on.sent).toEqual([])
  expect(on.person.presentations).toEqual([])
})

test('VP-15.9.2-1, DCAPI-12 a page learns no error before the person was asked: what cannot be proven or read hands over nothing', async () => {
  const on = await holding({ ports: { clients: everybody } })
  const unsigned = (changes: object): PlatformRequest => {
    const { data } = unsignedPlatformRequest(request())
    return { protocol: 'openid4vp-v1-unsigned', data: JSON.parse(JSON.stringify({ ...data, ...changes })) }
  }
  for (const asked of [
    signed({ expected_origins: ['https://other.example'] }),
    signed({}, stranger),
    unsigned({ nonce: undefined }),
    unsigned({ dcql_query: { credentials: [] } }),
    unsigned({ transaction_data: ['e30'] }),
    unsigned({ response_type: 'code' }),
    unsigned({ response_mode: 'direct_post', response_uri: `${ORIGIN}/responses` }),
    // An origin in the request counts for nothing: the platform says which it is.
    unsigned({ client_id: 'origin:https://other.example', nonce: '' }),
  ]) {
    const error = await show(on, asked).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('handOver', expect.anything())
  }
  expect([on.sent, on.person.presentations]).toEqual([[], []])
})

test('VP-A.2-4 plain http to this machine names a page in development mode only', async () => {
  const on = await holding({ settings: { scheme: 'https_or_loopback_http' } })
  const asked = unsignedPlatformRequest(request())
  const presented = await show(on, asked, 'http://localhost:3000')
  expect(audienceIn(presentationIn(dataOf(presented)))).toBe('origin:http://localhost:3000')
  expect(await outcomeOf(() => show(on, asked, 'http://platform.example'))).toBe('request_not_authentic')
})

function trusting(decide: (clientId: string) => 'trusted' | 'not_trusted' | 'undetermined'): {
  readonly trust: Trust
} {
  return {
    trust: {
      mayIssue: () => ({ decision: 'trusted', why: 'It may.' }),
      mayAsk: ({ clientId }) => ({ decision: decide(clientId), why: 'A list says so.' }),
    },
  }
}

const hashOf = byHash.own.client_id ?? ''
const strangerOf = byStranger.own.client_id ?? ''

test.each<[what: string, signers: readonly Signer[], decide: Parameters<typeof trusting>[0], who: string]>([
  [
    'one good signature after one that does not hold',
    [{ ...byStranger, by: verifierIdentity }, byDid],
    () => 'undetermined',
    CLIENT_ID,
  ],
  [
    'one good signature after one of an unknown kind',
    [{ ...byHash, own: { client_id: 'unknown' } }, byDid],
    () => 'undetermined',
    CLIENT_ID,
  ],
  ['the first of several that nobody knows', [byStranger, byDid], () => 'undetermined', strangerOf],
  [
    'the trusted one before an unknown one',
    [byStranger, byHash],
    (id) => (id === hashOf ? 'trusted' : 'undetermined'),
    hashOf,
  ],
  ['the first trusted one', [byHash, byDid], () => 'trusted', hashOf],
  [
    'one that may ask beside one that must not',
    [byStranger, byDid],
    (id) => (id === strangerOf ? 'not_trusted' : 'undetermined'),
    CLIENT_ID,
  ],
])('VP-A.3-2 of several signers %s is who asks', async (_, signers, decide, who) => {
  const on = await holding({ ports: { clients: everybody, ...trusting(decide) } })
  const presented = await show(on, multisigned(signers))
  expect(on.person.presentations[0]?.ask.verifier).toBe(who)
  expect(audienceIn(presentationIn(dataOf(presented)))).toBe(`origin:${ORIGIN}`)
})

test('VP-A.3-2 signers of whom none may ask get nothing', async () => {
  const on = await holding({ ports: { clients: everybody, ...trusting(() => 'not_trusted') } })
  expect(await outcomeOf(() => show(on, multisigned([byDid, byStranger])))).toBe('verifier_not_trusted')
  expect(on.person.presentations).toEqual([])
})

test('VP-15.4.1-1, VP-A.4-1 a page cannot tell "no" from "has nothing"', async () => {
  const on = await holding()
  on.person.agrees = false
  const nothing = unsignedPlatformRequest(
    request({ nonce: 'another', dcql_query: { credentials: [personQuery([{ path: ['nothing'] }])] } }),
  )
  const data: JsonObject[] = []
  for (const asked of [unsignedPlatformRequest(request()), nothing]) {
    const error = await show(on, asked).catch((thrown: unknown) => thrown)
    data.push(dataOf(error instanceof HolderError ? error : {}))
  }
  expect(data).toEqual([{ error: 'access_denied' }, { error: 'access_denied' }])
})
