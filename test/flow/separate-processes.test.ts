import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { facet, startFacet } from './process.ts'
import { inTemporaryDirectory } from './temporary.ts'

test('FCT-4, FCT-12 issuer, wallet and verifier run the flow as processes of their own', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(`${directory}/claims.json`, JSON.stringify(claims))
    await writeFile(`${directory}/passphrase`, 'correct horse battery staple\n')
    const at = (party: string): readonly string[] => ['--data', `${directory}/${party}`]
    const wallet = (...args: readonly string[]) =>
      facet(['wallet', ...args, '--development', '--json', ...at('wallet')], {
        FACET_PASSPHRASE_FILE: `${directory}/passphrase`,
      })

    const issuer = await startFacet([
      'issuer',
      'serve',
      '--development',
      '--status-ttl',
      '1',
      ...at('issuer'),
    ])
    const did = issuer.facts.did ?? ''
    const verifier = await startFacet([
      'verifier',
      'serve',
      '--development',
      '--issuer',
      did,
      ...at('verifier'),
    ])
    try {
      const offer = await json(
        facet(['issuer', 'offer', '--claims', `${directory}/claims.json`, '--json', ...at('issuer')]),
      )
      const received = await json(
        wallet('accept', String(offer.link), '--tx-code', String(offer.txCode), '--copies', '3', '--yes'),
      )
      expect(received).toMatchObject({ vct: 'urn:facet:person:1', copies: 3, copiesLeft: 3 })

      const first = await presentOnce()
      expect(first.presented.code).toBe(0)
      expect(first.result).toMatchObject({
        outcome: 'verified',
        reports: { person: { shown: { age_equal_or_over: { '18': true }, nationalities: ['UTO'] } } },
      })

      await json(facet(['issuer', 'revoke', String(offer.issuanceId), '--json', ...at('issuer')]))
      await new Promise((resolve) => setTimeout(resolve, 2000))
      const second = await presentOnce()
      expect(second.presented.code).toBe(1)
      expect(JSON.parse(second.presented.stdout)).toMatchObject({
        accepted: false,
        reason: expect.stringMatching(/revoked/i),
      })
      expect(second.result).toMatchObject({ outcome: 'refused' })

      const { issuances } = await json(facet(['issuer', 'list', '--json', ...at('issuer')]))
      expect(issuances).toEqual([expect.objectContaining({ copies: 3, revokedAt: expect.any(Number) })])
    } finally {
      expect((await issuer.stop('SIGINT')).code).toBe(0)
      expect((await verifier.stop('SIGTERM')).code).toBe(0)
    }

    async function presentOnce() {
      const asked = await json(
        facet(['verifier', 'ask', '--over', '18', '--nationality', 'UTO', '--json', ...at('verifier')]),
      )
      const presented = await wallet('present', String(asked.link), '--yes')
      const answer = await facet([
        'verifier',
        'result',
        String(asked.transactionId),
        '--json',
        ...at('verifier'),
      ])
      return { presented, result: JSON.parse(answer.stdout) }
    }
  })
})

const claims = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  document_number: 'L898902C3',
  age_equal_or_over: { '18': true },
}

async function json(ended: ReturnType<typeof facet>): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await ended
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
