/** Chains that prove nothing, at the doors of a wallet and of a verifier as they are shipped. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  openWallet,
  PERSON_VCT,
  personQuery,
  startIssuanceNode,
  startVerifierService,
  type Wallet,
} from '@facet-id/facet'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { createRuleSource } from '@facet-id/trust'
import type { TrustAnchor } from '@facet-id/trust/x509'
import type { RefusedAnswer } from '@facet-id/verifier'
import { beforeAll, expect, test } from 'vitest'
import { specimen } from '../flow/specimen.ts'
import { inTemporaryDirectory } from '../flow/temporary.ts'
import { anchorOf, makeParty, type Party } from './authorities.ts'

const DAY = 86_400
const later = { now: () => Date.now() / 1000 + 2 * DAY }

let root: Party
let stranger: Party
let between: Party
let issuer: Party
beforeAll(async () => {
  root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  stranger = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  between = await makeParty('C=UTO, O=Between', { kind: 'authority', days: 1, by: root })
  issuer = await makeParty('C=UTO, O=Registry Office', { kind: 'issuer', days: 9, by: between })
})

const trusting = (anchors: readonly TrustAnchor[]) => ({
  anchorsAt: () => anchors,
  revocationLists: () => [],
})

const rules = {
  issuers: [{ party: { anchor: 'registry' }, vcts: [PERSON_VCT] }],
  verifiers: [],
  blocked: [],
} as const

interface Trusting {
  readonly anchors: readonly TrustAnchor[]
  readonly clock?: typeof later
}

interface World {
  accept(chain: readonly Party[], trust: Trusting): Promise<string>
  /** What the verifier comes to, of the credential that was accepted. */
  present(trust: Trusting): Promise<object>
  kept(): Promise<number>
}

async function inWorld(act: (world: World) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const wallet = ({ anchors, clock }: Trusting): Promise<Wallet> =>
      openWallet({
        dataDirectory: join(directory, 'wallet'),
        passphrase: 'a passphrase of this test',
        development: true,
        consent: {
          toFetch: () => ({ agreed: true }),
          toReceive: ({ txCode }) => ({ agreed: true, ...offered(txCode) }),
          toPresent: () => ({ agreed: true }),
        },
        certificates: trusting(anchors),
        ...(clock === undefined ? {} : { clock }),
      })
    let code = ''
    const offered = (asked: unknown) => (asked === undefined ? {} : { txCode: code })
    await act({
      async accept(chain, trust) {
        const node = await startIssuanceNode({
          dataDirectory: join(directory, 'issuer'),
          environment: {},
          development: true,
          knownBy: { chain: chain.map(({ der }) => der), privateJwk: issuer.privateJwk },
        })
        const { holder, close } = await wallet(trust)
        try {
          const offer = await node.issuer.offer({ configurationId: 'person', claims: specimen })
          code = offer.txCode ?? ''
          return await outcomeOf(() => holder.accept(offer.link))
        } finally {
          await close()
          await node.close()
        }
      },
      async present({ anchors, clock }) {
        const refused: RefusedAnswer[] = []
        const service = await startVerifierService({
          dataDirectory: join(directory, 'verifier'),
          environment: {},
          development: true,
          issuers: [],
          sources: [createRuleSource('own rules', rules)],
          certificates: trusting(anchors),
          onRefusedAnswer: (answer) => refused.push(answer),
          ...(clock === undefined ? {} : { clock }),
        })
        const { holder, close } = await wallet({ anchors, ...(clock === undefined ? {} : { clock }) })
        try {
          const { link, transactionId } = await service.verifier.request(
            readDcqlQuery(personQuery({ age: 18 })),
          )
          await outcomeOf(() => holder.present(link))
          const { outcome } = await service.verifier.result(transactionId)
          return { outcome, reports: refused[0]?.reports }
        } finally {
          await close()
          await service.close()
        }
      },
      async kept() {
        const { holder, close } = await wallet({ anchors: [] })
        const held = await holder.credentials()
        await close()
        return held.length
      },
    })
  })
}

/** Nothing proves whose credential it is, so the request still waits for an answer. */
const refusedBecause = (why: RegExp) => ({
  outcome: 'pending',
  reports: {
    person: {
      verified: false,
      checks: expect.arrayContaining([
        expect.objectContaining({ code: 'issuer_key', text: expect.stringMatching(why) }),
      ]),
    },
  },
})

test('ATK-14 a wallet shelves nothing whose chain leads to nobody it trusts', async () => {
  await inWorld(async ({ accept, kept }) => {
    expect(await accept([issuer, between], { anchors: [anchorOf(stranger)] })).toBe('credential_refused')
    expect(await accept([issuer], { anchors: [anchorOf(root)] })).toBe('credential_refused')
    expect(await accept([issuer, between], { anchors: [] })).toBe('credential_refused')
    expect(await kept()).toBe(0)
    expect(await accept([issuer, between], { anchors: [anchorOf(root)] })).toBe('accepted')
    expect(await kept()).toBe(1)
  })
})

test('ATK-14 a verifier refuses another root of the same name, and a chain that has expired in the middle', async () => {
  await inWorld(async ({ accept, present }) => {
    expect(await accept([issuer, between], { anchors: [anchorOf(root)] })).toBe('accepted')
    expect(await present({ anchors: [anchorOf(stranger)] })).toMatchObject(
      refusedBecause(/not from the authority/),
    )
    expect(await present({ anchors: [anchorOf(root)], clock: later })).toMatchObject(
      refusedBecause(/has expired/),
    )
  })
})

test('ATK-14 a leaf alone proves nothing to a verifier that trusts the root, whoever trusts what is in between', async () => {
  await inWorld(async ({ accept, present }) => {
    expect(await accept([issuer], { anchors: [anchorOf(between)] })).toBe('accepted')
    expect(await present({ anchors: [anchorOf(root)] })).toMatchObject(
      refusedBecause(/leads to no authority/),
    )
  })
})

test.each([
  ['a list of files', { revoked: ['revoked.pem'] }],
  ['a mistyped name', { revokd: 'revoked.pem' }],
])(
  'ATK-14 no wallet opens with a revocation list that is configured as %s: nobody revoked is trusted',
  async (_, said) => {
    await inTemporaryDirectory(async (directory) => {
      const trustFile = join(directory, 'trust.json')
      const anchors = [{ id: 'registry', file: 'root.pem', ...said }]
      await writeFile(trustFile, JSON.stringify({ environment: 'test', anchors, rules }))
      const body = Buffer.from(root.der).toString('base64')
      const pem = `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
      await writeFile(join(directory, 'root.pem'), pem)
      const open = () =>
        openWallet({
          dataDirectory: join(directory, 'wallet'),
          passphrase: 'SPECIMEN',
          development: true,
          trustFile,
          consent: {
            toFetch: () => ({ agreed: true }),
            toReceive: () => ({ agreed: true }),
            toPresent: () => ({ agreed: true }),
          },
        })
      expect(await outcomeOf(open)).toBe('file_unusable')
    })
  },
)

test('X509-25 no issuer starts with a chain that has expired in the middle', async () => {
  const start = (chain: readonly Party[]) =>
    startIssuanceNode({
      dataDirectory: '/nowhere',
      environment: {},
      development: true,
      clock: later,
      knownBy: { chain: chain.map(({ der }) => der), privateJwk: issuer.privateJwk },
    })
  expect(await outcomeOf(() => start([issuer, between]))).toBe('certificate_unusable')
})
