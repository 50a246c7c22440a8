/**
 * Whatever is fetched comes from strangers: lists, keys, documents about types, DIDs, metadata, claims, introspection.
 * Each source is made to lead away, to send something else, too much, too late or nothing; what a holder makes of
 * hostile issuers is shown in its own room.
 */
import { checkSignatures, expandPoint, hash, inflate, macOf, random } from '@facet-id/crypto/node'
import { foreignServers, openIdProvider } from '@facet-id/facet'
import { claimsFromWebhook } from '@facet-id/facet/claims'
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireResponse } from '@facet-id/protocol/wire'
import {
  createDidResolver,
  createIssuerMetadataKeys,
  createKeyResolver,
  createStatusLists,
  createTypeDocuments,
} from '@facet-id/resolve'
import { createFederation } from '@facet-id/resolve/federation'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'

const ELSEWHERE = 'https://elsewhere.example'
const now = (): number => 1_800_000_000

const answer = (status: number, body: string, type: string, more: WireResponse['headers'] = {}) => ({
  status,
  headers: { 'content-type': type, ...more },
  body,
})
const types = [
  'application/json',
  'application/statuslist+jwt',
  'application/entity-statement+jwt',
  'application/did+json',
]
const unreachable =
  (code: 'peer_timed_out' | 'response_too_large' | 'address_refused' | 'peer_unreachable') => () => {
    throw new ProtocolError(code, 'The peer did not do as it should')
  }

/** What any of them may be made to answer. */
const hostile: readonly (readonly [what: string, answers: () => WireResponse])[] = [
  ...[301, 302, 303, 307, 308].map(
    (status) =>
      [
        `a redirect (${status})`,
        () => answer(status, '{}', 'application/json', { location: `${ELSEWHERE}/document` }),
      ] as const,
  ),
  ['a page', () => answer(200, '<html>hello</html>', 'text/html')],
  ['JSON that is called a page', () => answer(200, '{}', 'text/html')],
  ['no type at all', () => ({ status: 200, headers: {}, body: '{}' })],
  ...types.flatMap((type) => [
    [`nothing, as ${type}`, () => answer(200, '', type)] as const,
    [`a list, as ${type}`, () => answer(200, '[]', type)] as const,
    [`an empty object, as ${type}`, () => answer(200, '{}', type)] as const,
    [`what is nested too deep, as ${type}`, () => answer(200, '{"a":'.repeat(9_999), type)] as const,
    [`three words and two dots, as ${type}`, () => answer(200, 'e30.e30.AAAA', type)] as const,
  ]),
  ['no content', () => answer(204, '', 'application/json')],
  ['that it is gone', () => answer(418, '{}', 'application/json')],
  ['that it is in trouble', () => answer(503, '{}', 'application/json')],
  ['too much', unreachable('response_too_large')],
  ['too late', unreachable('peer_timed_out')],
  ['from a forbidden address', unreachable('address_refused')],
  ['not at all', unreachable('peer_unreachable')],
]

interface Source {
  readonly what: string
  /** Nothing else than this host is ever asked. */
  readonly host: string
  /** Requests for one question at the most. */
  readonly most: number
  /** `refused`, `undetermined`, nothing or a code; never a value. */
  ask(transport: Transport): unknown
}

/** The one word that says what came of it. */
const told = (given: object | undefined): string => Object.keys(given ?? { nothing: true }).join()
const didPorts = { hash, expandPoint, checkSignatures, now }
const subject = { configurationId: 'person', issuanceId: 'i'.repeat(22), subject: 'anna' }

