/** Who is believed about wallets, or about keys, as a configuration file says it: keys, and anchors of certificates. */
import { readPublicJwk } from '@facet-id/credential/jose'
import { readJsonObject } from '@facet-id/credential/json'
import { readCertificate, readPem } from '@facet-id/trust/x509'
import type { Members } from '../config/members.ts'
import { readText } from '../config/sealed-key.ts'
import type { WalletProviders } from '../service/wallet-providers.ts'
import { openRevocationFiles } from '../trust/revocation-files.ts'

/** @throws {FacetError} `file_unusable`; {TrustError} for certificates and revocation lists that cannot be read */
export async function readProviders(
  all: Members,
  name: 'walletProviders' | 'keyAttesters',
): Promise<WalletProviders | undefined> {
  const members = all.find(name, ['keys', 'anchors'])
  if (members === undefined) return undefined
  const keys = members.findTexts('keys') ?? []
  const anchors = members.list('anchors', ['file', 'revoked'])
  if (keys.length + anchors.length === 0) throw all.refuse(name, 'names nobody: it needs keys, or anchors')
  return {
    registered: await Promise.all(keys.map((path) => providerIn(path, members))),
    ...(anchors.length === 0 ? {} : { certificates: await certificatesIn(anchors) }),
  }
}

async function providerIn(
  path: string,
  members: Members,
): Promise<NonNullable<WalletProviders['registered']>[number]> {
  const text = await readText(members.beside(path))
  try {
    return { keys: [readPublicJwk(readJsonObject(text))] }
  } catch (cause) {
    throw members.refuse('keys', `names ${path}, which is no public JWK`, cause)
  }
}

async function certificatesIn(
  anchors: readonly Members[],
): Promise<NonNullable<WalletProviders['certificates']>> {
  const found = await Promise.all(
    anchors.map(async (anchor) => {
      const file = anchor.text('file')
      const ders = readPem(await readText(anchor.beside(file)), 'CERTIFICATE')
      return ders.map((der) => ({ id: file, certificate: readCertificate(der) }))
    }),
  )
  const revoked = anchors.flatMap((anchor) => {
    const path = anchor.findText('revoked')
    return path === undefined ? [] : [anchor.beside(path)]
  })
  const files = await openRevocationFiles(revoked)
  const all = found.flat()
  return { anchorsAt: () => all, revocationLists: () => files.lists() }
}
