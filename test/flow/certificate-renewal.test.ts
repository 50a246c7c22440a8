/** What becomes of credentials when their issuer renews its certificate, with another key. */
import { join } from 'node:path'
import { openWallet, PERSON_VCT, personQuery, startIssuanceNode, startVerifierService } from '@facet-id/facet'
import type { TrustedCertificates } from '@facet-id/facet/trust'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { createRuleSource, createTrust, type Trust } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { anchorOf, makeParty, type Party } from '../attack/authorities.ts'
import { specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

const now = () => Math.floor(Date.now() / 1000)
const parties = { anchor: 'registry' }
const rules = createRuleSource('own rules', {
  issuers: [{ party: parties, vcts: [PERSON_VCT] }],
  verifiers: [],
  blocked: [],
})
const byList: Trust = {
  mayIssue: (question) =>
    question.certificate === undefined
      ? { decision: 'undetermined', why: 'Nothing is known of it yet.' }
      : createTrust([rules], now).mayIssue(question),
  mayAsk: () => ({ decision: 'undetermined', why: 'The person decides.' }),
}

test('TSL-11.3-2, TSL-11.3-3, X509-22 a renewed certificate speaks for what the old one issued, and for nobody of another name', async () => {
  const root = await makeParty('C=UTO, O=Root', { kind: 'authority', days: 10 })
  const make = (name: string): Promise<Party> => makeParty(name, { kind: 'issuer', days: 9, by: root })
  const [first, renewed, other] = await Promise.all([
    make('C=UTO, O=Registry Office'),
    make('C=UTO, O=Registry Office'),
    make('C=UTO, O=Another Office'),
  ])
  const anchors = [anchorOf(root)]
  const certificates: TrustedCertificates = { anchorsAt: () => anchors, revocationLists: () => [] }
  await inTemporaryDirectory(async (directory) => {
    let txCode = ''
    const wallet = (trust?: Trust) =>
      openWallet({
        dataDirectory: join(directory, 'wallet'),
        passphrase: 'a passphrase of this test',
        development: true,
        consent: {
          toFetch: () => ({ agreed: true }),
          toReceive: () => ({ agreed: true, txCode }),
          toPresent: () => ({ agreed: true }),
        },
        certificates,
        ...(trust === undefined ? {} : { trust }),
      })
    const node = ({ der, privateJwk }: Party) =>
      startIssuanceNode({
        dataDirectory: join(directory, 'issuer'),
        environment: {},
        development: true,
        knownBy: { chain: [der], privateJwk },
      })
    const accept = async (party: Party, trust?: Trust): Promise<string> => {
      const { issuer, close } = await node(party)
      const opened = await wallet(trust)
      try {
        const offer = await issuer.offer({ configurationId: 'person', claims: specimen })
        txCode = offer.txCode ?? ''
        return await outcomeOf(() => opened.holder.accept(offer.link))
      } finally {
        await opened.close()
        await close()
      }
    }
    const present = async (party: Party): Promise<object> => {
      const { close } = await node(party)
      const opened = await wallet(byList)
      const service = await startVerifierService({
        dataDirectory: join(directory, 'verifier'),
        environment: {},
        development: true,
        issuers: [],
        sources: [rules],
        certificates,
      })
      try {
        const asked = await service.verifier.request(readDcqlQuery(personQuery({ age: 18 })))
        await outcomeOf(() => opened.holder.present(asked.link))
        return await service.verifier.result(asked.transactionId)
      } finally {
        await service.close()
        await opened.close()
        await close()
      }
    }

    expect(await accept(first, byList)).toBe('accepted')
    expect(await present(first)).toMatchObject({ outcome: 'verified' })
    // The status list is now signed under another certificate than the credential.
    expect(await present(renewed)).toMatchObject({ outcome: 'verified' })
    expect(await present(other)).toMatchObject({
      outcome: 'refused',
      reports: {
        person: {
          checks: expect.arrayContaining([
            expect.objectContaining({ code: 'status', outcome: 'fail', reason: 'status_refused' }),
          ]),
        },
      },
    })
    // A renewed certificate of the same names below the same anchor is the same issuer's, with a list and without.
    expect(await accept(renewed)).toBe('accepted')
    expect(await accept(renewed, byList)).toBe('accepted')
  })
})