const sources: readonly Source[] = [
  {
    what: 'a status list',
    host: 'https://lists.example/',
    most: 1,
    ask: async (transport) =>
      told(
        await createStatusLists({
          transport,
          checkSignatures,
          inflate,
          now,
          ...createKeyResolver(),
        }).statusOf({
          issuer: 'did:web:lists.example',
          reference: { uri: 'https://lists.example/1', idx: 0 },
        }),
      ),
  },
  {
    what: 'a document about a type',
    host: 'https://types.example/',
    most: 1,
    ask: async (transport) =>
      told(
        await createTypeDocuments({
          transport,
          hash,
          now,
          publishers: ['https://types.example'],
        }).typeMetadataOf({
          vct: 'https://types.example/person',
        }),
      ),
  },
  ...['did:web:dids.example', 'did:web:dids.example:a:b'].map(
    (did): Source => ({
      what: `the document of ${did}`,
      host: 'https://dids.example/',
      most: 2,
      ask: async (transport) =>
        told(
          await createDidResolver({ ...didPorts, transport }).resolveKey({
            did,
            kid: `${did}#0`,
            relationship: 'assertionMethod',
          }),
        ),
    }),
  ),
  {
    what: 'the metadata of an issuer',
    host: 'https://issuer.example/',
    most: 2,
    ask: async (transport) =>
      told(
        await createIssuerMetadataKeys({ transport, now }).keyOf({
          by: 'jwt_vc_issuer',
          issuer: 'https://issuer.example',
          kid: 'one',
          alg: 'ES256',
        }),
      ),
  },
  {
    what: 'a federation',
    host: 'https://member.example/',
    most: 1,
    ask: async (transport) =>
      told(
        await createFederation({ transport, checkSignatures, now, anchors: [] }).memberOf(
          'https://member.example',
        ),
      ),
  },
  {
    what: 'the keys of an authorization server',
    host: 'https://server.example/',
    most: 2,
    ask: async (transport) =>
      told(
        await foreignServers({ transport, now }).serverKey({
          issuer: 'https://server.example',
          alg: 'ES256',
          kid: 'one',
        }),
      ),
  },
  {
    what: 'introspection',
    host: 'https://server.example/',
    most: 2,
    ask: (transport) =>
      outcomeOf(() =>
        foreignServers({
          transport,
          now,
          clients: { 'https://server.example': { id: 'us', secret: 'secret' } },
        }).introspect({ issuer: 'https://server.example', token: 'token' }),
      ),
  },
  {
    what: 'an OpenID provider',
    host: 'https://login.example/',
    most: 2,
    ask: (transport) =>
      outcomeOf(async () =>
        openIdProvider({
          issuer: 'https://login.example',
          clientId: 'us',
          titles: {},
          transport,
          now,
          hash,
          random,
          checkSignatures,
        }).begin({
          flow: 'flow',
          answerUrl: 'https://issuer.example/authorize/answer',
          configurationIds: ['person'],
          clientId: 'wallet',
        } as never),
      ),
  },
  {
    what: 'a webhook that knows the claims',
    host: 'https://claims.example/',
    most: 3,
    ask: (transport) =>
      outcomeOf(async () =>
        claimsFromWebhook({
          url: 'https://claims.example/claims',
          transport,
          secret: { by: 'digest', mac: macOf(new Uint8Array(32)) },
          now,
          wait: async () => {},
        })(subject),
      ),
  },
]

const refusals = [
  'refused',
  'undetermined',
  'nothing',
  'claims_source_failed',
  'claims_answer_malformed',
  'login_failed',
  'server_not_asked',
]

test.each(sources)(
  'NET-29 $what that is hostile in any way is refused by a code, asked a bounded number of times, and followed nowhere',
  async ({ host, most, ask }) => {
    for (const [what, answers] of hostile) {
      const asked: string[] = []
      const outcome = await ask({
        async send({ url }) {
          asked.push(url)
          return answers()
        },
      })
      expect([what, refusals.includes(String(outcome)), outcome]).toEqual([what, true, outcome])
      expect([what, asked.length > 0 && asked.length <= most, asked.length]).toEqual([
        what,
        true,
        asked.length,
      ])
      expect(asked.filter((url) => !url.startsWith(host))).toEqual([])
    }
  },
)
