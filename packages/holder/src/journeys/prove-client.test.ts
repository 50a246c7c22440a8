/** Verifiers of every kind: proven each by its own rule, and answered nowhere else than the rule says. */
import { writeRequestLink } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import type { AskQuestion } from '@facet-id/trust'
import { expect, test } from 'vitest'
import {
  ATTESTER,
  attestation,
  byCertificate,
  certificate,
  everybody,
  HOST,
  kinds,
  MEMBER,
  RESPONSES,
  SHA256,
  under,
} from '../clients.test-support.ts'
import { identity } from '../identity.test-support.ts'
import { NOW } from '../issuer.test-support.ts'
import {
  NONCE,
  overEighteen,
  personQuery,
  type RequestChanges,
  STATE,
  testVerifier,
  VERIFIER,
} from '../verifier.test-support.ts'
import { holding, type WorldChanges, world } from '../wallet.test-support.ts'

const FETCHED = `GET ${VERIFIER}/requests/0`
const stranger = identity()

for (const [kind, request] of Object.entries(kinds)) {
  test(`VP-5.9.3-2, VP-5.9.3-4, VP-5.9.3-5, VP-5.9.3-6, VP-5.9-2 a client by ${kind} is proven, asked about by its whole name, and answered`, async () => {
    const asked: AskQuestion[] = []
    const { holder, verifier, person, sent } = await holding({
      ports: {
        clients: everybody,
        trust: {
          mayIssue: () => ({ decision: 'undetermined', why: 'The person decides.' }),
          mayAsk(question) {
            asked.push(question)
            return { decision: 'trusted', why: 'It may.' }
          },
        },
      },
    })
    const changes = request()
    expect(await holder.present(verifier.request(changes))).toEqual({ accepted: true })
    expect(sent).toEqual([FETCHED, `POST ${RESPONSES}`])
    const clientId = String(changes.link?.client_id)
    expect(person.presentations[0]?.ask.verifier).toBe(clientId)
    expect(person.presentations[0]?.ask.provenBy).not.toBe('nothing')
    const evidence = kind.startsWith('x509')
      ? { certificate }
      : kind === 'openid_federation'
        ? { federation: { entityId: MEMBER, anchor: 'https://anchor.example', trustMarks: [] } }
        : {}
    expect(asked[0]).toMatchObject({ clientId, ...evidence })
  })

  test(`VP-8.5-8 a client by ${kind} is refused, and nothing fetched, where nothing here can prove it`, async () => {
    const { holder, verifier, sent } = world({ ports: { clients: {} } })
    expect(await outcomeOf(() => holder.present(verifier.request(request())))).toBe('request_not_authentic')
    expect(sent).toEqual([])
  })

  test(`JAR-6.2-1 a request of a client by ${kind} that another key signed gets no answer`, async () => {
    const { holder, verifier, sent, person } = world({ ports: { clients: everybody } })
    const link = verifier.request(request({ by: { ...stranger } }))
    expect(await outcomeOf(() => holder.present(link))).toBe('request_not_authentic')
    expect(sent).toEqual([FETCHED])
    expect(person.presentations).toEqual([])
  })

  test(`VP-5.10.1-4 a request of a client by ${kind} without its whole name gets no answer`, async () => {
    const { holder, verifier, sent } = world({ ports: { clients: everybody } })
    for (const client_id of [HOST, SHA256, `x509_san_dns:${SHA256}`, 'platform.']) {
      const link = verifier.request(request({ payload: { client_id } }))
      expect(await outcomeOf(() => holder.present(link))).toBe('message_malformed')
    }
    expect(sent.every((message) => message.startsWith('GET '))).toBe(true)
  })
}

const elsewhere = 'https://thief.example/responses/0'

const unbound: readonly [what: string, changes: RequestChanges, ports?: WorldChanges['ports']][] = [
  [
    'a client by the DNS name of another host',
    kinds.x509_san_dns?.({ payload: { response_uri: elsewhere } }) ?? {},
  ],
  [
    'a host that only begins with the name',
    kinds.x509_san_dns?.({ payload: { response_uri: `https://${HOST}.thief.example/` } }) ?? {},
  ],
  [
    'a member of a federation that lists other addresses',
    kinds.openid_federation?.({ payload: { response_uri: elsewhere } }) ?? {},
  ],
  [
    'a registered client with other addresses',
    kinds.registered?.({ payload: { response_uri: elsewhere } }) ?? {},
  ],
  [
    'a client whose attestation lists other addresses',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({ redirect_uris: [elsewhere] }) }),
  ],
  [
    'a client by hash that policy answers elsewhere only',
    kinds.x509_hash?.() ?? {},
    { clients: { ...everybody, mayAnswerAt: ({ address }) => !address.startsWith(VERIFIER) } },
  ],
  ['a DID that policy answers nowhere', {}, { clients: { mayAnswerAt: () => false } }],
]

