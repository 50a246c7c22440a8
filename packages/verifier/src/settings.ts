/** What the operator decides about a verifier: who it is, and how long things live. */
import { readIdentifierUrl, type Scheme } from '@facet-id/protocol/url'
import { VerifierError } from './error.ts'

export interface VerifierSettings {
  /** `decentralized_identifier:did:…`, whole, as it stands in requests and as the audience of answers. */
  readonly client_id: string
  /** Where wallets reach this verifier: a URL without query, fragment or a slash at its end. */
  readonly baseUrl: string
  /** How long a request can be answered, in seconds. */
  readonly requestLifetime: number
  /** How long a result is kept, in seconds, before it is deleted with the claims in it. */
  readonly resultLifetime: number
  /** The oldest key binding that is believed, in seconds. */
  readonly keyBindingMaxAge: number
  /** How far two honest clocks may differ, in seconds. */
  readonly clockSkew: number
  /** `https` in production; development may also use plain http on loopback. */
  readonly scheme: Scheme
}

/** What the operator may leave to us. */
export const defaultSettings: Omit<VerifierSettings, 'client_id' | 'baseUrl'> = {
  requestLifetime: 300,
  resultLifetime: 600,
  keyBindingMaxAge: 300,
  clockSkew: 30,
  scheme: 'https',
}

/** @throws {VerifierError} `settings_invalid` */
export function checkSettings(settings: VerifierSettings, kid: string): VerifierSettings {
  const { href } = readIdentifierUrl(settings.baseUrl, settings.scheme)
  require(!href.endsWith('/'), 'baseUrl has no slash at its end')
  require(settings.client_id ===
    `decentralized_identifier:${kid.split('#')[0]}`, 'client_id is "decentralized_identifier:" and the DID whose key signs')
  require(settings.requestLifetime > 0 && settings.resultLifetime > 0, 'lifetimes are positive')
  return settings
}

function require(holds: boolean, rule: string): void {
  if (!holds) throw new VerifierError('settings_invalid', `The verifier's settings must be such that ${rule}`)
}
