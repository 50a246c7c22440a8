import { writeFile } from 'node:fs/promises'
import { generateKey, hash } from '@facet-id/crypto/node'
import { checkExportedLog } from '@facet-id/holder/log'
import { openLevelStore } from '@facet-id/level'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { storeIn } from '../config/data-directory.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { personQuery } from '../person-query.ts'
import { PERSON_VCT } from '../person-type.ts'
import { type IssuanceNode, startIssuanceNode } from '../service/issuance-node.ts'
import { startVerifierService } from '../service/verifier-service.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { readTrustConfiguration } from '../trust/trust-configuration.ts'
import { main } from './main.ts'

const directory = temporaryDirectory()
let issuer: IssuanceNode

beforeEach(async () => {
  await writeFile(directory.in('passphrase'), 'a passphrase of this test')
  issuer = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
})
afterEach(() => issuer.close())

async function facet(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({ FACET_PASSPHRASE_FILE: directory.in('passphrase') })
  const code = await main(argv, terminal)
  return { code, ...terminal.printed }
}

const wallet = (...argv: readonly string[]) => facet('wallet', ...argv, '--data', directory.in('my wallet'))

async function data(...argv: readonly string[]) {
  const { code, out, err } = await wallet(...argv, '--json')
  expect([code, err.includes('[')]).toEqual([0, false])
  return JSON.parse(out)
}

async function offer(): Promise<{ readonly link: string; readonly txCode: string }> {
  const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
  return { link, txCode }
}

const accept = (link: string, txCode?: string) =>
  wallet(
    'accept',
    link,
    '--yes',
    '--development',
    '--copies',
    '2',
    ...(txCode === undefined ? [] : ['--tx-code', txCode]),
  )

test('FCT-9 a mistyped transaction code leaves an issuance that can be resumed with the right one', async () => {
  const { link, txCode } = await offer()
  const wrong = txCode === '000000' ? '000001' : '000000'
  expect(await accept(link, wrong)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/The transaction code is wrong.*resume.*\[refused_by_peer\]\n$/),
  })
  const [waiting, ...others] = await data('pending')
  expect(others).toEqual([])
  expect(waiting).toMatchObject({ credentialIssuer: issuer.credentialIssuer })
  expect((await wallet('pending')).out).toContain(waiting.id)

  const resumed = await data('resume', '--tx-code', txCode, '--yes', '--development', '--copies', '2')
  expect(resumed).toMatchObject({ copies: 2, copiesLeft: 2 })
  expect(await data('pending')).toEqual([])
})

test('FCT-9 agreed to without a transaction code, an offer waits until it is named again or given up', async () => {
  const { link, txCode } = await offer()
  const second = await offer()
  for (const one of [link, second.link]) expect((await accept(one)).err).toMatch(/\[tx_code_missing\]\n$/)
  const [first, other] = await data('pending')
  expect((await wallet('resume', '--yes', '--development')).err).toMatch(/Several issuances wait.+\[usage\]/)
  const nameless = await wallet('resume', 'nobody', '--yes', '--development')
  expect(nameless.err).toMatch(/\[issuance_unknown\]/)

  expect((await wallet('abandon', first.id)).out).toBe(`abandoned: ${first.id}\n`)
  expect((await wallet('abandon', first.id)).err).toMatch(/\[usage\]/)
  expect(await data('pending')).toEqual([other])
  expect(await data('abandon', other.id)).toEqual({ abandoned: other.id })
  expect((await wallet('resume', '--yes', '--development')).err).toMatch(/Nothing waits.+\[usage\]/)
  expect((await accept(link, txCode)).code).toBe(0)
})

test('FCT-9 nothing is accepted, and nothing waits, where nobody agreed', async () => {
  const { link, txCode } = await offer()
  const declined = await wallet('accept', link, '--development', '--tx-code', txCode)
  expect(declined.code).toBe(1)
  expect(declined.err).toMatch(/of which nothing is known here[\s\S]+\[declined_by_person\]\n$/)
  expect(await data('pending')).toEqual([])
  expect(await data('list')).toEqual([])
})