for (const [what, changes, ports = { clients: everybody }] of unbound) {
  test(`VP-8.2-2, VP-14.4-1 ${what} gets nothing sent to the address that it names, not even an error`, async () => {
    const { holder, verifier, sent, person } = await holding({ ports })
    expect(await outcomeOf(() => holder.present(verifier.request(changes)))).toBe('answer_address_refused')
    // Nor where the request is one that gets an error.
    const payload = { ...changes.payload, nonce: 'a b' }
    expect(await outcomeOf(() => holder.present(verifier.request({ ...changes, payload })))).toBe(
      'answer_address_refused',
    )
    expect(sent.map((message) => message.split(' ')[0])).toEqual(['GET', 'GET'])
    expect(person.presentations).toEqual([])
  })
}

test('VP-5.9.3-5 policy may trust the certificate with any host', async () => {
  const clients = {
    ...everybody,
    certificateOf: () => ({ ...certified, trustedFreely: true }),
  }
  const certified = {
    key: identity().keys.publicJwk,
    certificate: { ...certificate, sanDns: ['desk.example'] },
  }
  const by = identity()
  certified.key = by.keys.publicJwk
  const { holder, verifier } = await holding({ ports: { clients } })
  const link = verifier.request(under('x509_san_dns:desk.example', byCertificate, { by }))
  expect(await holder.present(link)).toEqual({ accepted: true })
})

test.each<[what: string, changes: RequestChanges]>([
  [
    'VP-5.9.3-6 a hash that is not of the certificate',
    under(`x509_hash:${SHA256.replace('U', 'V')}`, byCertificate),
  ],
  ['VP-5.9.3-5 a DNS name that the certificate lacks', under('x509_san_dns:other.example', byCertificate)],
  [
    'VP-12-1 an attestation that is over',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({ exp: NOW - 30 }) }),
  ],
  [
    'VP-12-1 an attestation that is for later',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({ nbf: NOW + 31 }) }),
  ],
  [
    'VP-5.9.3-4 an attestation that its attester did not sign',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({}, stranger) }),
  ],
  [
    'VP-5.9.3-4 an attestation of somebody who is not trusted to attest',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({ iss: `${ATTESTER}.evil.example` }) }),
  ],
  [
    'VP-5.9.3-4 an attestation for another key than the one that signed',
    under(`verifier_attestation:${HOST}`, { jwt: attestation({ cnf: { jwk: stranger.keys.publicJwk } }) }),
  ],
  ['VP-5.9-2 a client that is not registered', under('somebody', { kid: '1' })],
  ['VP-5.9.3-2 an entity that is no member', under('openid_federation:https://other.example', { kid: '1' })],
  ['VP-5.9.3-2 a key that the entity has not got', under(`openid_federation:${MEMBER}`, { kid: '2' })],
])('%s proves nothing, and gets no answer', async (_, changes) => {
  const { holder, verifier, sent, person } = world({ ports: { clients: everybody } })
  expect(await outcomeOf(() => holder.present(verifier.request(changes)))).toBe('request_not_authentic')
  expect(sent.filter((message) => message.startsWith('POST'))).toEqual([])
  expect(person.presentations).toEqual([])
})

test('VP-5.9.3-2 what a member says of itself counts, and not what its request says', async () => {
  const { holder, verifier } = await holding({ ports: { clients: everybody } })
  const client_metadata = { vp_formats_supported: { mso_mdoc: {} } }
  const link = verifier.request(kinds.openid_federation?.({ payload: { client_metadata } }))
  expect(await holder.present(link)).toEqual({ accepted: true })
})

const statements = ['of the member', 'of its superior']

/** A federation that could not be asked, and knows the member by what it sends along. */
function unreached(
  asked: (readonly string[] | undefined)[],
  requestUris: readonly string[] = [],
): NonNullable<WorldChanges['ports']> {
  return {
    clients: {
      async memberOf({ entityId, trustChain }) {
        asked.push(trustChain)
        if (trustChain === undefined) return { undetermined: 'It is away.' }
        const answer = await everybody.memberOf?.({ entityId })
        if (answer === undefined || !('member' in answer)) return { refused: 'It is no member.' }
        const { openid_credential_verifier: own } = answer.metadata
        const more = requestUris.length === 0 ? {} : { request_uris: requestUris }
        return { ...answer, metadata: { openid_credential_verifier: { ...own, ...more } } }
      },
    },
  }
}

test('VP-5.9.3-8 a member whose federation cannot be asked is proven by the statements that it sends along', async () => {
  const asked: (readonly string[] | undefined)[] = []
  const { holder, verifier } = await holding({ ports: unreached(asked) })
  const link = verifier.request(kinds.openid_federation?.({ header: { trust_chain: statements } }))
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(asked).toEqual([undefined, statements])
})

