/** Our three parties as the product runs them, on loopback, with what a test changes of them. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type IssuanceNode,
  type IssuanceNodeOptions,
  openWallet,
  PERSON_CONFIGURATION,
  PERSON_VCT,
  startIssuanceNode,
  startVerifierService,
  type VerifierService,
  type VerifierServiceOptions,
  type Wallet,
  type WalletOptions,
} from '@facet-id/facet'
import { onTestFinished } from 'vitest'

export const specimen = {
  given_name: 'Erika',
  family_name: 'Specimen',
  birthdate: '1990-01-01',
  nationalities: ['UTO'],
  document_number: 'UTO0000000',
  age_equal_or_over: { '18': true },
}

/** What is asked of a person in these tests. */
export const givenName = {
  credentials: [
    {
      id: 'person',
      format: 'dc+sd-jwt' as const,
      meta: { vct_values: [PERSON_VCT] as [string] },
      claims: [{ path: ['given_name'] as [string] }],
    },
  ] as const,
}

/** Ends with the test. */
export async function ourIssuer(options: Partial<IssuanceNodeOptions> = {}): Promise<IssuanceNode> {
  const dataDirectory = await temporary()
  const node = await startIssuanceNode({ environment: {}, development: true, dataDirectory, ...options })
  onTestFinished(() => node.close())
  return node
}

/** Believes that issuer alone. Ends with the test. */
export async function ourVerifier(
  issuer: string,
  options: Partial<VerifierServiceOptions> = {},
): Promise<VerifierService> {
  const service = await startVerifierService({
    environment: {},
    development: true,
    dataDirectory: await temporary(),
    issuers: [{ id: issuer, vcts: [PERSON_VCT] }],
    ...options,
  })
  onTestFinished(() => service.close())
  return service
}

/** Its person agrees to all that can be answered. Ends with the test. */
export async function ourWallet(
  person: { txCode?: string } = {},
  options: Partial<WalletOptions> = {},
): Promise<Wallet> {
  const wallet = await openWallet({
    dataDirectory: await temporary(),
    passphrase: randomUUID(),
    development: true,
    copies: 4,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive: () => ({ agreed: true, ...person }),
      toPresent: ({ items }) => ({ agreed: items.length > 0 }),
    },
    ...options,
  })
  onTestFinished(() => wallet.close())
  return wallet
}

/** A wallet that holds the specimen of that issuer. */
export async function walletOf(node: IssuanceNode, options: Partial<WalletOptions> = {}): Promise<Wallet> {
  const { link, txCode } = await offered(node)
  const wallet = await ourWallet(txCode === undefined ? {} : { txCode }, options)
  await wallet.holder.accept(link)
  return wallet
}

export function offered(node: IssuanceNode) {
  return node.issuer.offer({ configurationId: PERSON_CONFIGURATION, claims: specimen })
}

/** For a node, which keeps its key beside its data. */
async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-interop-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return join(directory, 'data')
}
