/** Three parties of one test: an issuer with a credential in a wallet, and a verifier as the test wants it. */

import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createAuthority, issueCertificate } from '../../ca/index.ts'
import { readSigningCertificate, type SigningCertificate } from '../../config/signing-certificate.ts'
import { temporaryDirectory } from '../../config/temporary-directory.test-support.ts'
import { specimen } from '../../demo/specimen.ts'
import { PERSON_VCT } from '../../person-type.ts'
import {
  type IssuanceNode,
  type IssuanceNodeOptions,
  startIssuanceNode,
} from '../../service/issuance-node.ts'
import {
  startVerifierService,
  type VerifierService,
  type VerifierServiceOptions,
} from '../../service/verifier-service.ts'
import { openWallet } from '../../service/wallet.ts'
import { fakeTerminal } from '../../terminal/terminal.test-support.ts'
import { main } from '../main.ts'

export const passphrase = 'a passphrase of this test'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function parties() {
  const directory = temporaryDirectory()

  async function facet(...argv: readonly string[]): Promise<Ran> {
    const terminal = fakeTerminal({ FACET_PASSPHRASE_FILE: directory.in('passphrase') })
    const code = await main(argv, terminal)
    return { code, ...terminal.printed }
  }

  /** An issuer whose credential lies in the wallet. */
  async function issued(how: Partial<IssuanceNodeOptions> = {}, trust?: string): Promise<IssuanceNode> {
    await writeFile(directory.in('passphrase'), passphrase)
    const issuer = await startIssuanceNode({
      dataDirectory: directory.in('issuer'),
      environment: {},
      development: true,
      ...how,
    })
    const { link, txCode = '' } = await issuer.issuer.offer({ configurationId: 'person', claims: specimen })
    const wallet = await openWallet({
      dataDirectory: directory.in('wallet'),
      passphrase,
      development: true,
      copies: 8,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true, txCode }),
        toPresent: () => ({ agreed: true }),
      },
      ...(trust === undefined ? {} : { trustFile: trust }),
    })
    await wallet.holder.accept(link)
    await wallet.close()
    return issuer
  }

  return {
    directory,
    facet,
    issued,
    start: (issuer: Pick<IssuanceNode, 'did'>, more: Partial<VerifierServiceOptions> = {}) =>
      startVerifierService({
        dataDirectory: directory.in('verifier'),
        environment: {},
        development: true,
        issuers: [{ id: issuer.did, vcts: [PERSON_VCT] }],
        ...more,
      }),
    verifier: (...argv: readonly string[]) => facet('verifier', ...argv, '--data', directory.in('verifier')),
    present: (link: string, ...more: readonly string[]) =>
      facet('wallet', 'present', link, '--yes', '--development', ...more, '--data', directory.in('wallet')),

    async ask(...argv: readonly string[]): Promise<Readonly<Record<string, string>>> {
      const { code, out, err } = await facet(
        'verifier',
        'ask',
        ...argv,
        '--json',
        '--data',
        directory.in('verifier'),
      )
      if (code !== 0) throw new Error(err)
      return JSON.parse(out)
    },

    async outcome(transactionId: string | undefined): Promise<string> {
      const { out } = await facet(
        'verifier',
        'result',
        String(transactionId),
        '--json',
        '--data',
        directory.in('verifier'),
      )
      return JSON.parse(out).outcome
    },

    /** What an authority of this test certifies. */
    async certified(
      purpose: 'issuer' | 'verifier',
      dns: readonly string[] = [],
    ): Promise<SigningCertificate> {
      const ca = { directory: directory.in('ca'), environment: {}, now: () => Math.floor(Date.now() / 1000) }
      await createAuthority(ca, { name: 'Utopia', days: 100 }).catch((error: unknown) => {
        if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'authority_present') throw error
      })
      const { serialNumber } = await issueCertificate(ca, { purpose, name: `A ${purpose}`, dns, days: 10 })
      const file = (end: string) => directory.in(`ca/${serialNumber}.${end}`)
      return readSigningCertificate({ certificate: file('pem'), key: file('key'), environment: {} })
    },

    /** A trust configuration of the wallet. */
    async trusting(issuer: IssuanceNode, clients: readonly object[], more: object = {}): Promise<string> {
      const file = directory.in('wallet-trust.json')
      const issuers = [issuer.did, issuer.credentialIssuer].map((id) => ({
        party: { id },
        vcts: [PERSON_VCT],
      }))
      const verifiers = clients.map((party) => ({ party, claims: 'any' }))
      await writeFile(file, JSON.stringify({ environment: 'test', rules: { issuers, verifiers }, ...more }))
      return file
    },
    read: (name: string) => readFile(directory.in(name), 'utf8'),
  }
}

/** A port that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

export type { VerifierService }
