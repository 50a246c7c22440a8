/** Our holder, in memory: its person agrees to whatever can be answered, unless a test decides otherwise. */
import { generateEncryptionKey, generateKey, jweOpenerOf, sealJwe, signerOf } from '@facet-id/crypto/node'
import { createHolder, defaultSettings, type Holder, softwareKeys } from '@facet-id/holder'
import type { PresentationConsent, PresentationDecision } from '@facet-id/holder/presentation'
import type { ClientPorts } from '@facet-id/holder/verifiers'
import type { TransactionType } from '@facet-id/protocol/openid4vp/transaction-data'
import { memoryStore } from '@facet-id/store'
import type { TestAuthority } from './certificates.ts'
import { type Closing, ourWorld } from './world.ts'

export interface OurHolderOptions {
  readonly authority: TestAuthority
  readonly closing: Closing
  readonly transactionTypes?: readonly TransactionType[]
  /** How it knows verifiers besides those by certificates of that authority. */
  readonly clients?: ClientPorts
  /** Its clock, in seconds since the epoch; absent: that of this machine. */
  readonly clock?: () => number
}

export interface OurHolder {
  readonly holder: Holder
  /** The questions that the person was asked, the last one last. */
  readonly asked: readonly PresentationConsent[]
  /** Decides the next question; those after it are agreed to again. */
  decideNext(decision: PresentationDecision): void
  /** Takes an offer to its end. */
  accept(offer: { readonly link: string; readonly txCode?: string }): Promise<void>
}

export function ourHolderOf({
  authority,
  closing,
  transactionTypes = [],
  clients = {},
  clock,
}: OurHolderOptions): OurHolder {
  const world = ourWorld(closing, clock)
  const store = memoryStore({ now: () => world.now() * 1000 })
  const asked: PresentationConsent[] = []
  let next: PresentationDecision | undefined
  let txCode: string | undefined
  const undecided = () => ({ decision: 'undetermined', why: 'The person decides' }) as const
  const holder = createHolder(
    {
      ...world,
      store,
      keys: softwareKeys({ store, generateKey, signerOf }),
      trust: { mayIssue: undecided, mayAsk: undecided },
      clients: { certificateOf: authority.certificateOf, ...clients },
      encryption: {
        seal: sealJwe,
        generateKey() {
          const { publicJwk, privateJwk } = generateEncryptionKey()
          return { publicJwk, open: jweOpenerOf(privateJwk) }
        },
      },
      consent: {
        toFetch: () => ({ agreed: true }),
        toReceive: () => ({ agreed: true, ...(txCode === undefined ? {} : { txCode }) }),
        toPresent(question) {
          asked.push(question)
          const decision = next ?? { agreed: question.items.length > 0 }
          next = undefined
          return decision
        },
      },
    },
    {
      ...defaultSettings,
      copies: 50,
      transactionTypes,
      issuerKeys: { taken: ['did', 'jwt_vc_issuer'], scheme: 'https_or_loopback_http' },
      scheme: 'https_or_loopback_http',
    },
  )
  return {
    holder,
    asked,
    decideNext(decision) {
      next = decision
    },
    async accept(offer) {
      txCode = offer.txCode
      await holder.accept(offer.link)
    },
  }
}
