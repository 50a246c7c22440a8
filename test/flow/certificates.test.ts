/** An issuer that is known by its certificate, as people run it: from the authority to the revocation. */
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { facet, startFacet } from './process.ts'
import { specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

const vct = 'urn:facet:person:1'
/** Two dozen processes, one after the other. */
const MOST_MS = 240_000

test(
  'X509-22, X509-23, X509-24 a credential by a certificate is taken, without its issuer too, until the certificate is revoked',
  async () => {
    await inTemporaryDirectory(async (directory) => {
      const at = (party: string): readonly string[] => ['--data', `${directory}/${party}`]
      const run = (...args: readonly string[]) => facet([...args, '--json'])
      const trust = (name: string, configuration: object) =>
        writeFile(`${directory}/${name}.json`, JSON.stringify({ environment: 'test', ...configuration }))
      const anchorsOf = (ca: string) => [
        { id: 'registry', file: `${ca}/authority.pem`, revoked: `${ca}/revoked.pem` },
      ]
      await writeFile(`${directory}/claims.json`, JSON.stringify(specimen))
      await writeFile(`${directory}/passphrase`, 'correct horse battery staple\n')
      const wallet = (...args: readonly string[]) =>
        facet(['wallet', ...args, '--development', '--json', ...at('wallet')], {
          FACET_PASSPHRASE_FILE: `${directory}/passphrase`,
        })

      for (const ca of ['ca', 'other'])
        await json(run('trust', 'ca', 'create', `${directory}/${ca}`, '--name', 'Utopia'))
      const issued = await json(
        run('trust', 'ca', 'issue', `${directory}/ca`, '--purpose', 'issuer', '--name', 'Registry Office'),
      )
      const issuer = await startFacet([
        ...['issuer', 'serve', '--development', '--known-by', 'certificate'],
        ...['--certificate', String(issued.certificate), '--certificate-key', String(issued.key)],
        ...at('issuer'),
      ])
      expect(issuer.facts.certificate).toBe(issued.client_id)
      const issuers = [{ party: { anchor: 'registry' }, vcts: [vct] }]
      await trust('verifier', { anchors: anchorsOf('ca'), rules: { issuers } })
      await trust('stranger', { anchors: anchorsOf('other'), rules: { issuers } })
      const verifier = await serveVerifier('verifier')
      const stranger = await serveVerifier('stranger')
      const rules = {
        issuers: [...issuers, { party: { id: issuer.facts.credential_issuer }, vcts: [vct] }],
        verifiers: [verifier, stranger].map(({ facts }) => ({
          party: { id: facts.client_id },
          claims: 'any',
        })),
      }
      await trust('wallet', { anchors: anchorsOf('ca'), rules })
      await trust('mistaken', { anchors: anchorsOf('other'), rules })
      try {
        const mistaken = await accept('mistaken')
        expect(mistaken.stderr).toMatch(/\[credential_refused\]/)
        expect(JSON.parse(await accept('wallet').then(({ stdout }) => stdout))).toMatchObject({
          copiesLeft: 5,
        })

        expect(await present('verifier')).toMatch(/^Verified: /)
        const unproven = await present('stranger')
        expect(unproven).toMatch(/^Pending: /)
        expect(unproven).toMatch(/leads to no authority that is trusted here/)
        expect(await explained()).toMatchObject({ decision: 'trusted' })
        expect((await issuer.stop()).code).toBe(0)
        expect(await present('verifier')).toMatch(/^Verified: /)

        await json(run('trust', 'ca', 'revoke', `${directory}/ca`, '--serial', String(issued.serialNumber)))
        const refused = await present('verifier')
        expect(refused).toMatch(/^Pending: /)
        expect(refused).toMatch(/was revoked by the authority that issued it/)
        expect(await explained()).toMatchObject({
          decision: 'not_trusted',
          certificate: expect.stringContaining('(revoked)'),
        })
      } finally {
        for (const service of [issuer, verifier, stranger]) await service.stop()
      }

      function serveVerifier(name: string) {
        const file = `${directory}/${name}.json`
        return startFacet(['verifier', 'serve', '--development', '--trust', file, ...at(name)])
      }

      async function accept(name: string) {
        const offer = await json(
          run('issuer', 'offer', '--claims', `${directory}/claims.json`, ...at('issuer')),
        )
        const file = `${directory}/${name}.json`
        const how = ['--tx-code', String(offer.txCode), '--copies', '5', '--yes', '--trust', file]
        return wallet('accept', String(offer.link), ...how)
      }

      /** What the verifier's operator is told, in words. */
      async function present(name: string): Promise<string> {
        const asked = await json(run('verifier', 'ask', '--over', '18', ...at(name)))
        await wallet('present', String(asked.link), '--yes', '--trust', `${directory}/wallet.json`)
        return (await facet(['verifier', 'result', String(asked.transactionId), ...at(name)])).stdout
      }

      async function explained(): Promise<unknown> {
        const named = ['--issuer', '', '--vct', vct, '--certificate', String(issued.certificate)]
        return JSON.parse((await run('trust', 'explain', `${directory}/verifier.json`, ...named)).stdout)
      }
    })
  },
  MOST_MS,
)

async function json(ended: ReturnType<typeof facet>): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await ended
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
