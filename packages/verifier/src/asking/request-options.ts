/** What is wished of one request besides what it asks for. */
import type { Hash } from '@facet-id/credential/jose'
import { prefixRules } from '@facet-id/protocol/openid4vp/client'
import type { DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import type { PresentationRecord, Webhook } from '../result/presentation.ts'
import type { VerifierSettings } from '../settings.ts'
import { type ReadIdentity, readIdentity } from './identity.ts'
import { readPageOrigin } from './page-origin.ts'
import { readReturnAddress } from './return-address.ts'
import { type TransactionWish, writeTransactions } from './transaction-wish.ts'
import { unfit } from './unfit.ts'
import { checkWalletAddress } from './wallet-address.ts'
import type { Wish } from './wish.ts'

/** Of every request. */
export interface CommonOptions {
  /** As whom: a client id of this verifier. Absent: that of the settings. */
  readonly as?: string
  /** What the person authorizes by presenting. Absent: nothing. */
  readonly transactions?: readonly TransactionWish[]
  /** Where the result is sent, signed. Absent: it is fetched. */
  readonly webhook?: Webhook
}

/** Of a request whose answer the wallet posts. */
export interface RequestOptions extends CommonOptions {
  /**
   * On the same device: the browser that asks, by a value that only it has (a cookie of its session), and the
   * address that it comes back to. Absent: the wallet is on another device, and the result says so.
   */
  readonly sameDevice?: { readonly session: string; readonly returnTo: string }
  /** Absent: as the settings say. */
  readonly responseMode?: 'direct_post' | 'direct_post.jwt'
  /** The whole request in the link, for wallets that are not to fetch it. Absent: false, unless it is unsigned. */
  readonly byValue?: boolean
  /** What wallets are found by; `openid4vp://` when absent, `haip-vp://` or an https address of a wallet. */
  readonly at?: string
}

/** Of a request whose answer comes in the address of a page. */
export interface PageOptions extends CommonOptions {
  readonly page: string
  /** Absent: `fragment`, which no server logs. */
  readonly part?: 'fragment' | 'query'
  readonly at?: string
}

/** Of a request that a page makes through its platform (the Digital Credentials API). */
export interface PlatformOptions extends Omit<CommonOptions, 'as'> {
  /** Of the page, or of the app (`android:…`), as its platform tells it to wallets. */
  readonly origin: string
  /** As whom it is signed: several names, several signatures. Empty: unsigned; absent: as the client id of the settings. */
  readonly as?: readonly string[]
  /** Absent: true. */
  readonly encrypted?: boolean
}

/** What readers of options need. */
export interface Reading {
  readonly settings: VerifierSettings
  readonly identities: ReadonlyMap<string, ReadIdentity>
  readonly hash: Hash
  readonly canSend: boolean
}

/** @throws {VerifierError} `request_unfit` */
export function readOptions(query: DcqlQuery, options: RequestOptions, reading: Reading): Wish {
  const { settings, hash } = reading
  const identity = identityFor(options.as, reading)
  const response_mode = options.responseMode ?? settings.responseMode
  if (options.at !== undefined) checkWalletAddress(options.at, settings.scheme)
  checkEncryption(response_mode, identity)
  checkProfile(identity, settings)
  if (settings.profile === 'haip' && (response_mode !== 'direct_post.jwt' || options.byValue === true)) {
    throw unfit('HAIP has signed requests fetched and answers encrypted')
  }
  checkAddress(identity, `${settings.baseUrl}/responses`)
  return {
    ...commonOf(query, options, { identity, reading }),
    response_mode,
    oneAddress: identity.oneAddress,
    toKnownKey: !bringsKeys(identity),
    ...homeOf(options.sameDevice, settings, hash),
  }
}

/** @throws {VerifierError} `request_unfit` */
export function readPageOptions(query: DcqlQuery, options: PageOptions, reading: Reading): Wish {
  const { scheme, profile } = reading.settings
  if (profile === 'haip') throw unfit('HAIP has no answers in addresses')
  const redirect_uri = addressOf(options.page, scheme)
  if (options.at !== undefined) checkWalletAddress(options.at, scheme)
  const answers = `${reading.settings.baseUrl}/responses`
  if (redirect_uri === answers || redirect_uri.startsWith(`${answers}/`))
    throw unfit('a page is not where wallets post their answers')
  const identity = pageIdentity(options.as, redirect_uri, reading)
  checkAddress(identity, redirect_uri)
  return {
    ...commonOf(query, options, { identity, reading }),
    response_mode: options.part ?? 'fragment',
    redirect_uri,
    oneAddress: false,
    toKnownKey: false,
    flow: 'page',
  }
}

/** @throws {VerifierError} `request_unfit` */
export function readPlatformOptions(
  query: DcqlQuery,
  { as, origin, encrypted = true, ...common }: PlatformOptions,
  reading: Reading,
): { readonly wish: Wish; readonly signing: readonly ReadIdentity[] } {
  if (!encrypted && reading.settings.profile === 'haip') throw unfit('HAIP has answers encrypted')
  const signing = (as ?? [reading.settings.client_id]).map((name) => identityFor(name, reading))
  for (const one of signing) checkProfile(one, reading.settings)
  if (signing.some(({ signer }) => signer === undefined))
    throw unfit('a name that signs nothing cannot sign it')
  const identity = signing[0] ?? identityFor(undefined, reading)
  if (encrypted && signing.length === 1) checkEncryption('dc_api.jwt', identity)
  if (encrypted && signing.length > 1 && !signing.every(bringsKeys)) {
    throw unfit('of several names that sign it one is of those whose keys wallets know beforehand')
  }
  const wish: Wish = {
    ...commonOf(query, common, { identity, reading }),
    response_mode: encrypted ? 'dc_api.jwt' : 'dc_api',
    origin: readPageOrigin(origin, reading.settings.scheme),
    oneAddress: false,
    toKnownKey: signing.length > 0 && !bringsKeys(identity),
    flow: 'page',
  }
  return { wish, signing }
}

function identityFor(name: string | undefined, { identities, settings }: Reading): ReadIdentity {
  const identity = identities.get(name ?? settings.client_id)
  if (identity === undefined) {
    const names = [...identities.keys()].join(', ')
    throw unfit(`it is made as one of the names of this verifier, each with its prefix: ${names}`)
  }
  return identity
}

/** A client that is an address is, for an answer in the address of a page, that page (§5.9.3). */
function pageIdentity(as: string | undefined, page: string, reading: Reading): ReadIdentity {
  const { identities, settings, hash } = reading
  const client_id = `redirect_uri:${page}`
  const known = identities.get(client_id)
  if (known !== undefined && as === client_id) return known
  const isAddress = (name: string): boolean => identities.get(name)?.clientId.prefix === 'redirect_uri'
  const isMeant = as === undefined ? isAddress(settings.client_id) : as === client_id
  if (!isMeant || ![...identities.keys()].some(isAddress)) return identityFor(as, reading)
  return readIdentity({ client_id }, settings.scheme, hash)
}

function commonOf(
  query: DcqlQuery,
  { transactions = [], webhook }: CommonOptions,
  { identity, reading }: { readonly identity: ReadIdentity; readonly reading: Reading },
): Pick<Wish, 'client_id' | 'dcql_query' | 'transaction_data' | 'webhook'> {
  if (webhook !== undefined && !reading.canSend) throw unfit('this verifier was given no way to send results')
  return {
    client_id: identity.client_id,
    dcql_query: query,
    ...(transactions.length === 0 ? {} : { transaction_data: writeTransactions(transactions, query) }),
    ...(webhook === undefined ? {} : { webhook: readWebhook(webhook, reading.settings) }),
  }
}

/** The key of an answer stands in `client_metadata`, which of some clients is not read: those need one beforehand. */
function checkEncryption(mode: string, identity: ReadIdentity): void {
  if (mode.endsWith('.jwt') && !bringsKeys(identity) && identity.encryptionKey === undefined) {
    throw unfit('wallets read no keys in the requests of such a client, and none is known beforehand')
  }
}

/** HAIP 1.0 §5: signed requests are of `x509_hash`. */
function checkProfile({ clientId }: ReadIdentity, { profile }: VerifierSettings): void {
  if (profile === 'haip' && clientId.prefix !== 'x509_hash') throw unfit('HAIP knows verifiers by x509_hash')
}

/** §5.9.3: of an address or an attestation it is known where wallets answer. */
function checkAddress({ clientId, addresses }: ReadIdentity, address: string): void {
  if (clientId.prefix === 'redirect_uri' && clientId.id !== address) {
    throw unfit('a client that is an address is answered there and nowhere else')
  }
  if (addresses?.includes(address) === false) {
    throw unfit('a client is answered where its attestation says, and nowhere else')
  }
}

function bringsKeys({ clientId }: ReadIdentity): boolean {
  return prefixRules[clientId.prefix].metadata === 'taken'
}

/** A session that is guessed binds nothing. */
const SHORTEST_SESSION = 16
const LONGEST_REFERENCE = 256

function homeOf(
  sameDevice: RequestOptions['sameDevice'],
  { scheme }: VerifierSettings,
  hash: Hash,
): Pick<PresentationRecord, 'flow' | 'home'> {
  if (sameDevice === undefined) return { flow: 'cross_device' }
  const { session, returnTo } = sameDevice
  if (session.length < SHORTEST_SESSION)
    throw unfit('a session is known by a random text of 16 characters or more')
  const home = { session: hash('sha-256', session), returnTo: readReturnAddress(returnTo, scheme) }
  return { flow: 'same_device', home }
}

function readWebhook({ url, reference }: Webhook, { scheme }: VerifierSettings): Webhook {
  if (reference === '' || reference.length > LONGEST_REFERENCE) {
    throw unfit(`a webhook's reference has 1 to ${LONGEST_REFERENCE} characters`)
  }
  return { url: addressOf(url, scheme), reference }
}

function addressOf(text: string, scheme: Scheme): string {
  try {
    const { href, fragment } = readHttpUrl(text, scheme)
    if (fragment === undefined) return href
  } catch (cause) {
    throw unfit('an address in it is an https URL', cause)
  }
  throw unfit('an address in it has no fragment')
}
