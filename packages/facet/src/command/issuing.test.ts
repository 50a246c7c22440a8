/** Issuance as an operator and a person have it at their terminals: one node, one wallet, a browser that a test plays. */
import { writeFile } from 'node:fs/promises'
import type { JsonObject } from '@facet-id/credential/json'
import { PRE_AUTHORIZED_CODE_GRANT } from '@facet-id/protocol/oauth'
import { readOfferLink } from '@facet-id/protocol/openid4vci'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { readIssuingFile } from '../issuing/configuration-file.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { type FakeTerminal, fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

const directory = temporaryDirectory()
let node: IssuanceNode

const degree = {
  vct: 'urn:uto:degree',
  scope: 'degree',
  display: [{ name: 'Degree', locale: 'en', description: 'What its holder studied' }],
  claims: [{ path: ['title'], mandatory: true }],
  lifetime: 31_536_000,
}

beforeEach(async () => {
  await writeFile(directory.in('passphrase'), 'a passphrase of this test')
  const berta = { person: specimen, degree: { title: 'Master of Specimens' } }
  await writeFile(directory.in('people.json'), JSON.stringify({ berta }))
  await writeFile(directory.in('claims.json'), JSON.stringify(specimen))
  node = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
    ...(await optionsOf({})),
  })
})
afterEach(() => node.close())

async function optionsOf(more: JsonObject) {
  await writeFile(
    directory.in('issuer.json'),
    JSON.stringify({
      configurations: {
        person: { ...degree, vct: 'urn:uto:slow', scope: 'slow', approval: 'required' },
        degree,
      },
      persons: { by: 'development' },
      claims: { by: 'file', file: 'people.json' },
      notifications: true,
      deferral: { interval: 1 },
      ...more,
    }),
  )
  const { options } = await readIssuingFile(directory.in('issuer.json'), {
    environment: {},
    development: true,
    now: () => Date.now() / 1000,
  })
  return options
}

interface Done {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function facet(argv: readonly string[], terminal = terminalOf()): Promise<Done> {
  const code = await main(argv, terminal)
  return { code, ...terminal.printed }
}

function terminalOf(answers?: readonly string[]): FakeTerminal {
  return fakeTerminal({ FACET_PASSPHRASE_FILE: directory.in('passphrase'), LANG: 'en_GB.UTF-8' }, answers)
}

const operator = (...argv: readonly string[]) => facet(['issuer', ...argv, '--data', directory.in('issuer')])
const told = async (...argv: readonly string[]) => JSON.parse((await operator(...argv, '--json')).out)
const walletArgs = (argv: readonly string[]) => [
  'wallet',
  ...argv,
  ...['--data', directory.in('wallet')],
  ...(['list', 'due', 'pending'].includes(argv[0] ?? '') ? [] : ['--development']),
]
const wallet = (...argv: readonly string[]) => facet(walletArgs(argv))

/** Opens the address that the wallet told, logs in, and yields where the browser is sent. */
async function loggedIn(terminal: FakeTerminal, subject = 'berta'): Promise<string> {
  const address = () => /at\n(http\S+)\n/.exec(terminal.printed.err)?.[1]
  while (address() === undefined) await new Promise((soon) => setTimeout(soon, 5))
  const shown = await fetch(address() ?? '')
  const cookie = (shown.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  const text = await shown.text()
  const [, action = ''] = /action="([^"]+)"/.exec(text) ?? []
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(text) ?? []
  const response = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: new URL(action).origin },
    body: new URLSearchParams({ flow, subject, decision: 'agree' }),
  })
  return response.headers.get('location') ?? ''
}

test('FCT-OFFER an offer is short and drawn, with a code of letters and words about it, and what does not go together is refused', async () => {
  await writeFile(directory.in('title.json'), JSON.stringify({ title: 'Master of Specimens' }))
  const offering = ['offer', '--claims', directory.in('title.json'), '--configuration', 'degree']
  const drawn = await operator(
    ...offering,
    '--by-reference',
    '--qr',
    '--tx-code',
    'text',
    '--tx-code-length',
    '8',
  )
  expect(drawn.out).toMatch(/link: openid-credential-offer:\/\/\?credential_offer_uri=[\s\S]+▄/)
  expect(drawn.out).toMatch(/transaction code: [2-9A-Z]{8}\n/)
  const { link } = await told(...offering, '--tx-code-hint', 'In your letter')
  const read = readOfferLink(link, 'https_or_loopback_http')
  expect(read.by === 'value' && read.offer.grants[PRE_AUTHORIZED_CODE_GRANT]?.tx_code).toEqual({
    input_mode: 'numeric',
    length: 6,
    description: 'In your letter',
  })
  expect(await told(...offering, '--tx-code', 'none')).not.toHaveProperty('txCode')
  for (const more of [
    ['--tx-code', 'roman'],
    ['--subject', 'berta'],
    ['--server', 'https://as.example'],
    ['--configuration', 'person'],
    ['--authorization-code', '--tx-code', 'text'],
  ])
    expect(await operator(...offering, ...more)).toMatchObject({
      code: 1,
      err: expect.stringContaining('[usage]'),
    })
})

