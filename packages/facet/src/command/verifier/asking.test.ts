/** How a verifier asks, through its command: words and queries, modes, transactions, sessions, webhooks. */
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { readJws } from '@facet-id/credential/jose'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach, expect, test } from 'vitest'
import type { IssuanceNode } from '../../service/issuance-node.ts'
import { openWallet } from '../../service/wallet.ts'
import { parties, passphrase, type VerifierService } from './asking.test-support.ts'

const { directory, issued, start, present, ask, outcome, certified, trusting, verifier } = parties()
const session = 'the session of the browser that asked'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

async function world(
  more: Parameters<typeof start>[1] = {},
): Promise<{ readonly issuer: IssuanceNode; readonly service: VerifierService }> {
  const issuer = await issued()
  open.push(issuer)
  const service = await start(issuer, more)
  open.push(service)
  return { issuer, service }
}

test('FCT-ASK, FCT-HANDOVER words are asked for, and an answer in the address of a page is printed, and taken in', async () => {
  await world()
  const page = 'http://127.0.0.1:9/page'
  for (const mode of ['fragment', 'query']) {
    const { link, transactionId } = await ask('over 18, nationality UTO', '--mode', mode, '--page', page)
    const { code, out } = await present(String(link))
    expect(code).toBe(0)
    const address = out.split('\n').find((line) => line.startsWith(page)) ?? ''
    const parameters = address.slice(page.length + 1)
    const given = mode === 'query' ? address : parameters
    const { out: told } = await verifier('receive', String(transactionId), '--parameters', given)
    expect(told).toMatch(/^Verified: /)
    expect(told).toContain('nationalities: ["UTO"]')
  }
  const { link } = await ask('over 99', '--mode', 'fragment', '--page', page)
  const { code, err } = await present(String(link))
  expect([code, /To tell the verifier so, open: http:\/\/127\.0\.0\.1:9\/page#.*error=/.test(err)]).toEqual([
    1,
    true,
  ])
})

test('FCT-ASK a page asks through its platform, and hands in what that gave', async () => {
  await world()
  const origin = 'http://127.0.0.1:9'
  for (const mode of ['dc_api', 'dc_api.jwt']) {
    const made = (await ask('over 18', '--mode', mode, '--origin', origin)) as Record<string, unknown>
    const { protocol, data } = made.request as { protocol: string; data: never }
    const wallet = await openWallet({
      dataDirectory: directory.in('wallet'),
      passphrase,
      development: true,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: false }),
        toPresent: () => ({ agreed: true }),
      },
    })
    const { handOver } = await wallet.holder.presentToPlatform({ protocol, data, origin })
    await wallet.close()
    await writeFile(
      directory.in('answer.json'),
      JSON.stringify(handOver?.by === 'platform' ? handOver.data : {}),
    )
    const file = directory.in('answer.json')
    const { code, out } = await verifier('receive', String(made.transactionId), '--answer', file)
    expect([code, out.split(':')[0]]).toEqual([0, 'Verified'])
  }
})

test('FCT-ASK, FCT-PARTIES, FCT-CONSENT what is authorized is read by the person, if its type is known to the wallet', async () => {
  const { issuer, service } = await world()
  const transaction = { type: 'payment', credential_ids: ['credential'], data: { amount: '12.50 UTD' } }
  await writeFile(directory.in('payment.json'), JSON.stringify([transaction]))
  const types = [{ type: 'payment', members: { amount: { kind: 'text', label: 'Amount' } } }]
  await writeFile(directory.in('types.json'), JSON.stringify(types))
  const asked = await ask('over 18', '--transaction-data', directory.in('payment.json'))
  const clients = [{ id: service.clientId }]
  const strict = await present(String(asked.link), '--trust', await trusting(issuer, clients))
  expect(strict).toMatchObject({ code: 1, err: expect.stringContaining('[transaction_data_invalid]') })
  const again = await ask('over 18', '--transaction-data', directory.in('payment.json'))
  const knowing = await trusting(issuer, clients, { transactions: 'types.json' })
  const { err } = await present(String(again.link), '--trust', knowing)
  expect(err).toContain('By showing it you authorize (payment):\n    Amount: "12.50 UTD"\n')
  expect(await outcome(again.transactionId)).toBe('verified')
})

