/**
 * The shelf: credentials that are held, and their copies. A copy is shown once; taking one from the
 * shelf is a commit that one presentation wins.
 */
import type { AuthorityFacts } from '@facet-id/protocol/openid4vp/dcql'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { CredentialName } from './name.ts'

export const CREDENTIAL_NS = 'holder/credential'
export const COPY_NS = 'holder/copy'

/** What all copies of one credential have in common. */
export interface CredentialRecord {
  readonly credentialId: string
  /** The Credential Issuer Identifier it came from. */
  readonly credentialIssuer: string
  /** Who signed it, as proven with the key: a DID, or an address. */
  readonly issuer: string
  readonly vct: string
  /** The types that its type extends, as the documents about them say that were checked; absent: none is known. */
  readonly extended?: readonly string[]
  /** Who certified its issuer, as was found when its copies came; absent: nobody is known to have. */
  readonly certified?: AuthorityFacts
  readonly configurationId: string
  /** What to call it, in the first language that the issuer gave; absent when it gave none. */
  readonly name?: string
  /** What to call it in each language; absent when nobody gave it a name. */
  readonly names?: readonly CredentialName[]
  /** Seconds since the epoch, both. */
  readonly receivedAt: number
  readonly expiresAt?: number
  /**
   * How many digests of a copy stand for nothing that the issuer handed out: decoys, or claims that it kept
   * back. Absent: none. The person is told, for nobody else can ask the issuer (RFC 9901 §7.1).
   */
  readonly undisclosed?: number
  /** The grant that more copies are had by; absent: there is none. */
  readonly grantId?: string
  /** Which data set it is of, where the grant names several. */
  readonly credentialIdentifier?: string
  /** What the issuer wants to be told by when the credential is deleted; absent: nothing. */
  readonly notifications?: readonly NotificationHandle[]
}

/** Names credentials of one response towards their issuer (OpenID4VCI §11). */
export interface NotificationHandle {
  readonly endpoint: string
  readonly notificationId: string
}

export interface CopyRecord {
  readonly credentialId: string
  /** The SD-JWT with all disclosures, as issued. */
  readonly compact: string
  readonly keyId: string
  /** Seconds since the epoch; absent while the copy was never shown. */
  readonly usedAt?: number
  /** Seconds since the epoch; absent: it does not expire. */
  readonly expiresAt?: number
  /** Seconds since the epoch; absent in copies that were kept before this was noted. */
  readonly receivedAt?: number
}

const credentialForm = recordForm<CredentialRecord>(1)
const copyForm = recordForm<CopyRecord>(1)

export interface StandingCopy {
  readonly key: string
  readonly version: Version
  readonly record: CopyRecord
}

export function keepCredential(record: CredentialRecord, copies: readonly CopyRecord[]): readonly Op[] {
  return [
    {
      op: 'put',
      ns: CREDENTIAL_NS,
      key: record.credentialId,
      value: credentialForm.write(record),
      if: 'absent',
    },
    ...putCopies(record.credentialId, copies, 0),
  ]
}

/**
 * More copies of a credential that is held, in the place of those that are of no more use.
 *
 * @param held all that are there
 * @param gone those of them that go
 */
export function joinCopies(
  record: CredentialRecord,
  copies: readonly CopyRecord[],
  { held, gone }: { readonly held: readonly StandingCopy[]; readonly gone: readonly StandingCopy[] },
): readonly Op[] {
  const { credentialId } = record
  const places = held.map(({ key }) => Number(key.slice(credentialId.length + 1)))
  return [
    { op: 'put', ns: CREDENTIAL_NS, key: credentialId, value: credentialForm.write(record) },
    // Refused when one of them was shown meanwhile.
    ...gone.map(({ key, version }): Op => ({ op: 'check', ns: COPY_NS, key, version })),
    ...gone.map(({ key }): Op => ({ op: 'del', ns: COPY_NS, key })),
    ...putCopies(credentialId, copies, Math.max(-1, ...places) + 1),
  ]
}

function putCopies(credentialId: string, copies: readonly CopyRecord[], from: number): readonly Op[] {
  return copies.map((copy, place) => ({
    op: 'put',
    ns: COPY_NS,
    key: `${credentialId}.${String(from + place).padStart(4, '0')}`,
    value: copyForm.write(copy),
    if: 'absent',
  }))
}

export async function* listCredentials(store: Store): AsyncIterable<CredentialRecord> {
  for await (const entry of store.range(CREDENTIAL_NS)) yield credentialForm.read(entry.value)
}

export async function findCredential(
  store: Store,
  credentialId: string,
): Promise<CredentialRecord | undefined> {
  const entry = await store.get(CREDENTIAL_NS, credentialId)
  return entry && credentialForm.read(entry.value)
}

export async function copiesOf(store: Store, credentialId: string): Promise<readonly StandingCopy[]> {
  const copies: StandingCopy[] = []
  for await (const { key, value, version } of store.range(COPY_NS, {
    gte: `${credentialId}.`,
    lt: `${credentialId}/`,
  })) {
    copies.push({ key, version, record: copyForm.read(value) })
  }
  return copies
}

/** Refused when another presentation took this copy first. */
export function spendCopy({ key, version, record }: StandingCopy, usedAt: number): Op {
  return { op: 'put', ns: COPY_NS, key, value: copyForm.write({ ...record, usedAt }), if: { version } }
}

/** Whether it can still be shown without being recognised. */
export function isFresh({ usedAt, expiresAt }: CopyRecord, now: number): boolean {
  return usedAt === undefined && (expiresAt === undefined || expiresAt > now)
}

export function dropCredential(credentialId: string, copies: readonly StandingCopy[]): readonly Op[] {
  return [
    { op: 'del', ns: CREDENTIAL_NS, key: credentialId },
    ...copies.map(({ key }): Op => ({ op: 'del', ns: COPY_NS, key })),
  ]
}
