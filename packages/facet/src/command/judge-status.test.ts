/** Status lists in files, over what a node really issued and a wallet showed. */
import { writeFile } from 'node:fs/promises'
import { isJsonObject } from '@facet-id/credential/json'
import { STATUS_LIST_MEDIA_TYPE } from '@facet-id/protocol/token-status-list'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { specimen } from '../demo/specimen.ts'
import { PERSON_VCT } from '../person-type.ts'
import { startIssuanceNode } from '../service/issuance-node.ts'
import { openWallet } from '../service/wallet.ts'
import { fakeTerminal } from '../terminal/terminal.test-support.ts'
import { main } from './main.ts'

const ORIGIN = 'https://shop.example'
const NONCE = 'of-this-test'

const directory = temporaryDirectory()

async function file(name: string, text: string): Promise<string> {
  await writeFile(directory.in(name), text)
  return directory.in(name)
}

interface Whose {
  readonly issuer: string
  readonly lists?: readonly string[]
}

async function judged(lines: readonly string[], { issuer, lists = [] }: Whose, ...more: readonly string[]) {
  const presentations = await file('presentations.txt', `${lines.join('\n')}\n`)
  const terminal = fakeTerminal()
  const asked = ['--nonce', NONCE, '--audience', `origin:${ORIGIN}`, '--issuer', issuer]
  const given = lists.flatMap((list) => ['--status-list', list])
  const code = await main(['verifier', 'judge', presentations, ...asked, ...given, ...more], terminal)
  return { code, ...terminal.printed }
}

const asData = async (lines: readonly string[], whose: Whose) =>
  JSON.parse((await judged(lines, whose, '--json')).out)

/** A node, and a wallet that has two persons' credentials of it and shows them to a page. */
async function issued() {
  const node = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
  let code = ''
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: 'a passphrase of this test',
    development: true,
    copies: 2,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, txCode: code }),
      toPresent: () => ({ agreed: true }),
    },
  })

  async function accepted(name: string) {
    const claims = { ...specimen, given_name: name }
    const { link, txCode = '', issuanceId } = await node.issuer.offer({ configurationId: 'person', claims })
    code = txCode
    const { credentials } = await wallet.holder.accept(link)
    const { status } = await wallet.holder.claims(credentials[0]?.credentialId ?? '')
    const uri = /"uri":"([^"]*)"/.exec(JSON.stringify(status))?.[1] ?? ''
    return { issuanceId, uri }
  }

  /** One request, because a wallet answers a nonce once. */
  async function shown(...names: readonly string[]): Promise<readonly string[]> {
    const credentials = names.map((name) => ({
      id: name,
      format: 'dc+sd-jwt',
      meta: { vct_values: [PERSON_VCT] },
      claims: [{ path: ['given_name'], values: [name] }],
    }))
    const data = {
      response_type: 'vp_token',
      response_mode: 'dc_api',
      nonce: NONCE,
      dcql_query: { credentials },
    }
    const asked = { protocol: 'openid4vp-v1-unsigned', data, origin: ORIGIN }
    const { handOver } = await wallet.holder.presentToPlatform(asked)
    const { vp_token: token } = handOver?.by === 'platform' ? handOver.data : {}
    if (!isJsonObject(token)) throw new Error('the wallet answers the page')
    return names.map((name) => String(token[name]))
  }

  async function published(uri: string, name: string): Promise<string> {
    const response = await fetch(uri, { headers: { accept: STATUS_LIST_MEDIA_TYPE } })
    return file(name, `${await response.text()}\n`)
  }

  const close = async () => {
    await wallet.close()
    await node.close()
  }
  return { node, accepted, shown, published, close }
}

test('FCT-JUDGE-2 what a node has revoked is revoked by its list in a file, and is not checked without', async () => {
  const { node, accepted, shown, published, close } = await issued()
  const first = await accepted('Anna')
  await accepted('Berta')
  const lines = await shown('Anna', 'Berta')
  const before = await published(first.uri, 'before.jwt')
  await node.issuer.revoke(first.issuanceId)
  const after = await published(first.uri, 'after.jwt')
  const issuer = node.did
  await close()

  const without = await asData(lines, { issuer })
  expect(without).toMatchObject({ verified: 0, refused: 0, undetermined: 2, staleness: 0 })
  expect(without.presentations[0]).toEqual({
    outcome: 'undetermined',
    reason: 'status_undetermined',
    text: 'The status was not checked: no status list of the issuer was given.',
  })
  const plain = await judged(lines, { issuer })
  expect(plain.code).toBe(1)
  expect(plain.out).toContain('1: undetermined [status_undetermined] The status was not checked: ')
  expect(plain.out).not.toContain('status list that decided')

  const good = await judged(lines, { issuer, lists: [before] })
  expect([good.code, good.err]).toEqual([0, ''])
  expect(good.out).toMatch(/^1: verified \(status list of \d+ seconds ago\)\n/)
  expect(good.out).toMatch(/\nThe oldest status list that decided was made \d+ seconds ago\.\nverified: 2, /)

  for (const lists of [[after], [before, after], [after, before]]) {
    const { presentations, ...totals } = await asData(lines, { issuer, lists })
    expect(totals).toMatchObject({ verified: 1, refused: 1, undetermined: 0, staleness: expect.any(Number) })
    expect(presentations).toMatchObject([
      { outcome: 'refused', reason: 'revoked', status: { kind: 'status', of: first.uri } },
      { outcome: 'verified' },
    ])
  }
  const told = await judged(lines, { issuer, lists: [after] })
  expect(told.out).toContain('1: refused [revoked] The issuer has revoked the credential.')
  expect(told.out).not.toMatch(/Anna|Berta|Eriksson/)
})
