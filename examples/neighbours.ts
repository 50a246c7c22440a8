/** The other parties of an example, so that each example shows one role alone. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWallet, startIssuanceNode } from '@facet-id/facet'

export interface Directory {
  /** Where one party keeps its data. */
  in(party: string): string
  remove(): Promise<void>
}

export async function temporaryDirectory(): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'facet-example-'))
  return { in: (party) => join(path, party), remove: () => rm(path, { recursive: true, force: true }) }
}

export interface RegistryOffer {
  readonly link: string
  readonly txCode: string
  readonly issuerDid: string
  close(): Promise<void>
}

/** A registry that offers the person credential of a specimen. */
export async function offerFromRegistry(directory: Directory): Promise<RegistryOffer> {
  const node = await startIssuanceNode({
    dataDirectory: directory.in('issuer'),
    environment: {},
    development: true,
  })
  const { link, txCode = '' } = await node.issuer.offer({
    configurationId: 'person',
    claims: {
      given_name: 'Anna Maria',
      family_name: 'Eriksson',
      birthdate: '1974-08-12',
      nationalities: ['UTO'],
      document_number: 'L898902C3',
      age_equal_or_over: { '18': true },
    },
  })
  return { link, txCode, issuerDid: node.did, close: node.close }
}

export interface WalletWithCredential {
  readonly issuerDid: string
  /** The person scans a request, and agrees. */
  show(link: string): Promise<void>
  close(): Promise<void>
}

export async function walletWithCredential(directory: Directory): Promise<WalletWithCredential> {
  const registry = await offerFromRegistry(directory)
  const wallet = await openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase: randomUUID(),
    development: true,
    copies: 2,
    consent: {
      toReceive: () => ({ agreed: true, txCode: registry.txCode }),
      toPresent: () => ({ agreed: true }),
    },
  })
  await wallet.holder.accept(registry.link)
  return {
    issuerDid: registry.issuerDid,
    async show(link) {
      await wallet.holder.present(link)
    },
    async close() {
      await wallet.close()
      await registry.close()
    },
  }
}