test('VP-5.9.3-8 a request that comes by value brings them at once', async () => {
  const asked: (readonly string[] | undefined)[] = []
  const { holder, verifier } = await holding({ ports: unreached(asked) })
  const changes = kinds.openid_federation?.({ header: { trust_chain: statements } })
  const link = verifier.requestByValue(changes)
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(asked).toEqual([statements])
})

test.each<[what: string, requestUris: readonly string[], changes: RequestChanges]>([
  ['without statements', [], {}],
  [
    "at an address that is not the member's",
    [`${VERIFIER}/requests/1`],
    { header: { trust_chain: statements } },
  ],
  ['signed by another key of the header', [], { header: { trust_chain: statements, kid: '2' } }],
])(
  'VP-5.9.3-8 a request %s proves nothing where the federation cannot be asked',
  async (_, uris, changes) => {
    const { holder, verifier, sent, person } = await holding({ ports: unreached([], uris) })
    const link = verifier.request(kinds.openid_federation?.(changes))
    expect(await outcomeOf(() => holder.present(link))).toBe('request_not_authentic')
    expect(sent.filter((message) => message.startsWith('POST'))).toEqual([])
    expect(person.presentations).toEqual([])
  },
)

test('VP-8.5-9 a registered client that sends metadata hears invalid_client', async () => {
  const { holder, verifier } = await holding({ ports: { clients: everybody } })
  const link = verifier.request(kinds.registered?.({ payload: { client_metadata: {} } }))
  expect(await outcomeOf(() => holder.present(link))).toBe('message_malformed')
  expect(verifier.answers).toEqual([`error=invalid_client&state=${STATE}`])
})

test('VP-15.8-1 a registered client whose request is not at one of its addresses has nothing fetched', async () => {
  const clients = {
    registered: () => ({ addresses: [RESPONSES], requestUris: [`${VERIFIER}/requests/1`] }),
  }
  const { holder, verifier, sent } = world({ ports: { clients } })
  expect(await outcomeOf(() => holder.present(verifier.request(kinds.registered?.())))).toBe(
    'request_not_authentic',
  )
  expect(sent).toEqual([])
})

const ADDRESS = `redirect_uri:${RESPONSES}`

function unsigned(changes: object = {}): string {
  const parameters = {
    client_id: ADDRESS,
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: RESPONSES,
    nonce: NONCE,
    state: STATE,
    dcql_query: JSON.stringify({ credentials: [personQuery([overEighteen])] }),
    client_metadata: JSON.stringify({ vp_formats_supported: { 'dc+sd-jwt': {} } }),
    ...changes,
  }
  return writeRequestLink({ client_id: parameters.client_id, parameters })
}

test('VP-5.9.3-1, VP-5.7-2 a client that is an address is answered there, and nothing is fetched', async () => {
  const verifier = testVerifier()
  verifier.request()
  const { holder, sent, person } = await holding({ verifier })
  expect(await holder.present(unsigned())).toEqual({ accepted: true })
  expect(sent).toEqual([`POST ${RESPONSES}`])
  expect(person.presentations[0]?.ask.verifier).toBe(ADDRESS)
})

test.each([
  ['VP-5.9.3-1 of a client that is another address', { response_uri: elsewhere }, 'answer_address_refused'],
  [
    'VP-8.5-8 of a client by its DID',
    { client_id: `decentralized_identifier:${stranger.did}` },
    'request_not_authentic',
  ],
  ['VP-8.5-8 of a client by its certificate', { client_id: `x509_hash:${SHA256}` }, 'request_not_authentic'],
  ['VP-8.5-8 of a registered client that has a key', { client_id: 'platform' }, 'request_not_authentic'],
])('an unsigned request %s is refused, and nothing is sent', async (_, changes, code) => {
  const { holder, sent } = world({ ports: { clients: everybody } })
  expect(await outcomeOf(() => holder.present(unsigned(changes)))).toBe(code)
  expect(sent).toEqual([])
})

test('VP-5.9-2, CON-13 a registered client without a key may ask unsigned, proves nothing, and is answered where it is registered only', async () => {
  const verifier = testVerifier()
  verifier.request()
  const clients = { registered: () => ({ addresses: [RESPONSES] }) }
  const { holder, sent, person } = await holding({ verifier, ports: { clients } })
  const asked = { client_id: 'platform', client_metadata: '' }
  expect(await holder.present(unsigned(asked))).toEqual({ accepted: true })
  const [{ ask } = {}] = person.presentations
  expect([ask?.provenBy, ask?.warnings[0]?.code]).toEqual(['nothing', 'verifier_unproven'])
  expect(await outcomeOf(() => holder.present(unsigned({ ...asked, response_uri: elsewhere })))).toBe(
    'answer_address_refused',
  )
  expect(sent).toEqual([`POST ${RESPONSES}`])
})
