/** Status lists of issuers that are known by certificates. */
import { writeX5c } from '@facet-id/credential/jose'
import type { StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import type { CertificateIdentity } from '@facet-id/trust'
import { expect, test } from 'vitest'
import type { CertifiedKeyAnswer } from './issuer-keys.ts'
import { createKeyResolver } from './key-resolver.ts'
import { listIssuer, uri, worldOf } from './lists.test-support.ts'

const signer = listIssuer()
const chain = [Uint8Array.of(0x30, 1), Uint8Array.of(0x30, 2)]
const party: CertificateIdentity = {
  anchor: 'registry',
  subject: 'C=UTO, O=Registry Office',
  sanDns: ['issuer.example'],
  sanUris: [],
  sha256: 'first',
}
const reference = { uri, idx: 1 }
const x5c = writeX5c(chain)
/** In place of the `kid` that the list would have. */
const certified: object = { kid: undefined, x5c }

/** What the list says of an entry, where its chain proves that and the credential's proved `party`. */
async function statusFrom(
  answer: object,
  { header = certified, by = 'x5c' }: { header?: object; by?: 'x5c' | 'did' | 'jwt_vc_issuer' } = {},
): Promise<{ readonly status: StatusAnswer; readonly asked: readonly unknown[] }> {
  const asked: unknown[] = []
  const found = await createKeyResolver().resolveKey({
    did: signer.did,
    kid: signer.kid,
    relationship: 'assertionMethod',
  })
  const world = worldOf(() => signer.list({}, { ...header }), {
    issuerKeyOf: (of) => {
      asked.push(of)
      return { ...answer, ...('key' in answer ? found : {}) } as CertifiedKeyAnswer
    },
  })
  const issuer = by === 'did' ? signer.did : 'x509_hash:first'
  const status = await world.lists.statusOf({ issuer, by, certificate: party, reference })
  return { status, asked }
}

const proving = (certificate: CertificateIdentity) => ({
  key: true,
  issuer: `x509_hash:${certificate.sha256}`,
  certificate,
})

test('TSL-11.3-2 a list that brings the certificate of the credential along is believed', async () => {
  const { status, asked } = await statusFrom(proving(party))
  expect(status).toEqual({ status: 1 })
  expect(asked).toEqual([{ by: 'x5c', chain }])
})

test('TSL-11.3-2 a list under a renewed certificate of the same party is believed', async () => {
  expect((await statusFrom(proving({ ...party, sha256: 'renewed' }))).status).toEqual({ status: 1 })
})

test.each<[string, Partial<CertificateIdentity>]>([
  ['of another party', { subject: 'C=UTO, O=Bar' }],
  ['by another anchor', { anchor: 'other' }],
  ['with other names', { sanDns: ['other.example'] }],
  ['without a subject', { subject: '' }],
])('TSL-11.3-2 a list under a certificate %s is refused', async (_, other) => {
  const { status } = await statusFrom(proving({ ...party, sha256: 'other', ...other }))
  expect(status).toEqual({ refused: 'The status list is not signed by the issuer of the credential.' })
})

test('TSL-11.3-2 a chain that proves nothing says nothing of a status', async () => {
  expect((await statusFrom({ refused: 'The chain leads nowhere.' })).status).toEqual({
    refused: 'The chain leads nowhere.',
  })
  expect((await statusFrom({ undetermined: 'The list is stale.' })).status).toEqual({
    undetermined: 'The list is stale.',
  })
  const nobody = worldOf(() => signer.list({}, { ...certified }))
  expect(await nobody.lists.statusOf({ issuer: 'x509_hash:first', by: 'x5c', reference })).toHaveProperty(
    'undetermined',
  )
})

test('TSL-11.3-2 certificates speak for nobody who is known in another way, and no other key for them', async () => {
  for (const by of ['did', 'jwt_vc_issuer'] as const) {
    const { status, asked } = await statusFrom(proving(party), { header: { x5c }, by })
    expect(status).toHaveProperty('refused')
    expect(asked).toEqual([])
  }
  const { status, asked } = await statusFrom(proving(party), { header: {} })
  expect(status).toHaveProperty('refused')
  expect(asked).toEqual([])
})
