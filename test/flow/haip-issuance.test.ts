/** HAIP 1.0 §4 as people run it: an issuer that is held to it by one setting, and our wallet with a provider for development. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { readBase64url } from '@facet-id/credential/base64url'
import { readPem } from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { personAtBrowser } from './browser.ts'
import { type Environment, facet, type Run, runFacet, startFacet } from './process.ts'
import { specimen } from './specimen.ts'
import { inTemporaryDirectory } from './temporary.ts'

/** A dozen processes. */
const MOST_MS = 240_000
const vct = 'urn:facet:person:1'

test(
  'HAIP-4-0, HAIP-4-1, HAIP-4-2, HAIP-4-3, HAIP-4.1-2, HAIP-4.1-3, HAIP-4.1-5, HAIP-4.2-1, HAIP-4.3-2, HAIP-4.4.1-1, HAIP-4.4.1-2, HAIP-4.4.1-4, HAIP-6.1-3, HAIP-6.1-5, HAIP-6.1.1-1, FCT-BROWSER one setting has an issuer do all of it, and an attested wallet gets its credentials there, tops up and tells',
  async () => {
    await inTemporaryDirectory(async (directory) => {
      const at = (name: string) => `${directory}/${name}`
      const json = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await facet([...args, '--json'])
        if (code !== 0) throw new Error(stderr)
        return JSON.parse(stdout)
      }
      const write = (name: string, content: unknown) => writeFile(at(name), JSON.stringify(content))
      await write('people.json', { berta: { person: specimen } })
      await writeFile(at('passphrase'), 'correct horse battery staple\n')
      await chmod(at('passphrase'), 0o600)
      for (const ca of ['ca', 'wallets']) await json('trust', 'ca', 'create', at(ca), '--name', 'Utopia')
      const { certificate, key } = await json(
        ...['trust', 'ca', 'issue', at('ca'), '--purpose', 'issuer', '--name', 'Registry Office'],
      )
      await json('trust', 'ca', 'issue', at('wallets'), '--purpose', 'wallet', '--name', 'Wallets of Utopia')

      await write('bare.json', { configurations: { person: 'release' } })
      const bare = await facet([
        'issuer',
        'check',
        '--development',
        '--profile',
        'haip',
        '--config',
        at('bare.json'),
      ])
      expect(bare).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/✗ HAIP 4: persons[\s\S]+✗ HAIP 6\.1\.1/),
      })

      await write('issuer.json', {
        name: 'Registry Office',
        knownBy: 'certificate',
        certificate: { chain: certificate, key },
        persons: { by: 'development' },
        claims: { by: 'file', file: 'people.json' },
        walletProviders: { anchors: [{ file: 'wallets/authority.pem', revoked: 'wallets/revoked.pem' }] },
        notifications: true,
        encryption: { requests: 'accepted' },
      })
      const serve = ['--config', at('issuer.json'), '--profile', 'haip', '--development']
      expect(await json('issuer', 'check', ...serve)).toEqual({
        profile: 'haip',
        configurations: ['person'],
        lacking: [],
      })
      const issuer = await startFacet(['issuer', 'serve', ...serve, '--data', at('issuer')])
      const { credential_issuer: url = '' } = issuer.facts
      await write('trust.json', {
        environment: 'test',
        anchors: [{ id: 'registry', file: 'ca/authority.pem', revoked: 'ca/revoked.pem' }],
        rules: {
          issuers: [
            { party: { anchor: 'registry' }, vcts: [vct] },
            { party: { id: url }, vcts: [vct] },
          ],
        },
      })
      const environment: Environment = { FACET_PASSPHRASE_FILE: at('passphrase') }
      const wallet = (...args: readonly string[]): Run =>
        runFacet(['wallet', ...args, '--development', '--json', '--data', at('wallet')], environment)
      const trusted = ['--trust', at('trust.json'), '--yes-undetermined', '--copies', '3']
      const provided = [...trusted, '--wallet-provider', at('wallets')]
      try {
        const server = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json()
        expect(server).toMatchObject({
          require_pushed_authorization_requests: true,
          authorization_response_iss_parameter_supported: true,
          code_challenge_methods_supported: ['S256'],
          scopes_supported: ['person'],
          token_endpoint_auth_methods_supported: ['attest_jwt_client_auth', expect.any(String)],
        })
        expect(server).not.toHaveProperty('authorization_details_types_supported')
        const metadata = await fetch(`${url}/.well-known/openid-credential-issuer`, {
          headers: { accept: 'application/jwt' },
        })
        const root =
          readPem(await readFile(at('ca/authority.pem'), 'utf8'), 'CERTIFICATE')[0] ?? new Uint8Array()
        const chain = (await readHeader(await metadata.text())).x5c
        expect(chain).toHaveLength(1)
        expect(chain).not.toContain(Buffer.from(root).toString('base64'))

        const { link } = await json(
          'issuer',
          'offer',
          '--authorization-code',
          '--by-reference',
          '--data',
          at('issuer'),
        )
        const unattested = await wallet('accept', link, ...trusted).ended
        expect(unattested).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[offer_unsupported\]/) })

        const taking = wallet('accept', link, ...provided)
        expect(await (await throughBrowser(taking, 'berta')).ended).toMatchObject({ code: 0 })
        const [held] = JSON.parse((await facetWallet('list')).stdout)
        expect(held).toMatchObject({ vct, copies: 3, credentialIssuer: url })

        const { grants } = await json('issuer', 'grants', '--data', at('issuer'))
        expect(grants).toEqual([expect.objectContaining({ clientId: 'facet-development-wallet' })])
        expect(await wallet('top-up', held.credentialId, ...provided).ended).toMatchObject({ code: 0 })
        await wallet('notify').ended
        const { notifications } = await json('issuer', 'notifications', '--data', at('issuer'))
        expect(notifications).toContainEqual(expect.objectContaining({ event: 'credential_accepted' }))

        const again = wallet('request', url, ...provided)
        expect(await (await throughBrowser(again, 'berta')).ended).toMatchObject({ code: 0 })
        expect(JSON.parse((await facetWallet('list')).stdout)).toHaveLength(2)

        const [{ issuanceId }] = (await json('issuer', 'list', '--data', at('issuer'))).issuances
        await json('issuer', 'revoke', issuanceId, '--data', at('issuer'))
        const list = await fetch(`${url}/status-lists/0`, {
          headers: { accept: 'application/statuslist+jwt' },
        })
        expect((await readHeader(await list.text())).x5c).toEqual(chain)
        await json('issuer', 'revoke-grant', grants[0].grantId, '--data', at('issuer'))
        const ended = await wallet('top-up', held.credentialId, ...provided).ended
        expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/\[grant_ended\]/) })
      } finally {
        expect((await issuer.stop()).code).toBe(0)
      }

      function facetWallet(...args: readonly string[]) {
        return facet(['wallet', ...args, '--json', '--data', at('wallet')], environment)
      }
    })
  },
  MOST_MS,
)

/** The person goes where the wallet says, and the wallet goes on. */
async function throughBrowser(run: Run, subject: string): Promise<Run> {
  await run.told(/at\nhttp\S+\n/)
  const [, url = ''] = /at\n(http\S+)\n/.exec(run.said()) ?? []
  const person = personAtBrowser()
  const back = await person.agree(url, subject)
  expect(await person.see(back.replace(/state=[^&]+/, 'stat=x'))).toMatchObject({ status: 404 })
  expect(await person.see(back)).toMatchObject({ status: 200 })
  return run
}

async function readHeader(token: string): Promise<{ readonly x5c?: readonly string[] }> {
  const [header = ''] = token.split('.', 1)
  return JSON.parse(new TextDecoder().decode(readBase64url(header)))
}