test('a credential is listed by the name under which it is forgotten', async () => {
  const { link, txCode } = await offer()
  expect((await accept(link, txCode)).out).toBe(
    `Received Person in 2 copies, from ${issuer.credentialIssuer}\n`,
  )
  const [{ credentialId }] = await data('list')
  const { out } = await wallet('list')
  expect(out).toContain(`${credentialId}   Person   ${PERSON_VCT}   2 of 2`)
  expect(await data('forget', credentialId)).toEqual({ forgotten: credentialId })
  expect(await data('list')).toEqual([])
  expect((await wallet('forget', credentialId)).err).toMatch(/\[credential_unknown\]\n$/)
  const events = (await wallet('log')).out.trim().split('\n')
  expect(events.map((line) => line.split(' ')[1])).toEqual(['received', 'deleted'])
})

test('FCT-LOG the log is searched, exported and deleted by its owner', async () => {
  const { link, txCode } = await offer()
  await accept(link, txCode)
  const [{ credentialId }] = await data('list')
  await wallet('forget', credentialId)
  const linesOf = async (...argv: readonly string[]) =>
    (await wallet('log', ...argv)).out.split('\n').filter((line) => line !== '')
  expect(await linesOf('--event', 'deleted')).toHaveLength(1)
  expect(await linesOf('--verifier', 'did:example:nobody', '--before', '2001-01-01')).toEqual([])
  const exported = await linesOf('--export')
  expect(checkExportedLog(exported, hash)).toMatchObject({
    holds: true,
    entries: exported.length - 2,
  })
  expect(exported.length).toBeGreaterThanOrEqual(4)
  for (const argv of [
    ...['--verifier', '--vct', '--event', '--from'].map((name) => ['--delete', name]),
    ...['--verifier', '--vct', '--event', '--from', '--before'].map((name) => ['--export', name]),
  ]) {
    const value = argv.includes('--event') ? 'deleted' : '2001-01-01'
    const { code, out, err } = await wallet('log', ...argv, value)
    expect([argv, code, out, /\[usage\]/.test(err)]).toEqual([argv, 1, '', true])
  }
  expect(await linesOf('--delete', '--before', '2001-01-01')).toEqual(['deleted: 0 entries'])
  expect(await wallet('log', '--delete', '--before', '2026-02-30')).toMatchObject({ code: 1, out: '' })
  expect(await linesOf()).toHaveLength(exported.length - 2)
  expect(await linesOf('--delete')).toEqual([`deleted: ${exported.length - 2} entries`])
  expect(await linesOf()).toEqual([])
  expect(await wallet('log', '--before', 'yesterday')).toMatchObject({ code: 1, out: '' })
})

test('FCT-LOG, LOG-11 what cannot be read is deleted with the log, or left by a part of it, and both are told', async () => {
  const { link, txCode } = await offer()
  await accept(link, txCode)
  const location = storeIn(directory.in('my wallet'))
  const level = await openLevelStore({ location, now: () => Date.now() })
  const value = new Uint8Array(40)
  await level.commit([{ op: 'put', ns: 'holder/log-entry', key: '0'.repeat(16), value }])
  await level.close()
  expect((await wallet('log')).err).toContain('[seal_broken]')
  const part = await wallet('log', '--delete', '--before', '2001-01-01')
  expect(part.out).toMatch(/^deleted: 0 entries\n1 that cannot be read are left/)
  const whole = await wallet('log', '--delete')
  expect(whole.out).toMatch(/^deleted: 1 entries\n.+begins anew.\n1 of them could not be read/)
  expect(await wallet('log')).toMatchObject({ code: 0, out: '' })
})

