import { writeFile } from 'node:fs/promises'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { generateKey, hash, random, signerOf } from '@facet-id/crypto/node'
import type { SecondOpinion } from '@facet-id/issuer'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { main } from './command/main.ts'
import { temporaryDirectory } from './config/temporary-directory.test-support.ts'
import { specimen } from './demo/specimen.ts'
import { secondOpinion } from './second-opinion.ts'
import { startIssuanceNode } from './service/issuance-node.ts'
import { openWallet } from './service/wallet.ts'
import { fakeTerminal } from './terminal/terminal.test-support.ts'

const directory = temporaryDirectory()
const { publicJwk, privateJwk } = generateKey()
const did = writeDidJwk(publicJwk)
const kid = `${did}#0`

async function credential(): Promise<{ readonly jwt: string; readonly disclosures: readonly string[] }> {
  const { signingInput, disclosures } = writeCredentialToSign(
    {
      claims: { iss: did, vct: 'urn:facet:test:person', ...specimen },
      frame: { _sd: ['given_name', 'nationalities'], nationalities: { _sd: [0, 1] } },
      issuerKey: { by: 'did', kid },
      alg: 'ES256',
    },
    { hash, random },
  )
  const signature = await signerOf(privateJwk, kid).sign(new TextEncoder().encode(signingInput))
  return { jwt: writeJws(signingInput, signature), disclosures }
}

test('FCT-11 the second engine sees all claims of what ours signed', async () => {
  const { jwt, disclosures } = await credential()
  const seen = await secondOpinion(publicJwk)(writeSdJwt(jwt, disclosures))
  expect(seen).toEqual({ iss: did, vct: 'urn:facet:test:person', ...specimen })
})

test('FCT-11 what the second engine cannot read is refused, without a word of what stands in it', async () => {
  const { jwt, disclosures } = await credential()
  const [header, payload, signature] = jwt.split('.')
  const unreadable: Readonly<Record<string, string>> = {
    'another signature': writeSdJwt(
      `${header}.${payload}.${signature?.replace(/^.{8}/, 'AAAAAAAA')}`,
      disclosures,
    ),
    'another payload': writeSdJwt(`${header}.${payload?.slice(0, -8)}.${signature}`, disclosures),
    'another header': writeSdJwt(`${header?.slice(0, -8)}.${payload}.${signature}`, disclosures),
    'no credential': 'Anna Maria',
  }
  const opinion = secondOpinion(publicJwk)
  for (const [name, compact] of Object.entries(unreadable)) {
    const refused = await Promise.resolve(opinion(compact)).catch((error: unknown) => error)
    expect([name, refused]).toMatchObject([name, { code: 'second_opinion_unreadable' }])
    expect(String(refused)).not.toMatch(/Anna/)
  }
})

/** What an operator reads who asks the running node. */
async function operate(...argv: readonly string[]): Promise<string> {
  const terminal = fakeTerminal()
  await main(['issuer', ...argv], terminal)
  return terminal.printed.out + terminal.printed.err
}

const doubts: readonly (readonly [string, (seen: SecondOpinion) => SecondOpinion])[] = [
  [
    'sees something else',
    (seen) => async (compact) => ({ ...(await seen(compact)), given_name: 'Somebody' }),
  ],
  ['cannot read it', () => () => Promise.reject(new Error('what is this?'))],
]

test.each(doubts)(
  'FCT-11, FCT-STOP a node whose second engine %s answers 500 and records nothing; its operator sees why, resumes, and the same offer is redeemed',
  async (_, doubt) => {
    let inDoubt = true
    const told: unknown[] = []
    const data = directory.in('issuer')
    const node = await startIssuanceNode({
      dataDirectory: data,
      environment: {},
      development: true,
      onUnforeseen: (error) => told.push(error),
      secondOpinion(key) {
        const seen = secondOpinion(key)
        return (compact) => (inDoubt ? doubt(seen) : seen)(compact)
      },
    })
    const { link, txCode = '' } = await node.issuer.offer({ configurationId: 'person', claims: specimen })
    const wallet = await openWallet({
      dataDirectory: directory.in('wallet'),
      passphrase: 'a passphrase of this test',
      development: true,
      copies: 2,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true, txCode }),
        toPresent: () => ({ agreed: false }),
      },
    })
    const issuances = async (): Promise<number> => {
      let found = 0
      for await (const _ of node.issuer.issuances()) found++
      return found
    }
    try {
      await expect(wallet.holder.accept(link)).rejects.toMatchObject({
        code: 'refused_by_peer',
        peerStatus: 500,
        peerError: 'server_error',
      })
      expect(await issuances()).toBe(0)
      expect(await wallet.holder.credentials()).toEqual([])

      expect(told).toMatchObject([{ code: 'second_opinion_differs' }])
      expect(await operate('status', '--data', data)).toMatch(/^person +stopped +20.*Z$/m)
      const claims = directory.in('claims.json')
      await writeFile(claims, JSON.stringify(specimen))
      expect(await operate('offer', '--claims', claims, '--data', data)).toMatch(/\(configuration_stopped\)/)
      inDoubt = false
      const [waiting] = await wallet.holder.pending()
      await expect(wallet.holder.resume(waiting?.id ?? '')).rejects.toMatchObject({
        peerStatus: 503,
        peerError: 'temporarily_unavailable',
      })
      expect(await operate('resume', 'nothing', '--data', data)).toMatch(/\(configuration_unknown\)/)
      expect(await operate('resume', 'person', '--data', data)).toMatch(/state: issuing/)
      expect(await operate('status', '--data', data, '--json')).toBe(
        '{"configurations":[{"configurationId":"person","state":"issuing"}]}\n',
      )
      expect(await wallet.holder.resume(waiting?.id ?? '')).toMatchObject({
        credentials: [{ copies: 2, copiesLeft: 2 }],
      })
      expect(await issuances()).toBe(1)
      expect(await outcomeOf(() => wallet.holder.accept(link))).toBe('refused_by_peer')
    } finally {
      await wallet.close()
      await node.close()
    }
  },
)

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', ''])(
  'FCT-REHEARSAL an address with a member "%s", which the second engine does not survive, is refused at the offer, and the next person is served',
  async (name) => {
    const node = await startIssuanceNode({
      dataDirectory: directory.in(`issuer-of-odd-${name}`),
      environment: {},
      development: true,
      secondOpinionEvery: 1,
    })
    const wallet = await openWallet({
      dataDirectory: directory.in(`wallet-of-odd-${name}`),
      passphrase: 'a passphrase of this test',
      development: true,
      copies: 1,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true }),
        toPresent: () => ({ agreed: false }),
      },
    })
    const offer = (claims: JsonObject) =>
      node.issuer.offer({ configurationId: 'person', claims, txCodeLength: 0 })
    const address = JSON.parse(`{"country":"UTO",${JSON.stringify(name)}:"x"}`)
    try {
      expect(await outcomeOf(() => offer({ ...specimen, address }))).toBe('claims_do_not_fit')
      const { link } = await offer(specimen)
      expect(await wallet.holder.accept(link)).toMatchObject({ credentials: [{ copies: 1 }] })
      expect(await node.issuer.stopped()).toEqual([])
    } finally {
      await wallet.close()
      await node.close()
    }
  },
)
