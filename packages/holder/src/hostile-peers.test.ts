import { ProtocolError } from '@facet-id/protocol/error'
import type { WireResponse } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { HolderError } from './error.ts'
import { type Endpoint, json, testIssuer } from './issuer.test-support.ts'
import { textIn, world } from './wallet.test-support.ts'

const ENDPOINTS: readonly Endpoint[] = ['metadata', 'server', 'token', 'nonce', 'credential']

/** Codes that end an issuance, whichever of them fits. */
const CODED = /^(message_malformed|message_too_large|content_type_unexpected|refused_by_peer)$/

/** More characters than any of these messages has. */
const LARGE = 'a'.repeat(9_000_000)

const answers: readonly [what: string, answer: (usual: WireResponse) => WireResponse][] = [
  ['JSON that is cut short', (usual) => ({ ...usual, body: usual.body.slice(0, -2) })],
  [
    'JSON that names a member twice',
    (usual) => ({ ...usual, body: usual.body.replace('{', '{"a":1,"a":2,') }),
  ],
  ['JSON that is too deep', (usual) => ({ ...usual, body: `${'['.repeat(9999)}${']'.repeat(9999)}` })],
  ['a list', () => json([])],
  ['more than is read', (usual) => ({ ...usual, body: usual.body.replace('{', `{"a":"${LARGE}",`) })],
  ['nothing', (usual) => ({ ...usual, body: '' })],
  ['an empty object', () => json({})],
  ['null', () => json(null)],
  ['objects of objects', () => json({ ...Object.fromEntries(MEMBERS.map((name) => [name, { a: {} }])) })],
  ['the prototype of objects', (usual) => ({ ...usual, body: '{"__proto__":{"access_token":"a"}}' })],
  ['a page', () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Hello</p>' })],
  ['no content type', (usual) => ({ ...usual, headers: {} })],
  [
    'a redirect',
    (usual) => ({ ...usual, status: 307, headers: { ...usual.headers, location: 'https://other.example' } }),
  ],
  ['not modified', (usual) => ({ ...usual, status: 304, body: '' })],
  ['an error in odd characters', () => json({ error: 'bad\u202e"\u0000' }, { status: 400 })],
  ['an error in very many characters', () => json({ error: 'a'.repeat(10_000) }, { status: 400 })],
  ['an error that is an object', () => json({ error: { code: 'invalid_grant' } }, { status: 400 })],
  ['a page of a proxy', () => ({ status: 403, headers: { 'content-type': 'text/html' }, body: '<p>No</p>' })],
  ['a number that is no status', (usual) => ({ ...usual, status: 0 })],
]

const MEMBERS = [
  'credential_issuer',
  'credential_endpoint',
  'credential_configurations_supported',
  'issuer',
  'token_endpoint',
  'access_token',
  'token_type',
  'c_nonce',
  'credentials',
]

for (const endpoint of ENDPOINTS) {
  test.each(answers)(
    `a ${endpoint} endpoint that answers %s ends the issuance with a code, and leaves nothing`,
    async (_, answer) => {
      const issuer = testIssuer({
        grant: { tx_code: undefined },
        around: { [endpoint]: (usual: () => WireResponse) => answer(usual()) },
      })
      const { holder, store } = world({ issuer })
      expect(await outcomeOf(() => holder.accept(issuer.link))).toMatch(CODED)
      expect(await textIn(store)).toBe('')
      expect(await holder.pending()).toEqual([])
      expect(issuer.asked.at(-1)).toBe(endpoint)
    },
  )
}

test.each(answers)(
  'a deferred credential endpoint that answers %s is refused with a code, and given up it leaves nothing',
  async (_, answer) => {
    const issuer = testIssuer({ deferrals: 1, around: { deferred: (usual) => answer(usual()) } })
    const { holder, store, time } = world({ issuer })
    const { waiting } = await holder.accept(issuer.link)
    time.advance(60)
    expect(await outcomeOf(() => holder.resume(waiting[0]?.id ?? ''))).toMatch(CODED)
    // What has no code of a protocol can come from anybody on the way, and ends no deferral.
    for (const { id, has } of await holder.pending()) {
      expect(has).toBe('deferral')
      await holder.abandon(id)
    }
    expect(await textIn(store)).toBe('')
    expect(await holder.pending()).toEqual([])
  },
)

test.each(answers)('a notification endpoint that answers %s fails nothing', async (_, answer) => {
  const issuer = testIssuer({ listens: true, around: { notification: (usual) => answer(usual()) } })
  const { holder } = world({ issuer })
  expect(await holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
})

test.each(ENDPOINTS)(
  'a %s endpoint that does not answer in time is told so, and the issuance is resumed',
  async (endpoint) => {
    const issuer = testIssuer()
    let slow = true
    issuer.ways.around = {
      [endpoint]: (usual: () => WireResponse) => {
        if (!slow) return usual()
        slow = false
        throw new ProtocolError('peer_timed_out', 'It took too long')
      },
    }
    const { holder } = world({ issuer })
    expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('peer_timed_out')
    const [pending] = await holder.pending()
    expect(await holder.resume(pending?.id ?? '')).toMatchObject({ credentials: [{ copies: 4 }] })
  },
)

test('the text of an error never holds more of what a peer sent than a printable code', async () => {
  const secret = 'https://thief.example/\u001b[31m'
  for (const error of ['bad\u001b[31m', secret, 'invalid_grant']) {
    const issuer = testIssuer({
      around: { token: () => json({ error, error_description: secret }, { status: 400 }) },
    })
    const { holder } = world({ issuer })
    const failed: unknown = await holder.accept(issuer.link).catch((thrown: unknown) => thrown)
    expect(failed).toBeInstanceOf(HolderError)
    const message = failed instanceof Error ? failed.message : ''
    expect(message).toMatch(/^[ -~]*$/)
    expect(message).not.toContain('thief')
  }
})

test('an issuer that sends the token elsewhere over plain http gets no code', async () => {
  const issuer = testIssuer({ server: { token_endpoint: 'http://issuer.example/token' } })
  const { holder, store } = world({ issuer })
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('https_required')
  expect(issuer.asked).toEqual(['metadata', 'server'])
  expect(await textIn(store)).toBe('')
})

test('VCI-6.2-4, VCI-8.3-7, VCI-7.2-4 unknown members change nothing, an old nonce in a token response among them', async () => {
  const issuer = testIssuer()
  const more = { c_nonce: 'old', c_nonce_expires_in: 1, notification_id: 'n', more: [{}] }
  const wider = (usual: () => WireResponse): WireResponse => json({ ...more, ...JSON.parse(usual().body) })
  issuer.ways.around = { metadata: wider, server: wider, token: wider, nonce: wider, credential: wider }
  expect(await world({ issuer }).holder.accept(issuer.link)).toMatchObject({ credentials: [{ copies: 4 }] })
})
