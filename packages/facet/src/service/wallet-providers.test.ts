import { readFile } from 'node:fs/promises'
import { keyPair } from '@facet-id/testkit'
import { readCertificate, readPem, readRevocationList } from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { createAuthority, issueCertificate, revokeCertificate } from '../ca/authority.ts'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { createWalletProviders } from './wallet-providers.ts'

const temporary = temporaryDirectory()
const now = (): number => 1_800_000_000

test('ABCA-7.1-1 a wallet provider is believed by its registered key, or by a certificate below an anchor for that', async () => {
  const ca = { directory: temporary.in('providers'), environment: {}, now }
  await createAuthority(ca, { name: 'Wallets of Utopia', days: 100 })
  const issued = await issueCertificate(ca, { purpose: 'issuer', name: 'Provider', dns: [], days: 10 })
  const pem = (name: string): Promise<string> => readFile(temporary.in(`providers/${name}`), 'utf8')
  const [anchor = new Uint8Array()] = readPem(await pem('authority.pem'), 'CERTIFICATE')
  const lists = async () => readPem(await pem('revoked.pem'), 'X509 CRL').map(readRevocationList)
  let revocationLists = await lists()
  const anchors = [{ id: 'providers', certificate: readCertificate(anchor) }]
  const registered = { ...keyPair().publicJwk, kid: '1' }
  const keyOf = createWalletProviders(
    {
      registered: [{ keys: [registered] }],
      certificates: { anchorsAt: () => anchors, revocationLists: () => revocationLists },
    },
    now,
  )
  const x5c = [issued.der]
  expect(await keyOf({ alg: 'ES256', kid: '1' })).toEqual(registered)
  expect(await keyOf({ alg: 'ES256', x5c })).toMatchObject({ kty: 'EC', crv: 'P-256' })
  expect(await keyOf({ alg: 'EdDSA', x5c })).toBeUndefined()
  expect(await keyOf({ alg: 'ES256', x5c: [anchor] })).toBeUndefined()
  expect(await createWalletProviders({}, now)({ alg: 'ES256', x5c })).toBeUndefined()
  const elsewhere = { anchorsAt: () => [], revocationLists: () => [] }
  expect(await createWalletProviders({ certificates: elsewhere }, now)({ alg: 'ES256', x5c })).toBeUndefined()

  await revokeCertificate(ca, issued.serialNumber)
  revocationLists = await lists()
  expect(await keyOf({ alg: 'ES256', x5c })).toBeUndefined()
})