test('FCT-SESSION, VRF-4 on the same device the result is had by the session that asked, and by no other', async () => {
  await world()
  const returnTo = 'http://127.0.0.1:9/back'
  const bound = ['--same-device', '--session', session, '--return-to', returnTo]
  const home = async () => {
    const { link, transactionId } = await ask('over 18', ...bound)
    const { out } = await present(String(link))
    const address = out.split('\n').flatMap((line) => /http:\S+$/.exec(line) ?? [])[0] ?? ''
    return { transactionId, address }
  }
  const first = await home()
  expect(await outcome(first.transactionId)).toBe('awaiting_return')
  const back = await verifier('returned', first.address, '--session', session)
  expect(back.out).toMatch(/^Verified: /)
  const second = await home()
  const stolen = await verifier('returned', second.address, '--session', 'another session, of somebody else')
  expect(stolen).toMatchObject({ code: 1, err: expect.stringContaining('session_mismatch') })
  expect(await outcome(second.transactionId)).toBe('refused')
})

test.each([
  ['nothing', []],
  ['two questions', ['over 18', '--over', '18']],
  ['words that stand for nothing', ['taller than 18']],
  ['a mode of another time', ['over 18', '--mode', 'smoke']],
  ['a page without its address', ['over 18', '--mode', 'fragment']],
  ['a platform without an origin', ['over 18', '--mode', 'dc_api']],
  ['a session without a way back', ['over 18', '--same-device', '--session', session]],
  ['a way back without a session', ['over 18', '--return-to', 'http://127.0.0.1:9/back']],
  [
    'a session that is guessed',
    ['over 18', '--same-device', '--session', '1', '--return-to', 'http://127.0.0.1:9/'],
  ],
  ['transactions that are none', ['over 18', '--transaction-data', 'package.json']],
])('FCT-ASK, FCT-9 %s is refused, and nothing is asked', async (_, argv) => {
  open.push(await start({ did: 'did:example:nobody' }))
  const { code, out, err } = await verifier('ask', ...argv)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/\[(?:usage|operator_refused|file_unusable)\]/)
})

test('FCT-ASK, FCT-9 what does not fit the mode is refused, and nothing is asked', async () => {
  open.push(await start({ did: 'did:example:nobody' }))
  const page = 'http://127.0.0.1:9/page'
  const origin = 'http://127.0.0.1:9'
  const modes = {
    direct_post: [],
    fragment: ['--page', page],
    query: ['--page', page],
    dc_api: ['--origin', origin],
    'dc_api.jwt': ['--origin', origin],
  }
  const same = ['--same-device', '--session', session, '--return-to', `${origin}/back`]
  const at = ['--at', 'haip-vp://']
  for (const unsafe of [
    'javascript://',
    'http://wallet.example/',
    'https://wallet.example/?a',
    'https://w.example/#',
  ])
    for (const mode of ['direct_post', 'fragment'] as const)
      expect((await verifier('ask', 'over 18', '--mode', mode, ...modes[mode], '--at', unsafe)).err).toMatch(
        /usage/,
      )
  const posted = [['--page', page], ['--origin', origin], ['--unsigned'], ['--reference', 'order 7']]
  const paged = [same, ['--by-value'], ['--origin', origin], ['--unsigned'], ['--reference', 'order 7']]
  const named = ['--unsigned', '--as', 'decentralized_identifier:did:example:a']
  const platform = [same, ['--by-value'], at, ['--page', page], ['--qr'], named]
  const unfit = {
    direct_post: posted,
    fragment: paged,
    query: paged,
    dc_api: platform,
    'dc_api.jwt': platform,
  }
  for (const [mode, all] of Object.entries(unfit)) {
    const needed = modes[mode as keyof typeof modes]
    expect(await verifier('ask', 'over 18', '--mode', mode, ...needed)).toMatchObject({ code: 0 })
    for (const more of all) {
      const { code, out, err } = await verifier('ask', 'over 18', '--mode', mode, ...needed, ...more)
      expect([mode, more, code, out]).toEqual([mode, more, 1, ''])
      expect(err).toMatch(/usage/)
    }
  }
})

test('FCT-ASK a link is drawn as a code for a camera', async () => {
  open.push(await start({ did: 'did:example:nobody' }))
  const { out } = await verifier('ask', 'over 18', '--qr')
  const drawn = out.split('\n').filter((line) => /^[█▀▄ ]{30,}$/.test(line))
  expect(drawn.length).toBeGreaterThan(15)
  expect(new Set(drawn.map((line) => line.length)).size).toBe(1)
  expect(drawn[0]).toMatch(/^█+$/)
})

