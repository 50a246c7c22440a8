import { memoryStore, recordForm } from '@facet-id/store'
import { hash, outcomeOf } from '@facet-id/testkit'
import type { CertificateIdentity } from '@facet-id/trust'
import { expect, test } from 'vitest'
import { identity } from '../identity.test-support.ts'
import { ISSUER, issuerIdentity, NOW, testIssuer } from '../issuer.test-support.ts'
import { theOne, type WorldChanges, world } from '../wallet.test-support.ts'

const stranger = identity()

const certifiedAs = (serial: number, more: Partial<CertificateIdentity> = {}): CertificateIdentity => ({
  anchor: 'registry',
  subject: 'C=UTO, O=Registry',
  sanDns: [],
  sanUris: [],
  sha256: `certificate-${serial}`,
  ...more,
})

/** An issuer that is known by the certificate of the moment, which stands in the header as its place among these. */
function certifiedWorld(certificates: readonly CertificateIdentity[], changes: WorldChanges = {}) {
  const issuer = testIssuer({ refreshes: true, grant: { tx_code: undefined } })
  const signWith = (place: number): void => {
    issuer.ways.credentials = (keys, issue) =>
      keys.map((key) =>
        issue(key, { claims: { iss: undefined }, header: { kid: undefined, x5c: [btoa(String(place))] } }),
      )
  }
  signWith(0)
  const own = world({
    issuer,
    settings: { issuerKeys: { taken: ['did', 'x5c'], scheme: 'https' } },
    ...changes,
    ports: {
      issuerKeyOf(of) {
        const place = of.by === 'x5c' ? Number(new TextDecoder().decode(of.chain[0])) : 0
        const certificate = certificates[place]
        if (certificate === undefined) return { refused: 'no such certificate' }
        return { key: issuerIdentity.keys.publicJwk, issuer: `x509_hash:${certificate.sha256}`, certificate }
      },
    },
  })
  return { ...own, issuer, signWith }
}

test.each([
  ['of the same names below the same anchor', certifiedAs(1), certifiedAs(2), 'accepted'],
  [
    'that names the credential issuer',
    certifiedAs(1),
    certifiedAs(2, { anchor: 'other', subject: 'C=UTO, O=Anew', sanDns: ['issuer.example'] }),
    'accepted',
  ],
  [
    'of the same names below another anchor',
    certifiedAs(1),
    certifiedAs(2, { anchor: 'other' }),
    'issuer_changed',
  ],
  ['of somebody else', certifiedAs(1), certifiedAs(2, { subject: 'C=UTO, O=Other' }), 'issuer_changed'],
])(
  'VCI-13.5-2 after a certificate %s came in the place of the one before, more copies are %s',
  async (_, before, after, said) => {
    const { holder, issuer, signWith } = certifiedWorld([before, after])
    const { credentialId } = theOne(await holder.accept(issuer.link))
    signWith(1)
    expect(await outcomeOf(() => holder.topUp(credentialId))).toBe(said)
  },
)

test('VCI-13.5-2 copies that several certificates signed are refused, also where the copies do not name their issuer', async () => {
  const { holder, issuer } = certifiedWorld([certifiedAs(1), certifiedAs(2)])
  issuer.ways.credentials = (keys, issue) =>
    keys.map((key, place) =>
      issue(key, {
        claims: { iss: undefined },
        header: { kid: undefined, x5c: [btoa(String(place === 0 ? 0 : 1))] },
      }),
    )
  expect(await outcomeOf(() => holder.accept(issuer.link))).toBe('credential_substituted')
})

test('VCI-13.5-2 whom an issuer signed as is also read as it was kept before the ways to know it were told apart', async () => {
  const key = hash('sha-256', ISSUER)
  const former = (did: string) => {
    const store = memoryStore({ now: () => NOW * 1000 })
    const value = recordForm<object>(1).write({ credentialIssuer: ISSUER, did })
    return store.commit([{ op: 'put', ns: 'holder/issuer', key, value }]).then(() => store)
  }
  const accepts = async (did: string) => {
    const { holder, issuer } = world({ store: await former(did) })
    return outcomeOf(() => holder.accept(issuer.link))
  }
  expect(await accepts(issuerIdentity.did)).toBe('accepted')
  expect(await accepts(stranger.did)).toBe('issuer_changed')
  expect(await accepts('x509_hash:certificate-9')).toBe('accepted')
  const certified = async (sha256: string) => {
    const store = await former(`x509_hash:${sha256}`)
    const { holder, issuer } = certifiedWorld([certifiedAs(1)], { store })
    return outcomeOf(() => holder.accept(issuer.link))
  }
  expect(await certified('certificate-1')).toBe('accepted')
  expect(await certified('certificate-9')).toBe('issuer_changed')
})