test('FCT-OFFER whoever is to log in elsewhere is sent to a server that the configuration names, and to no other', async () => {
  const [here, elsewhere] = ['https://as.example', 'https://other.example']
  const other = await startIssuanceNode({
    dataDirectory: directory.in('other'),
    environment: {},
    development: true,
    ...(await optionsOf({ authorization: { servers: [{ issuer: here }] } })),
  })
  try {
    const offering = ['offer', '--authorization-code', '--data', directory.in('other')]
    const offer = (...more: readonly string[]) => facet(['issuer', ...offering, ...more])
    const grantOf = async (...more: readonly string[]) => {
      const { link } = JSON.parse((await offer('--json', ...more)).out)
      const read = readOfferLink(link, 'https_or_loopback_http')
      return read.by === 'value' ? read.offer.grants.authorization_code : undefined
    }
    expect(await grantOf('--server', here)).toEqual({ authorization_server: here })
    expect(await grantOf('--server', other.credentialIssuer, '--subject', 'berta')).toEqual({
      authorization_server: other.credentialIssuer,
      issuer_state: expect.any(String),
    })
    for (const refused of [
      ['--server', elsewhere],
      ['--server', here, '--subject', 'berta'],
    ])
      expect(await offer(...refused)).toMatchObject({
        code: 1,
        err: expect.stringContaining('(settings_invalid)'),
      })
  } finally {
    await other.close()
  }
})

test('FCT-BROWSER, FCT-DECIDE a person chooses among what is offered, logs in, and gets what was waited for', async () => {
  const { link } = await told(
    'offer',
    '--authorization-code',
    '--configuration',
    'person',
    '--configuration',
    'degree',
  )
  // That its issuer may be called, which of what it offers, and that it is taken.
  const terminal = terminalOf(['y', '2', 'y'])
  const taking = facet(walletArgs(['accept', link, '--copies', '2']), terminal)
  expect((await fetch(await loggedIn(terminal))).status).toBe(200)
  const taken = await taking
  expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('Received Degree in 2 copies') })
  expect(taken.err).toMatch(
    /1\. offers "Degree", type urn:uto:slow[\s\S]+2\. offers[\s\S]+What its holder studied/,
  )
  expect(JSON.parse((await wallet('list', '--json')).out)).toMatchObject([{ vct: 'urn:uto:degree' }])

  // The issuer was told at once; two copies are fewer than are wanted.
  expect((await wallet('due')).out).toMatch(/^facet wallet top-up \S+\n$/)
  expect((await wallet('notify')).out).toBe('Issuers were told of 0 credentials; 0 are due still.\n')
  expect((await operator('notifications')).out).toContain('credential_accepted')

  const second = terminalOf()
  const asking = facet(
    walletArgs(['request', node.credentialIssuer, '--configuration', 'person', '--yes']),
    second,
  )
  await fetch(await loggedIn(second))
  const waits = await asking
  expect(waits).toMatchObject({ code: 0, out: expect.stringMatching(/will have it later/) })
  const [waiting] = (await told('deferred')).deferred
  expect(waiting).toMatchObject({ configurationId: 'person', state: 'waiting' })
  expect(await told('approve', waiting.issuanceId)).toEqual({
    issuanceId: waiting.issuanceId,
    state: 'approved',
  })
  const [{ id, notBefore }] = JSON.parse((await wallet('pending', '--json')).out)
  await new Promise((soon) => setTimeout(soon, Math.max(0, notBefore * 1000 - Date.now()) + 50))
  const people = { person: { title: 'now' } }
  await writeFile(directory.in('people.json'), JSON.stringify({ berta: people }))
  expect(await wallet('resume', id, '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Received'),
  })
  expect((await operator('deny', waiting.issuanceId)).err).toContain('issuance_unknown')

  const third = terminalOf()
  const again = facet(
    walletArgs(['request', node.credentialIssuer, '--configuration', 'person', '--yes']),
    third,
  )
  await fetch(await loggedIn(third))
  expect(await again).toMatchObject({ code: 0 })
  const [{ issuanceId }] = (await told('deferred')).deferred
  // What is told is what stands.
  for (const decision of ['deny', 'approve'])
    expect(await told(decision, issuanceId)).toEqual({ issuanceId, state: 'denied' })
})

test('FCT-BROWSER a person who comes back elsewhere brings the address along, and no other address ends the wait', async () => {
  const { grants } = await told('grants')
  expect(grants).toEqual([])
  const redirect = 'http://127.0.0.1:9/back'
  const terminal = terminalOf()
  const asked = await facet(
    walletArgs([
      'request',
      node.credentialIssuer,
      '--configuration',
      'degree',
      '--yes',
      '--redirect',
      redirect,
    ]),
    terminal,
  )
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('[authorization_pending]') })
  const [, id = ''] = /facet wallet resume (\S+) --back/.exec(asked.err) ?? []
  const back = await loggedIn(terminal)
  expect(back.startsWith(`${redirect}?`)).toBe(true)
  const resume = (address: string) => wallet('resume', id, '--back', address, '--yes')
  expect((await resume('berta')).err).toContain('[usage]')
  expect((await resume(back.replace(/state=[^&]+/, 'state=other'))).err).toContain('[redirect_unusable]')
  expect(await resume(back)).toMatchObject({ code: 0, out: expect.stringContaining('Received Degree') })

  const [grant] = (await told('grants')).grants
  expect(grant).toMatchObject({ clientId: 'facet-wallet', configurationIds: ['degree'] })
  expect(await told('revoke-grant', grant.grantId)).toEqual({ grantId: grant.grantId, state: 'ended' })
  expect((await told('grants')).grants).toEqual([])
})

test('FCT-CONF-4 a wallet attests itself in development only, by an authority that certified it', async () => {
  const provided = ['accept', 'openid-credential-offer://?x', '--wallet-provider', directory.in('ca')]
  const data = ['--data', directory.in('wallet')]
  expect((await facet(['wallet', ...provided, ...data])).err).toContain('[development_mode_needed]')
  expect((await wallet(...provided)).err).toContain('[file_unusable]')
  expect((await facet(['trust', 'ca', 'create', directory.in('ca'), '--name', 'Utopia'])).code).toBe(0)
  expect((await wallet(...provided)).err).toContain('[certificate_unknown]')
})
