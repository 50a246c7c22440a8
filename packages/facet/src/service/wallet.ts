/** A wallet on this machine: the holder role, its state sealed under a passphrase. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { derivePassphraseSealer, generateKey, random, signerOf } from '@facet-id/crypto/node'
import { type Consent, createHolder, defaultSettings, type Holder, softwareKeys } from '@facet-id/holder'
import { openLevelStore } from '@facet-id/level'
import type { Transport } from '@facet-id/protocol/wire'
import { openWithPassphrase } from '@facet-id/store'
import type { Trust } from '@facet-id/trust'
import { type Clock, systemClock } from './clock.ts'
import { judgingPorts, transportFor } from './judging-ports.ts'

export interface WalletOptions {
  readonly dataDirectory: string
  readonly passphrase: string
  readonly development: boolean
  readonly consent: Consent
  /** Copies to ask for with each credential. */
  readonly copies?: number
  /** Stands around everything that leaves the wallet. */
  readonly around?: (transport: Transport) => Transport
  readonly clock?: Clock
}

export interface Wallet {
  readonly holder: Holder
  close(): Promise<void>
}

/** @throws {StoreError} `passphrase_wrong`, `store_locked`, `store_corrupt` */
export async function openWallet(options: WalletOptions): Promise<Wallet> {
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 })
  const level = await openLevelStore({ location: join(options.dataDirectory, 'store') })
  try {
    const { now } = options.clock ?? systemClock
    const store = await openWithPassphrase(level, options.passphrase, {
      derive: derivePassphraseSealer,
      random,
    })
    const direct = transportFor(options.development)
    const transport = options.around?.(direct) ?? direct
    const holder = createHolder(
      {
        store,
        keys: softwareKeys({ store, generateKey, signerOf }),
        transport,
        consent: options.consent,
        trust: thePersonDecides,
        random,
        now,
        ...judgingPorts(transport, now),
      },
      {
        ...defaultSettings,
        copies: options.copies ?? defaultSettings.copies,
        scheme: options.development ? 'https_or_loopback_http' : 'https',
      },
    )
    return { holder, close: () => level.close() }
  } catch (error) {
    await level.close()
    throw error
  }
}

/** No list says who is to be believed, so each time the person does. */
const thePersonDecides: Trust = {
  mayIssue: () => ({
    decision: 'undetermined',
    why: 'No trust list is configured in this wallet; the person decides',
  }),
  mayAsk: () => ({
    decision: 'undetermined',
    why: 'No trust list is configured in this wallet; the person decides',
  }),
}
