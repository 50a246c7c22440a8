/** A verifier that is known otherwise than by a DID, and that sends its results, as people run it. */

import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { facet, startFacet } from './process.ts'
import { inTemporaryDirectory } from './temporary.ts'

/** A dozen processes, one after the other. */
const MOST_MS = 180_000

test(
  'FCT-CLIENT, FCT-WEBHOOK, FCT-WAIT a verifier by its certificate sends what came of a request, which a wallet declined',
  async () => {
    await inTemporaryDirectory(async (directory) => {
      const run = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await facet([...args, '--json'])
        if (code !== 0) throw new Error(stderr)
        return JSON.parse(stdout) as Readonly<Record<string, string>>
      }
      const ca = `${directory}/ca`
      await run('trust', 'ca', 'create', ca, '--name', 'Utopia')
      const named = ['--name', 'Platform', '--dns', 'platform.example']
      const issued = await run('trust', 'ca', 'issue', ca, '--purpose', 'verifier', ...named)
      await writeFile(`${directory}/secret`, 'a secret of this test\n')
      await chmod(`${directory}/secret`, 0o600)
      await writeFile(`${directory}/passphrase`, 'correct horse battery staple\n')
      const sent: (string | undefined)[] = []
      let heard = (): void => {}
      const isHeard = new Promise<void>((resolve) => {
        heard = resolve
      })
      const receiver = createServer((request, response) => {
        sent.push(request.headers.authorization)
        response.writeHead(204).end()
        heard()
      })
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
      const address = receiver.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const service = await startFacet([
        ...[
          'verifier',
          'serve',
          '--development',
          '--issuer',
          'did:example:a',
          '--data',
          `${directory}/verifier`,
        ],
        ...['--known-by', 'certificate', '--known-by', 'did', '--mode', 'direct_post.jwt'],
        ...['--certificate', String(issued.certificate), '--certificate-key', String(issued.key)],
        ...['--webhook', `http://127.0.0.1:${port}/`, '--webhook-secret', `${directory}/secret`],
      ])
      try {
        const client = String(service.facts.client_id)
        expect(client).toMatch(/^x509_hash:/)
        const data = ['--data', `${directory}/verifier`]
        const asked = await run('verifier', 'ask', 'over 18', ...data)
        expect(asked.link).toContain(encodeURIComponent(client))
        const waiting = facet(['verifier', 'result', String(asked.transactionId), '--wait', '120', ...data])
        const anchors = [{ id: 'registry', file: 'ca/authority.pem' }]
        const verifiers = [{ party: { anchor: 'registry' }, claims: 'any' }]
        const trust = { environment: 'test', anchors, rules: { verifiers } }
        await writeFile(`${directory}/trust.json`, JSON.stringify(trust))
        const held = ['--trust', `${directory}/trust.json`, '--data', `${directory}/wallet`]
        const wallet = await facet(
          ['wallet', 'present', String(asked.link), '--yes', '--development', ...held],
          { FACET_PASSPHRASE_FILE: `${directory}/passphrase` },
        )
        expect(wallet.stderr).toContain('Proven by its certificate.')
        expect(wallet.stderr).toContain('you hold none.')
        expect((await waiting).stdout).toMatch(/^Declined: /)
        await isHeard
        expect(sent).toEqual(['Bearer a secret of this test'])
      } finally {
        await service.stop()
        receiver.closeAllConnections()
        await new Promise((resolve) => receiver.close(resolve))
      }
    })
  },
  MOST_MS,
)
