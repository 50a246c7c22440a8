import { readFile, writeFile } from 'node:fs/promises'
import { readCredentialOffer, writeOfferLink } from '@facet-id/protocol/openid4vci'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { main } from '../command/main.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { publisher } from '../trust/publishing.test-support.ts'
import { openWallet, type WalletOptions } from './wallet.ts'

const directory = temporaryDirectory()

const open = (more: Partial<WalletOptions> = {}) =>
  openWallet({
    dataDirectory: directory.in('wallet of mine'),
    passphrase: 'a passphrase of this test',
    development: true,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true }),
      toPresent: () => ({ agreed: true }),
    },
    ...more,
  })

test('FCT-9 whatever keeps a wallet shut, it opens afterwards as before', async () => {
  await (await open()).close()
  expect(await outcomeOf(() => open({ passphrase: 'another' }))).toBe('passphrase_wrong')
  expect(await outcomeOf(() => open({ copies: 0 }))).toBe('settings_invalid')
  const first = await open()
  expect(await outcomeOf(() => open())).toBe('store_locked')
  expect(await first.holder.credentials()).toEqual([])
  await Promise.all([first.close(), first.close()])
  await (await open()).close()
})

test('FCT-9 a wallet in the place of a file is refused', async () => {
  await writeFile(directory.in('file'), '')
  expect(await outcomeOf(() => open({ dataDirectory: directory.in('file') }))).toBe('data_directory_unusable')
})

test('FCT-5, SDJ-10.3-1 a wallet in production calls nobody over plain http, and development mode adds loopback only', async () => {
  const offerOf = (issuer: string): string =>
    writeOfferLink({
      by: 'value',
      offer: readCredentialOffer(
        JSON.stringify({
          credential_issuer: issuer,
          credential_configuration_ids: ['person'],
          grants: {
            'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'code' },
          },
        }),
        'https_or_loopback_http',
      ),
    })
  const requestOf = (uri: string): string =>
    `openid4vp://?${new URLSearchParams({ client_id: 'decentralized_identifier:did:jwk:e30', request_uri: uri })}`
  const plain = offerOf('http://127.0.0.1:9').replace('127.0.0.1', 'issuer.example')

  const production = await open({ development: false })
  for (const link of [offerOf('http://127.0.0.1:9'), plain])
    expect(await outcomeOf(() => production.holder.accept(link))).toBe('https_required')
  for (const uri of ['http://127.0.0.1:9/requests/1', 'http://platform.example/requests/1'])
    expect(await outcomeOf(() => production.holder.present(requestOf(uri)))).toBe('https_required')
  expect(await outcomeOf(() => production.holder.accept(offerOf('https://127.0.0.1:9')))).toBe(
    'address_refused',
  )
  await production.close()

  const development = await open()
  expect(await outcomeOf(() => development.holder.accept(plain))).toBe('https_required')
  expect(
    await outcomeOf(() => development.holder.present(requestOf('http://platform.example/requests/1'))),
  ).toBe('https_required')
  expect(await outcomeOf(() => development.holder.accept(offerOf('http://127.0.0.1:9')))).toBe(
    'peer_unreachable',
  )
  await development.close()
})

test('TRU-26 a wallet fetches the lists of its trust configuration when they are due, through what stands around it', async () => {
  const site = await publisher()
  const dir = directory.in('list')
  for (const argv of [
    ['list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test'],
    ['list', 'sign', dir],
  ])
    expect(await main(['trust', ...argv], fakeTerminal())).toBe(0)
  site.pages.set('/list', { type: 'application/jwt', body: await readFile(`${dir}/list.jwt`, 'utf8') })
  const trustFile = directory.in('trust.json')
  const lists = [{ list: 'urn:uto:trust', url: `${site.url}/list`, signers: ['list/signer.jwk'] }]
  await writeFile(trustFile, JSON.stringify({ environment: 'test', lists }))
  const left: string[] = []
  const around: NonNullable<WalletOptions['around']> = ({ send }) => ({
    send(request) {
      left.push(request.url)
      return send(request)
    },
  })
  for (let times = 0; times < 3; times++) await (await open({ trustFile, around })).close()
  expect(left).toEqual([`${site.url}/list`])
  expect(site.asked).toEqual(['/list'])
})
