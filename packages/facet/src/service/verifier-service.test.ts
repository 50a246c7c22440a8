import { readFile, writeFile } from 'node:fs/promises'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Transport } from '@facet-id/protocol/wire'
import { safeTransport } from '@facet-id/resolve/node'
import { outcomeOf } from '@facet-id/testkit'
import type { RefusedAnswer } from '@facet-id/verifier'
import { afterAll, expect, test } from 'vitest'
import { main } from '../command/main.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { personQuery } from '../person-query.ts'
import { PERSON_VCT, personType } from '../person-type.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { publisher } from '../trust/publishing.test-support.ts'
import type { TypeSources } from '../types/type-sources.ts'
import { startIssuanceNode } from './issuance-node.ts'
import { issuerKeysFor, judgingPorts } from './judging-ports.ts'
import { startVerifierService, type VerifierServiceOptions } from './verifier-service.ts'
import { openWallet } from './wallet.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())

const start = (more: Partial<VerifierServiceOptions> = {}) =>
  startVerifierService({
    dataDirectory: directory.in('verifier'),
    environment: {},
    development: true,
    issuers: [],
    ...more,
  })

const query = readDcqlQuery(personQuery({ age: 18 }))

test('FCT-5 in production every address in a link and in a request is the public one', async () => {
  const service = await start({ development: false, publicUrl: 'https://platform.example' })
  try {
    const { link } = await service.verifier.request(query)
    const uri = new URL(link).searchParams.get('request_uri') ?? ''
    expect(uri).toMatch(/^https:\/\/platform\.example\/requests\//)
    const url = uri.replace('https://platform.example', `http://127.0.0.1:${service.port}`)
    const { body } = await transport.send({ method: 'GET', url, headers: {} })
    const request = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString())
    expect(request.response_uri).toMatch(/^https:\/\/platform\.example\/responses\//)
    expect(JSON.stringify(request)).not.toMatch(/127\.0\.0\.1|http:/)
  } finally {
    await service.close()
  }
})

test('FCT-3 a second start has the same client id and address, and still knows what it asked', async () => {
  const first = await start()
  const { transactionId } = await first.verifier.request(query)
  await first.close()
  const second = await start()
  expect([second.clientId, second.url]).toEqual([first.clientId, first.url])
  expect(await second.verifier.result(transactionId)).toEqual({ outcome: 'pending' })
  await second.close()
})

test('FCT-9 a service that cannot start is closed again', async () => {
  expect(await outcomeOf(() => start({ issuers: [{ id: '', vcts: 'any' }] }))).toBe('rule_malformed')
  await (await start()).close()
})

test('FCT-5 a verifier in production fetches no status list over plain http, and so believes nothing', async () => {
  const issuer = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
  const service = await start({
    development: false,
    publicUrl: 'https://platform.example',
    issuers: [{ id: issuer.did, vcts: [PERSON_VCT] }],
  })
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 1,
    // Stands for the proxy that ends TLS in front of the verifier.
    around: ({ send }) => ({
      send: (request) =>
        send({
          ...request,
          url: request.url.replace('https://platform.example', `http://127.0.0.1:${service.port}`),
        }),
    }),
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  try {
    await wallet.holder.accept(link)
    const request = await service.verifier.request(query)
    expect((await wallet.holder.present(request.link)).accepted).toBe(false)
    const result = await service.verifier.result(request.transactionId)
    expect(result).toMatchObject({ outcome: 'refused' })
    const checks = 'reports' in result ? Object.values(result.reports).flatMap((report) => report.checks) : []
    expect(checks.filter(({ outcome }) => outcome !== 'pass').map(({ code }) => code)).toEqual([
      'status',
      'query',
    ])
    expect(checks.find(({ code }) => code === 'status')?.reason).toBe('status_refused')
  } finally {
    await wallet.close()
    await service.close()
    await issuer.close()
  }
})

test('TRU-33 an issuer by its address is believed as soon as a trust configuration names it, and no longer', async () => {
  const issuer = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
    knownBy: 'address',
  })
  const trustFile = directory.in('trust.json')
  const believe = (...ids: readonly string[]) => {
    const issuers = ids.map((id) => ({ party: { id }, vcts: [PERSON_VCT] }))
    return writeFile(trustFile, JSON.stringify({ environment: 'test', rules: { issuers } }))
  }
  await believe('https://other.example')
  const service = await start({ trustFile })
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 3,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  const presented = async (): Promise<string> => {
    const request = await service.verifier.request(query)
    await wallet.holder.present(request.link)
    return (await service.verifier.result(request.transactionId)).outcome
  }
  const reload = async () => {
    const terminal = fakeTerminal()
    await main(['trust', 'reload', '--data', directory.in('verifier')], terminal)
    return terminal.printed.err
  }
  try {
    await wallet.holder.accept(link)
    expect(await presented()).toBe('pending')
    await believe('https://other.example', issuer.credentialIssuer)
    expect(await reload()).toBe('')
    expect(await presented()).toBe('verified')
    await believe('https://other.example')
    expect(await reload()).toBe('')
    expect(await presented()).toBe('pending')
  } finally {
    await wallet.close()
    await service.close()
    await issuer.close()
  }
})

test('SVC-2.5-4, SVC-8.3-1 an issuer that is named by its DID is not believed by its address, nor by a certificate, and of others no address is called', async () => {
  const policy = issuerKeysFor(['did:example:a', 'https://issuer.example'], false)
  expect(policy).toEqual({
    taken: ['did', 'x5c'],
    of: { 'did:example:a': ['did'], 'https://issuer.example': ['jwt_vc_issuer'] },
    scheme: 'https',
  })
  const { issuerKeyOf } = judgingPorts({ transport, now: () => 0, development: true })
  expect(await issuerKeyOf({ by: 'x5c', chain: [Uint8Array.of(0x30)] })).toEqual({
    refused: expect.stringContaining('No certificates are trusted here'),
  })
})

