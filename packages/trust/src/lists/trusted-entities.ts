/**
 * Lists of trusted entities (ETSI TS 119 602 V1.1.1, the JSON binding): a scheme operator's list of
 * services, each with the certificates that vouch for it. They become anchors; which anchor is believed for
 * what is the operator's rule, as for any other.
 */
import { readBase64url } from '@facet-id/credential/base64url'
import type { PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { readCertificate } from '../certificate/certificate.ts'
import { TrustError } from '../error.ts'
import type { TrustAnchor } from '../x509/path-rules.ts'
import { type Edition, type EditionOutcome, type EditionRules, judgeEdition, refused } from './edition.ts'
import { checksOfSignedText, malformed, readSignedText, type SignedText } from './signed-text.ts'

export interface TrustedEntities extends Edition {
  /** `LoTEType`: which kind of list this is, a URI. */
  readonly type: string
  readonly services: readonly TrustedService[]
}

export interface TrustedService {
  /** `ServiceTypeIdentifier`: what the service does, a URI. */
  readonly type: string
  /** DER of the certificates that vouch for it. */
  readonly certificates: readonly Uint8Array[]
}

export interface ExpectedEntities {
  readonly type: string
  /** Keys of the scheme operator, obtained out of band. */
  readonly keys: readonly PublicJwk[]
}

export interface ReceivedEntities {
  readonly text: SignedText
  readonly list: TrustedEntities
  readonly expected: ExpectedEntities
}

/** Statuses in which a service counts, by the end of their URIs; a list without statuses lists only what counts. */
const current = /\/(?:granted|notified)$/
const maxServices = 4096

/** @throws {TrustError} `list_malformed` */
export function readTrustedEntities(text: string, expected: ExpectedEntities): ReceivedEntities {
  const signed = readSignedText(text)
  return { text: signed, list: readContents(object(findMember(signed.payload, 'LoTE'), 'LoTE')), expected }
}

export function checksOfTrustedEntities({ text, expected }: ReceivedEntities): readonly SignatureCheck[] {
  return checksOfSignedText(text, expected.keys)
}

/** @param verdicts one for each check, in order */
export function judgeTrustedEntities(
  { text, list, expected }: ReceivedEntities,
  verdicts: readonly Verdict[],
  rules: EditionRules,
): EditionOutcome {
  const outcome = judgeEdition(text.signingInput, list, { verdicts, rules })
  if (outcome.outcome === 'refused' && outcome.code === 'signature_invalid') return outcome
  if (list.type !== expected.type)
    return refused('other_list', 'The list is of another type than was asked for.')
  return outcome
}

/**
 * The anchors of an accepted list. A certificate of a kind that is not taken here is left out: it could
 * vouch for nobody.
 *
 * @param anchorOf the operator's name of the anchor for each type of service; other services are read over
 */
export function anchorsOf(
  list: TrustedEntities,
  anchorOf: Readonly<Record<string, string>>,
): readonly TrustAnchor[] {
  return list.services.flatMap(({ type, certificates }) => {
    const id = Object.hasOwn(anchorOf, type) ? anchorOf[type] : undefined
    return id === undefined ? [] : certificates.flatMap((der) => readAnchor(der, id))
  })
}

function readAnchor(der: Uint8Array, id: string): readonly TrustAnchor[] {
  try {
    return [{ id, certificate: readCertificate(der) }]
  } catch (error) {
    if (error instanceof TrustError) return []
    throw error
  }
}

function readContents(lote: JsonObject): TrustedEntities {
  const scheme = object(findMember(lote, 'ListAndSchemeInformation'), 'ListAndSchemeInformation')
  if (findMember(scheme, 'LoTEVersionIdentifier') !== 1) throw malformed('is of another version than 1')
  const entities = findMember(lote, 'TrustedEntitiesList') ?? []
  const services = list(entities, 'TrustedEntitiesList').flatMap((entity) =>
    list(findMember(object(entity, 'an entity'), 'TrustedEntityServices'), 'TrustedEntityServices').flatMap(
      readService,
    ),
  )
  if (services.length > maxServices) throw malformed('has more services than are read')
  const sequence = findMember(scheme, 'LoTESequenceNumber')
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1)
    throw malformed('needs LoTESequenceNumber, a whole number from 1')
  return {
    type: text(scheme, 'LoTEType'),
    sequence,
    issuedAt: time(scheme, 'ListIssueDateTime'),
    expiresAt: time(scheme, 'NextUpdate'),
    services,
  }
}

function readService(value: JsonValue): readonly TrustedService[] {
  const service = object(findMember(object(value, 'a service'), 'ServiceInformation'), 'ServiceInformation')
  const status = findMember(service, 'ServiceStatus')
  if (status !== undefined && (typeof status !== 'string' || !current.test(status))) return []
  const identity = object(findMember(service, 'ServiceDigitalIdentity'), 'ServiceDigitalIdentity')
  const certificates = list(findMember(identity, 'X509Certificates') ?? [], 'X509Certificates')
  return [{ type: text(service, 'ServiceTypeIdentifier'), certificates: certificates.map(readBytes) }]
}

function readBytes(value: JsonValue): Uint8Array {
  const base64 = text(object(value, 'a certificate'), 'val')
  try {
    return readBase64url(
      base64
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/={1,2}$/, ''),
    )
  } catch (cause) {
    throw malformed('has a certificate that is no base64', cause)
  }
}

/** `2026-11-26T00:00:00Z`, a fraction of a second allowed. */
function time(of: JsonObject, member: string): number {
  const said = text(of, member)
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(said)
    ? Date.parse(said)
    : Number.NaN
  if (Number.isNaN(milliseconds)) throw malformed(`needs ${member}, a time in UTC`)
  return Math.floor(milliseconds / 1000)
}

function text(of: JsonObject, member: string): string {
  const value = findMember(of, member)
  if (typeof value !== 'string' || value === '') throw malformed(`needs ${member}, a text`)
  return value
}

function object(value: JsonValue | undefined, what: string): JsonObject {
  if (isJsonObject(value)) return value
  throw malformed(`needs ${what}, an object`)
}

function list(value: JsonValue | undefined, what: string): readonly JsonValue[] {
  if (isJsonArray(value)) return value
  throw malformed(`needs ${what}, a list`)
}