test('FCT-WAIT who waits hears of it at once', async () => {
  await world()
  const { link, transactionId } = await ask('over 18')
  const waiting = verifier('result', String(transactionId), '--wait', '600')
  await present(String(link))
  expect((await waiting).out).toMatch(/^Verified: /)
  const unknown = await verifier('result', 'unknown', '--wait', '600')
  expect(unknown.err).toContain('presentation_unknown')
})

test('FCT-WEBHOOK, VRF-9 a result is sent, signed and with its secret, until it is taken, also after a restart', async () => {
  const taken: { readonly authorization: string | undefined; readonly jwt: string }[] = []
  let answers = 500
  const receiver = createServer((request, response) => {
    let jwt = ''
    request.on('data', (chunk) => {
      jwt += chunk
    })
    request.on('end', () => {
      taken.push({ authorization: request.headers.authorization, jwt })
      response.writeHead(answers).end()
      heard?.()
    })
  })
  let heard: (() => void) | undefined
  const next = () =>
    new Promise<void>((resolve) => {
      heard = resolve
    })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/results`
  open.push({ close: () => new Promise((resolve) => void receiver.close(() => resolve())) })
  const webhook = { url, secret: 'a secret of this test' }
  const { issuer, service } = await world({ webhook })
  const { link, transactionId, reference } = await ask('over 18', '--reference', 'order 7')
  expect(reference).toBe('order 7')
  const refused = next()
  await present(String(link))
  await refused
  answers = 200
  open.splice(open.indexOf(service), 1)
  await service.close()
  const accepted = next()
  // The pause after the first failure is five seconds.
  open.push(await start(issuer, { webhook }))
  await accepted
  const [first, last] = [taken[0], taken.at(-1)]
  expect(last?.authorization).toBe('Bearer a secret of this test')
  const said = (jwt = '') => readJws(jwt, { typ: 'facet-result+jwt', algs: ['ES256'], maxBytes: 65_536 })
  expect(said(last?.jwt).payload).toMatchObject({
    aud: url,
    reference: 'order 7',
    result: { outcome: 'verified' },
  })
  expect(said(last?.jwt).payload.jti).toBe(said(first?.jwt).payload.jti)
  expect(said(last?.jwt).header.kid).toMatch(/^did:jwk:/)
  expect(await outcome(transactionId)).toBe('verified')
}, 40_000)

test.each([
  ['--webhook', 'http://receiver.example/'],
  ['--webhook', 'http://127.0.0.1:9/'],
  ['--webhook-secret', 'secret'],
  ['--known-by', 'rumour'],
  ['--known-by', 'certificate'],
  ['--known-by', 'attestation'],
  ['--known-by', 'registration'],
  ['--client-id', 'platform'],
  ['--certificate', 'certificate.pem'],
  ['--profile', 'none-such'],
  ['--mode', 'fragment'],
])('FCT-WEBHOOK, FCT-CLIENT, FCT-9 %s %s stops the start', async (option, value) => {
  const { code, err } = await verifier(
    ...['serve', '--issuer', 'did:example:a', '--public-url', 'https://platform.example'],
    ...[option, value],
  )
  expect([code, err.includes('Try "facet help"')]).toEqual([1, true])
})

test('FCT-HAIP, VRF-11 all that lacks for HAIP is listed; held to it, a verifier that lacks something does not start', async () => {
  const service = await start({ did: 'did:example:nobody' })
  const lacking = await verifier('check', '--profile', 'haip')
  await service.close()
  expect(lacking.code).toBe(1)
  for (const gap of ['x509_hash', 'direct_post.jwt', 'addresses are https'])
    expect(lacking.out).toContain(gap)
  const held = { development: false, publicUrl: 'https://platform.example', profile: 'haip' } as const
  expect(await outcomeOf(() => start({ did: 'did:example:nobody' }, held))).toBe('settings_invalid')
  const clients = [{ knownBy: 'certificate', certificate: await certified('verifier') }] as const
  const fit = await start({ did: 'did:example:nobody' }, { ...held, clients })
  try {
    expect(await verifier('check')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing lacks') })
    const { link } = await ask('over 18', '--at', 'haip-vp://')
    expect(String(link)).toMatch(/^haip-vp:\/\/\?client_id=x509_hash/)
    expect(await verifier('ask', 'over 18', '--mode', 'direct_post')).toMatchObject({ code: 1 })
  } finally {
    await fit.close()
  }
  expect((await verifier('check')).err).toContain('[service_not_running]')
})