test('the result of a presentation is told in words, and by the exit code', async () => {
  const { link, txCode } = await offer()
  await accept(link, txCode)
  const service = await startVerifierService({
    dataDirectory: directory.in('verifier'),
    environment: {},
    development: true,
    issuers: [{ id: issuer.did, vcts: [PERSON_VCT] }],
  })
  const verifier = (...argv: readonly string[]) =>
    facet('verifier', ...argv, '--data', directory.in('verifier'))
  const ask = async () => JSON.parse((await verifier('ask', '--over', '18', '--json')).out)
  try {
    const asked = await ask()
    expect(await verifier('result', asked.transactionId)).toEqual({
      code: 1,
      out: 'Pending: no wallet has answered yet.\n',
      err: '',
    })
    const presented = await wallet('present', asked.link, '--yes', '--development')
    expect(presented.out).toBe('The verifier accepted the presentation.\n')
    const verified = await verifier('result', asked.transactionId)
    expect(verified.code).toBe(0)
    expect(verified.out).toMatch(
      /^Verified: .+\n\nperson\n( {4}✓ .+\n)+ {2}age_equal_or_over: \{"18":true\}\n$/,
    )

    const declined = await ask()
    expect((await wallet('present', declined.link, '--development')).err).toMatch(/\[declined_by_person\]\n$/)
    const { code, out } = await verifier('result', declined.transactionId)
    expect([code, out.split(':')[0]]).toEqual([1, 'Declined'])
    expect((await verifier('result', 'unknown')).err).toMatch(/presentation_unknown.*\[operator_refused\]\n$/)
  } finally {
    await service.close()
  }
})

test('TRU-20 a wallet and a verifier believe whom their trust configuration names, and nobody else', async () => {
  const file = directory.in('trust.json')
  const configure = (rules: object) => writeFile(file, JSON.stringify({ environment: 'test', rules }))
  const vcts = [PERSON_VCT]
  const issuers = [issuer.credentialIssuer, issuer.did].map((id) => ({ party: { id }, vcts }))
  const meet = (action: string, link: string, ...more: readonly string[]) =>
    wallet(action, link, '--yes', '--development', '--trust', file, ...more)

  await configure({ issuers: [] })
  const first = await offer()
  expect((await meet('accept', first.link, '--tx-code', first.txCode)).err).toContain('[issuer_not_trusted]')
  await configure({ issuers })
  const second = await offer()
  expect(await meet('accept', second.link, '--tx-code', second.txCode)).toMatchObject({ code: 0 })

  const { sources } = await readTrustConfiguration(file, () => Date.now() / 1000)
  const service = await startVerifierService({
    dataDirectory: directory.in('verifier'),
    environment: {},
    development: true,
    issuers: [],
    sources,
  })
  try {
    const ask = () => service.verifier.request(readDcqlQuery(personQuery({ age: 18 })))
    expect((await meet('present', (await ask()).link)).err).toContain('[verifier_not_trusted]')
    await configure({ issuers, verifiers: [{ party: { id: service.clientId }, claims: 'any' }] })
    const { link, transactionId } = await ask()
    expect(await meet('present', link)).toMatchObject({ code: 0 })
    expect(await service.verifier.result(transactionId)).toMatchObject({ outcome: 'verified' })
  } finally {
    await service.close()
  }
})

test('TRU-35 while a list is not heard a wallet agrees with nobody by itself, unless that was said', async () => {
  const file = directory.in('trust.json')
  const rules = {
    issuers: [issuer.credentialIssuer, issuer.did].map((id) => ({ party: { id }, vcts: 'any' })),
  }
  const { publicJwk } = generateKey()
  await writeFile(directory.in('signer.jwk'), JSON.stringify(publicJwk))
  const lists = [{ list: 'urn:uto:blocked', file: 'nowhere.jwt', signers: ['signer.jwk'] }]
  await writeFile(file, JSON.stringify({ environment: 'test', rules, lists }))
  const { link, txCode } = await offer()
  const meet = (yes: string) =>
    wallet('accept', link, yes, '--tx-code', txCode, '--development', '--trust', file)
  const asked = await meet('--yes')
  expect(asked.code).toBe(1)
  expect(asked.err).toContain('--yes agrees with those who are trusted only.')
  expect(await data('list')).toEqual([])
  expect(await meet('--yes-undetermined')).toMatchObject({ code: 0 })
  expect(await data('list')).toHaveLength(1)
})
