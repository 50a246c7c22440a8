/**
 * Documents of trust that are published at an address and replaced there from time to time: signed lists of trusted
 * parties, lists of trusted entities, revocation lists. What each is and who may sign it is told beforehand.
 */
import type { PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import type { PartyRules } from '@facet-id/trust'
import {
  anchorsOf,
  checksOfTrustedEntities,
  checksOfTrustList,
  type Edition,
  type EditionOutcome,
  type EditionRules,
  judgeTrustedEntities,
  judgeTrustList,
  readTrustedEntities,
  readTrustList,
} from '@facet-id/trust/lists'
import {
  checksOfRevocationList,
  judgeRevocationList,
  type RevocationList,
  readPem,
  readRevocationList,
  type TrustAnchor,
} from '@facet-id/trust/x509'

export interface TrustDocument<Content> {
  /** What it is called, for people and in explanations. */
  readonly name: string
  /** What it is, whatever its address: editions are kept under this. */
  readonly identity: string
  readonly url: string
  /** Media types that it may come as; the first is the proper one. */
  readonly mediaTypes: readonly string[]
  /** @throws {TrustError} for what cannot be read */
  read(body: Uint8Array): ReadDocument<Content>
}

/** An edition as parsed; whose it is, the checks say. */
export interface ReadDocument<Content> {
  readonly edition: Edition
  readonly content: Content
  /** One that holds is enough, and there may be none. */
  readonly checks: readonly SignatureCheck[]
  judge(verdicts: readonly Verdict[], rules: EditionRules): EditionOutcome
}

export interface ListAt {
  readonly url: string
  readonly list: string
  readonly environment: string
  /** Who may sign it, obtained out of band. */
  readonly keys: readonly PublicJwk[]
}

export interface EntitiesAt {
  readonly url: string
  /** `LoTEType`. */
  readonly type: string
  /** Keys of the scheme operator, obtained out of band. */
  readonly keys: readonly PublicJwk[]
  /** The name of the anchor for each type of service. */
  readonly anchorOf: Readonly<Record<string, string>>
}

export interface RevocationsAt {
  readonly url: string
  /** What the operator calls the anchor. */
  readonly anchor: string
  /** Its certificates: one of them signed the list. */
  readonly anchors: readonly TrustAnchor[]
}

const jose = ['application/jose', 'application/jwt'] as const
/** RFC 2585 §4.2; PEM beside it, as some authorities publish theirs. */
const revocationTypes = ['application/pkix-crl', 'application/x-pem-file'] as const

/** A signed list of trusted parties (`specs/trust.md` §6). */
export function trustListAt({ url, ...expected }: ListAt): TrustDocument<PartyRules> {
  return {
    name: expected.list,
    identity: `list ${expected.environment} ${expected.list}`,
    url,
    mediaTypes: ['application/facet-trust-list+jwt', ...jose],
    read(body) {
      const received = readTrustList(textOf(body), expected)
      return {
        edition: received.list,
        content: received.list.rules,
        checks: checksOfTrustList(received),
        judge: (verdicts, rules) => judgeTrustList(received, verdicts, rules),
      }
    },
  }
}

/** A list of trusted entities (ETSI TS 119 602); what it gives are anchors. */
export function trustedEntitiesAt({
  url,
  anchorOf,
  ...expected
}: EntitiesAt): TrustDocument<readonly TrustAnchor[]> {
  return {
    name: expected.type,
    identity: `entities ${expected.type}`,
    url,
    mediaTypes: jose,
    read(body) {
      const received = readTrustedEntities(textOf(body), expected)
      return {
        edition: received.list,
        content: anchorsOf(received.list, anchorOf),
        checks: checksOfTrustedEntities(received),
        judge: (verdicts, rules) => judgeTrustedEntities(received, verdicts, rules),
      }
    },
  }
}

/** A complete revocation list of an anchor (RFC 5280 §5), in DER or PEM. */
export function revocationListAt({ url, anchor, anchors }: RevocationsAt): TrustDocument<RevocationList> {
  return {
    name: `revocation list of ${anchor}`,
    identity: `revocations ${anchor}`,
    url,
    mediaTypes: revocationTypes,
    read(body) {
      const list = readRevocationList(derOf(body))
      return {
        edition: { sequence: list.number, issuedAt: list.thisUpdate, expiresAt: list.nextUpdate },
        content: list,
        checks: checksOfRevocationList(list, anchors),
        judge: (verdicts, rules) => judgeRevocationList(list, verdicts, rules),
      }
    },
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(body: Uint8Array): string {
  return decoder.decode(body).trim()
}

/** DER begins with a SEQUENCE, PEM with a dash. */
function derOf(body: Uint8Array): Uint8Array {
  if (body[0] === 0x30) return body
  const [der = new Uint8Array()] = readPem(textOf(body), 'X509 CRL')
  return der
}
