/** What the operator decides about how credentials are asked for: proofs, encryption, waiting, and news of them. */
import type { KeyAttestationsRequired } from '@facet-id/protocol/openid4vci/metadata'

/** Which key proofs a configuration takes; at least one type. */
export interface ProofsTaken {
  readonly jwt?: ProofRules
  readonly attestation?: ProofRules
}

export interface ProofRules {
  /**
   * What must be attested of the keys: of each list one level at least. Absent: for `jwt` no attestation is due,
   * and one that comes is judged all the same; for `attestation` any trusted one will do.
   */
  readonly keyAttestations?: KeyAttestationsRequired
}

export interface IssuanceSettings {
  /**
   * Methods of DIDs that proofs may name their keys by, as `did:key`; none without the port `resolveKey`, which is asked
   * about no others. The metadata names them.
   */
  readonly didMethods: readonly string[]
  /**
   * Whether proofs may show their keys by certificates (`x5c`), about which the port `resolveKey` is asked then. Metadata
   * has no name for it: wallets know from elsewhere.
   */
  readonly certifiedProofs: boolean
  /** What counts only with the port `encryption`: whether messages in the clear are taken. */
  readonly encryption: { readonly requests: Encryption; readonly responses: Encryption }
  /** Whether wallets are asked to tell what became of their credentials (OpenID4VCI §11). */
  readonly notifications: boolean
  readonly deferral: {
    /** Seconds that a wallet is told to wait where nobody says how long it takes. */
    readonly interval: number
    /** Seconds for which something that is deferred can become a credential. */
    readonly lifetime: number
  }
  /**
   * Seconds for which an answer with credentials can be had again by the wallet that it was for, unless it said that
   * it has it: an answer may be lost on its way. Until then the claims, or the credentials, rest sealed. At the
   * credential endpoint it is signed anew, a few times and only while the access token lives; what was deferred is
   * given again byte for byte. 0: never.
   */
  readonly handOver: number
}

export type Encryption = 'accepted' | 'required'

export const defaultIssuance: IssuanceSettings = {
  didMethods: [],
  certifiedProofs: false,
  encryption: { requests: 'accepted', responses: 'accepted' },
  notifications: false,
  deferral: { interval: 60, lifetime: 30 * 24 * 3600 },
  handOver: 300,
}

/** What a configuration takes that does not say. */
export const defaultProofs: ProofsTaken = { jwt: {} }

/** The first rule that does not hold, in words; absent: all hold. */
export function faultIn(
  { didMethods, certifiedProofs, encryption, deferral, handOver }: IssuanceSettings,
  given: { readonly [Port in 'resolveKey' | 'encryption']: boolean },
): string | undefined {
  const rules: readonly (readonly [boolean, string])[] = [
    [didMethods.every((method) => /^did:[a-z0-9]+$/.test(method)), 'didMethods has names like did:key'],
    [
      (didMethods.length === 0 && !certifiedProofs) || given.resolveKey,
      'didMethods is empty, and certifiedProofs false, unless there is a port resolveKey',
    ],
    [
      given.encryption || (encryption.requests !== 'required' && encryption.responses !== 'required'),
      'encryption is required only where there is a port encryption',
    ],
    [
      // §8.2: a key for the response comes in an encrypted request alone.
      encryption.responses !== 'required' || encryption.requests === 'required',
      'encryption of requests is required where that of responses is',
    ],
    [
      [deferral.interval, deferral.lifetime].every((seconds) => isWhole(seconds, 1)) && isWhole(handOver, 0),
      'deferral and handOver have whole seconds',
    ],
  ]
  return rules.find(([holds]) => !holds)?.[1]
}

/** Why a configuration's proofs cannot be taken; absent: they can. */
export function faultInProofs(proofs: ProofsTaken, hasAttesters: boolean): string | undefined {
  const taken = [proofs.jwt, proofs.attestation].flatMap((rules) => rules ?? [])
  if (taken.length === 0) return 'takes jwt or attestation at least'
  const asked = proofs.attestation !== undefined || taken.some((rules) => rules.keyAttestations !== undefined)
  if (asked && !hasAttesters) return 'asks for key attestations only where there is a port keyAttesters'
  return undefined
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}