test('SVC-8.4-1 the type of the person credential is known without asking anybody', async () => {
  const { typeMetadataOf } = judgingPorts({ transport, now: () => 0, development: false })
  expect(await typeMetadataOf({ vct: PERSON_VCT })).toMatchObject({ document: personType })
  expect(await typeMetadataOf({ vct: 'https://types.example/1' })).toHaveProperty('refused')
})

test('TRU-27, TRU-30 an operator has a running verifier read its trust anew, and sees how it stands', async () => {
  const dir = directory.in('list')
  const facet = async (...argv: readonly string[]) => {
    const terminal = fakeTerminal()
    const code = await main(['trust', ...argv], terminal)
    return { code, ...terminal.printed }
  }
  const site = await publisher()
  await facet('list', 'create', dir, '--name', 'urn:uto:trust', '--environment', 'test')
  await facet('list', 'sign', dir)
  const trustFile = directory.in('trust.json')
  const configure = (lists: readonly object[]) =>
    writeFile(trustFile, JSON.stringify({ environment: 'test', lists }))
  await configure([])
  const data = ['--data', directory.in('verifier')]
  expect((await facet('show', ...data)).err).toContain('[service_not_running]')
  const service = await start({ trustFile })
  try {
    expect((await facet('show', ...data)).out).toContain('No source besides own rules is configured.')
    await configure([{ list: 'urn:uto:trust', url: `${site.url}/list`, signers: ['list/signer.jwk'] }])
    expect(await facet('reload', ...data)).toMatchObject({ code: 1 })
    const body = await readFile(`${dir}/list.jwt`, 'utf8')
    site.pages.set('/list', { type: 'application/jwt', body })
    expect((await facet('reload', ...data)).out).toContain('urn:uto:trust: believed, edition 1')
    await writeFile(trustFile, '{')
    expect((await facet('reload', ...data)).err).toContain('[operator_refused]')
    expect((await facet('show', ...data)).out).toContain('urn:uto:trust: believed, edition 1')
  } finally {
    await service.close()
  }
  // What it had is in its store: the next start needs no network.
  await configure([{ list: 'urn:uto:trust', url: `${site.url}/list`, signers: ['list/signer.jwk'] }])
  await site.close()
  const again = await start({ trustFile })
  expect((await facet('show', ...data)).out).toContain('urn:uto:trust: believed, edition 1')
  await again.close()
  const without = await start()
  expect((await facet('show', ...data)).err).toContain('--trust FILE')
  await without.close()
})

test('FCT-TYPES, SVC-7.8-1 documents about other types are used, and fetched from those who were named', async () => {
  const vct = 'https://types.example/1'
  const document = JSON.stringify({ vct })
  const published: Transport = {
    async send({ url }) {
      return {
        status: url === vct ? 200 : 404,
        headers: { 'content-type': 'application/json' },
        body: document,
      }
    },
  }
  const portsFor = (types: TypeSources) =>
    judgingPorts({ transport: published, now: () => 0, development: false, types })
  const asked = { vct }
  expect(await portsFor({ documents: [], publishers: [] }).typeMetadataOf(asked)).toHaveProperty('refused')
  expect(
    await portsFor({ documents: [], publishers: ['https://types.example'] }).typeMetadataOf(asked),
  ).toEqual({ document })
  const brought = portsFor({ documents: [JSON.stringify({ vct: 'urn:t:1' })], publishers: [] })
  expect(await brought.typeMetadataOf({ vct: 'urn:t:1' })).toMatchObject({ document: '{"vct":"urn:t:1"}' })
})

test('DRES-11 a verifier calls the server of a DID only where it trusts the DID', async () => {
  const issuer = await startIssuanceNode({
    dataDirectory: directory.in('webvh-issuer'),
    environment: {},
    development: true,
    did: 'webvh',
  })
  const wallet = await openWallet({
    dataDirectory: directory.in('webvh-wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 3,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  await wallet.holder.accept(link)
  const { did } = issuer
  // Whoever calls it now does not find out, and says so.
  await issuer.close()
  const reasonOf = async (dataDirectory: string, issuers: VerifierServiceOptions['issuers']) => {
    const refused: RefusedAnswer[] = []
    const { verifier, close } = await start({
      dataDirectory: directory.in(dataDirectory),
      issuers,
      onRefusedAnswer: (answer) => refused.push(answer),
    })
    try {
      const request = await verifier.request(query)
      await wallet.holder.present(request.link)
      // Nothing proved whose credential it is: the request still waits for an answer, and says what came.
      expect(await verifier.result(request.transactionId)).toMatchObject({
        outcome: 'pending',
        attempts: [{ reasons: [{ queryId: 'person', code: 'issuer_key' }] }],
      })
      const checks = refused
        .flatMap(({ reports }) => Object.values(reports))
        .flatMap((report) => report.checks)
      return checks.find(({ code }) => code === 'issuer_key')?.reason
    } finally {
      await close()
    }
  }
  try {
    expect(await reasonOf('no-trust', [])).toBe('issuer_key_refused')
    expect(await reasonOf('other-type', [{ id: did, vcts: ['urn:example:other'] }])).toBe(
      'issuer_key_refused',
    )
    expect(await reasonOf('trust', [{ id: did, vcts: [PERSON_VCT] }])).toBe('issuer_key_undetermined')
  } finally {
    await wallet.close()
  }
})
