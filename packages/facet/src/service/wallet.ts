/** A wallet on this machine: the holder role, its state sealed under a passphrase. */
import { derivePassphraseSealer, generateKey, random, signerOf } from '@facet-id/crypto/node'
import {
  type Consent,
  createHolder,
  defaultSettings,
  type Holder,
  type HolderPorts,
  type HolderSettings,
  softwareKeys,
} from '@facet-id/holder'
import type { ClientPorts } from '@facet-id/holder/verifiers'
import { openLevelStore } from '@facet-id/level'
import type { Transport } from '@facet-id/protocol/wire'
import { openWithPassphrase, type Store } from '@facet-id/store'
import type { Trust } from '@facet-id/trust'
import { authorityKeysOf } from '@facet-id/trust/x509'
import { type Clock, systemClock } from '../clock.ts'
import { makeDataDirectory, storeIn } from '../config/data-directory.ts'
import type { SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import { type FollowedTrust, followTrust, trustFetching, trustTransports } from '../trust/followed-trust.ts'
import { type CardWish, drawCard } from '../types/card.ts'
import type { TypeSources } from '../types/type-sources.ts'
import type { TrustedCertificates } from './certificate-keys.ts'
import { type Closing, createClosing } from './closing.ts'
import { developmentProvider } from './development-provider.ts'
import { anyIssuerKeys, type JudgingPorts, judgingPorts, transportFor } from './judging-ports.ts'
import { encryption, knownVerifiers } from './known-verifiers.ts'
import { sweepAll } from './sweeping.ts'

export interface WalletOptions {
  readonly dataDirectory: string
  readonly passphrase: string
  readonly development: boolean
  readonly consent: Consent
  /** Copies to ask for with each credential. */
  readonly copies?: number
  /** Languages that the person reads, best first; absent: none is preferred. */
  readonly languages?: readonly string[]
  /** What it is called towards issuers where no attestation says it; absent: it has no name. */
  readonly clientId?: string
  /** How the person's browser is sent to issuers, and comes back; absent: pre-authorized codes only. */
  readonly browser?: {
    readonly redirectUri: string
    readonly authorize: NonNullable<HolderPorts['authorize']>
  }
  /** In development mode: attests the wallet and its keys; absent: nobody does. */
  readonly walletProvider?: SigningCertificate
  /** Stands around everything that leaves the wallet. */
  readonly around?: (transport: Transport) => Transport
  readonly clock?: Clock
  /** Who is believed; absent: the person decides each time. */
  readonly trust?: Trust
  /** A trust configuration, in the place of `trust`: what it names at addresses is fetched when it is due. */
  readonly trustFile?: string
  /** Whose certificates issuers may be known by; absent: nobody's. */
  readonly certificates?: TrustedCertificates
  /** Documents about types besides those of the release; absent: none. */
  readonly types?: TypeSources
  /** Kinds of transactions that `consent` can show, besides those of the trust configuration; absent: none. */
  readonly transactionTypes?: HolderSettings['transactionTypes']
}

export interface Wallet {
  readonly holder: Holder
  /**
   * The card of a credential, in SVG, with its claims on it: {@link drawCard} says what is thrown.
   *
   * @throws {HolderError} `credential_unknown`
   */
  card(credentialId: string, wish: CardWish): Promise<string>
  /** Safe to call twice. */
  close(): Promise<void>
}

/**
 * @throws {FacetError} `data_directory_unusable`, `development_mode_needed`; {HolderError} `settings_invalid`;
 * {StoreError} `passphrase_wrong`, `store_locked`, `store_corrupt`
 */
export async function openWallet(options: WalletOptions): Promise<Wallet> {
  const { dataDirectory, passphrase, development, clock = systemClock } = options
  if (options.walletProvider !== undefined && !development)
    throw new FacetError(
      'development_mode_needed',
      'A wallet that attests itself is for development mode only',
    )
  await makeDataDirectory(dataDirectory)
  const closing = createClosing()
  try {
    const level = await openLevelStore({ location: storeIn(dataDirectory), now: () => clock.now() * 1000 })
    closing.add(() => level.close())
    const store = await openWithPassphrase(level, passphrase, { derive: derivePassphraseSealer, random })
    await sweepAll(store)
    const direct = transportFor(development)
    closing.add(() => direct.close())
    const followed = await followedFor(options, store, closing)
    const transport = options.around?.(direct) ?? direct
    const certificates = options.certificates ?? followed
    const ports = judgingPorts({
      store,
      transport,
      now: clock.now,
      development,
      types: options.types,
      ...(certificates === undefined ? {} : { certificates }),
    })
    const clients = knownVerifiers({ certificates, followed, now: clock.now })
    const holder = holderOn({ store, transport, followed, ports, clients }, options)
    return {
      holder,
      card: async (credentialId, wish) =>
        drawCard(await holder.claims(credentialId), wish, { transport, ...ports }),
      close: () => closing.close(),
    }
  } catch (error) {
    await closing.close().catch(() => {})
    throw error
  }
}

async function followedFor(
  { trustFile, development, around, clock = systemClock }: WalletOptions,
  store: Store,
  closing: Closing,
): Promise<FollowedTrust | undefined> {
  if (trustFile === undefined) return undefined
  const reaching = trustTransports(development, around)
  closing.add(() => reaching.close())
  const fetching = trustFetching(reaching, store)
  const followed = await followTrust({ file: trustFile, fetching, now: clock.now })
  closing.add(() => followed.close())
  // Awaited, since a wallet is opened for a purpose. What is fetched depends on the clock, and on no one it meets.
  await followed.refresh()
  return followed
}

interface Standing {
  readonly store: Store
  readonly transport: Transport
  readonly followed: FollowedTrust | undefined
  readonly ports: JudgingPorts
  readonly clients: ClientPorts
}

function holderOn({ store, transport, followed, ports, clients }: Standing, options: WalletOptions): Holder {
  const { consent, copies, development, clock = systemClock, trust = thePersonDecides } = options
  const { browser, walletProvider, clientId, languages = [], transactionTypes = [] } = options
  return createHolder(
    {
      store,
      keys: softwareKeys({ store, generateKey, signerOf }),
      transport,
      consent,
      trust: followed?.trust ?? trust,
      ...(followed === undefined ? {} : { federationOf: followed.federationOf }),
      encryption,
      authorityKeysOf,
      clients,
      ...(browser === undefined ? {} : { authorize: browser.authorize }),
      ...(walletProvider === undefined ? {} : developmentProvider(walletProvider, { store, now: clock.now })),
      random,
      now: clock.now,
      ...ports,
    },
    {
      ...defaultSettings,
      copies: copies ?? defaultSettings.copies,
      languages,
      ...(clientId === undefined ? {} : { clientId }),
      ...(browser === undefined ? {} : { redirectUri: browser.redirectUri }),
      issuerKeys: anyIssuerKeys(development),
      typeMetadata: 'when_available',
      transactionTypes: [...transactionTypes, ...(followed?.configured().asking.transactionTypes ?? [])],
      scheme: development ? 'https_or_loopback_http' : 'https',
    },
  )
}

/** No list says who is to be believed, so each time the person does. */
const thePersonDecides: Trust = { mayIssue: undecided, mayAsk: undecided }

function undecided(): ReturnType<Trust['mayIssue']> {
  return {
    decision: 'undetermined',
    why: 'No trust list is configured in this wallet; the person decides',
  }
}
