import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { checkSignatures, hash, keyPairFor, outcomeOf, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { now, root } from '../x509/authority.test-support.ts'
import {
  anchorsOf,
  checksOfTrustedEntities,
  judgeTrustedEntities,
  readTrustedEntities,
} from './trusted-entities.ts'

const operator = keyPairFor('ES256')
const signer = signerFor('ES256', operator.privateJwk)
const type = 'http://uri.etsi.org/19602/LoTEType/EUPIDProvidersList'
const issuance = 'http://uri.etsi.org/19602/SvcType/PID/Issuance'
const expected = { type, keys: [operator.publicJwk] }

const time = (seconds: number): string => new Date(seconds * 1000).toISOString()

const scheme: JsonObject = {
  LoTEVersionIdentifier: 1,
  LoTESequenceNumber: 3,
  LoTEType: type,
  SchemeOperatorName: [{ lang: 'en', value: 'Ministry of Utopia' }],
  ListIssueDateTime: time(now - 60),
  NextUpdate: time(now + 60),
}

function service(certificates: readonly Uint8Array[], more: JsonObject = {}): JsonObject {
  return {
    ServiceInformation: {
      ServiceName: [{ lang: 'en', value: 'Issuance' }],
      ServiceTypeIdentifier: issuance,
      ServiceDigitalIdentity: {
        X509Certificates: certificates.map((der) => ({ val: Buffer.from(der).toString('base64') })),
      },
      ...more,
    },
  }
}

function signed(services: readonly JsonValue[], of: JsonObject = {}, header: JsonObject = {}): string {
  const entity = { TrustedEntityInformation: { TEName: [] }, TrustedEntityServices: services }
  const payload = {
    LoTE: { ListAndSchemeInformation: { ...scheme, ...of }, TrustedEntitiesList: [entity] },
  }
  const input = writeSigningInput({ alg: 'ES256', ...header }, payload)
  return writeJws(input, signer.sign(utf8(input)))
}

function judge(text: string, wanted = expected): string {
  const received = readTrustedEntities(text, wanted)
  const outcome = judgeTrustedEntities(received, checkSignatures(checksOfTrustedEntities(received)), {
    now,
    skewSeconds: 30,
    hash,
  })
  return outcome.outcome === 'accepted' ? `accepted ${outcome.last.sequence}` : outcome.code
}

test('TRU-18 the anchors of services that are current, under the names that the operator gives to their types', async () => {
  const [a, b, c] = [await root(), await root(), await root()]
  const granted = 'http://uri.etsi.org/19602/ListOfTrustedEntities/SvcStatus/notified'
  const text = signed([
    service([a.der], { ServiceStatus: granted }),
    service([b.der], {
      ServiceStatus: 'http://uri.etsi.org/19602/ListOfTrustedEntities/SvcStatus/withdrawn',
    }),
    service([c.der], { ServiceTypeIdentifier: 'http://uri.etsi.org/19602/SvcType/PID/Revocation' }),
    service([a.der.subarray(1), b.der]),
  ])
  const { list } = readTrustedEntities(text, expected)
  expect(anchorsOf(list, { [issuance]: 'pid' }).map(({ id, certificate }) => [id, certificate.der])).toEqual([
    ['pid', a.der],
    ['pid', b.der],
  ])
  expect(anchorsOf(list, {})).toEqual([])
  expect(judge(text)).toBe('accepted 3')
})

test('TRU-14, TRU-16 the scheme operator signs it, for its type, and it has an end', () => {
  expect(judge(signed([], {}, { typ: 'trustlist+jwt', crit: ['sigT'], sigT: time(now), x5c: [] }))).toBe(
    'accepted 3',
  )
  expect(judge(signed([]), { type, keys: [keyPairFor('ES256').publicJwk] })).toBe('signature_invalid')
  expect(judge(signed([]), { ...expected, type: `${type}2` })).toBe('other_list')
  expect(judge(signed([], { NextUpdate: time(now) }))).toBe('expired')
})

test.each<[string, JsonObject]>([
  ['another version', { LoTEVersionIdentifier: 2 }],
  ['no number', { LoTESequenceNumber: '3' }],
  ['number 0', { LoTESequenceNumber: 0 }],
  ['no type', { LoTEType: '' }],
  ['no end', { NextUpdate: null }],
  ['an end without a zone', { NextUpdate: '2027-01-01T00:00:00' }],
  ['an end in no month', { NextUpdate: '2027-13-01T00:00:00Z' }],
])('TRU-17 a list of entities with %s is refused', (_, of) => {
  expect(outcomeOf(() => readTrustedEntities(signed([], of), expected))).toBe('list_malformed')
})

test.each<[string, JsonValue]>([
  ['that is none', 1],
  ['without information', {}],
  ['without identity', service([], { ServiceDigitalIdentity: null })],
  [
    'with a certificate that is no base64',
    service([], { ServiceDigitalIdentity: { X509Certificates: [{ val: '?' }] } }),
  ],
])('TRU-17 a service %s refuses the list', (_, broken) => {
  expect(outcomeOf(() => readTrustedEntities(signed([broken]), expected))).toBe('list_malformed')
})
