/** Status lists that an operator brought along in files: each is verified before anything is judged by it. */
import { readDidUrl } from '@facet-id/credential/did'
import { checkSignatures, inflate } from '@facet-id/crypto/node'
import { readStatusListToken, type StatusListToken } from '@facet-id/protocol/token-status-list'
import { createKeyResolver } from '@facet-id/resolve'
import type { KnownStatusList } from '@facet-id/verifier/offline'
import { readText } from '../config/sealed-key.ts'
import { FacetError } from '../error.ts'
import { subjectOf } from '../inspect/status-list.ts'

export interface ListRules {
  /** Seconds since the epoch. */
  readonly now: number
  /** By how much the issuer's clock may be ahead; seconds. */
  readonly skew: number
  /** DIDs whose lists are taken. */
  readonly issuers: readonly string[]
}

/**
 * Reads `--status-list FILE …`: a status list token each, as its issuer published it. One that has ended is
 * taken too, and says nothing but that: which of several counts is told when a credential is judged.
 *
 * @throws {FacetError} `file_unusable` for what cannot be read, is changed or forged, comes from the future, or is
 *   signed by nobody who was named
 */
export async function readStatusListFiles(
  files: readonly string[],
  rules: ListRules,
): Promise<readonly KnownStatusList[]> {
  const lists: KnownStatusList[] = []
  for (const file of files) lists.push(await readStatusListFile(file, rules))
  return lists
}

async function readStatusListFile(file: string, { now, skew, issuers }: ListRules): Promise<KnownStatusList> {
  const text = (await readText(file)).trim()
  const token = readToken(text, file)
  const issuer = issuers.find((did) => did === didOf(token.kid))
  if (issuer === undefined)
    throw unusable(file, 'it is signed by none of the issuers that were named by --issuer')
  await refuseForged(token, { file, issuer })
  if (token.iat > now + skew) throw unusable(file, 'it says that it was made in the future')
  return {
    uri: token.sub,
    issuer,
    bits: token.bits,
    bytes: await inflated(token, file),
    asOf: token.iat,
    ...(token.exp === undefined ? {} : { expiresAt: token.exp }),
  }
}

function readToken(text: string, file: string): StatusListToken {
  try {
    return readStatusListToken(text, { uri: subjectOf(text) })
  } catch (cause) {
    throw unusable(file, 'it holds no status list token of an issuer with a DID', cause)
  }
}

/** Token Status List §8.3: "the Status List Token MUST be validated"; §11.3 says by whose key. */
async function refuseForged(
  token: StatusListToken,
  { file, issuer: did }: { readonly file: string; readonly issuer: string },
): Promise<void> {
  const { resolveKey } = createKeyResolver()
  const answer = await resolveKey({ did, kid: token.kid ?? '', relationship: 'assertionMethod' })
  if (!('key' in answer))
    throw unusable(file, 'the key that it names is not in the DID of its issuer, and nothing is fetched')
  const [verdict] = checkSignatures([token.check(answer.key)])
  if (verdict !== 'valid') throw unusable(file, 'it was changed or forged: its signature is not valid')
}

async function inflated({ lst, maxBytes }: StatusListToken, file: string): Promise<Uint8Array> {
  try {
    return await inflate(lst, maxBytes)
  } catch (cause) {
    throw unusable(file, 'its list cannot be opened, or is larger than is read here', cause)
  }
}

function didOf(kid = ''): string | undefined {
  try {
    return readDidUrl(kid).did
  } catch {
    return undefined
  }
}

function unusable(file: string, why: string, cause?: unknown): FacetError {
  return new FacetError('file_unusable', `${file} cannot be used as a status list: ${why}`, { cause })
}
