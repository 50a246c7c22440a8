/**
 * What HAIP 1.0 wants of an issuer, behind one setting, `profile: 'haip'`: what can be demanded of wallets is demanded,
 * and what the operator has to bring along, certificates, somebody to ask and providers to believe, is looked for.
 */
import { isSelfIssued, readCertificate } from '@facet-id/trust/x509'
import { knownByOf } from './issuance/known-by.ts'
import type { IssuerPorts } from './ports.ts'
import type { CredentialConfiguration, IssuerSettings, KnownBy } from './settings.ts'

/** What is looked at. */
export interface HaipChecked {
  readonly settings: Pick<IssuerSettings, 'knownBy' | 'configurations' | 'proofAlgs' | 'authorization'>
  readonly ports: Pick<IssuerPorts, 'userAuthentication' | 'walletProviderKey'>
}

/** The settings with what their profile demands of wallets: pushed requests, bound tokens and attestations (§4). */
export function profiled(settings: IssuerSettings): IssuerSettings {
  if (settings.profile !== 'haip') return settings
  return {
    ...settings,
    authorization: {
      ...settings.authorization,
      pushedRequests: 'required',
      dpop: 'required',
      clientAttestation: 'required',
    },
  }
}

/**
 * All that lacks for HAIP 1.0 §4 and §6, in words that begin with their section; nothing where all is there.
 *
 * @param checked with the settings as they would count: {@link profiled} demands what can be demanded
 */
export function findHaipGaps({ settings, ports }: HaipChecked): readonly string[] {
  const { authorization, configurations, proofAlgs } = settings
  const all = Object.entries(configurations)
  const rules: readonly (readonly [holds: boolean, gap: string])[] = [
    [
      ports.userAuthentication !== undefined,
      'HAIP 4: persons are asked, so that there are authorization codes',
    ],
    [authorization.pushedRequests === 'required', 'HAIP 4: pushed authorization requests are required'],
    [
      authorization.pushedLifetime < 600,
      'HAIP 4: pushed requests live for less than 600 seconds (FAPI 2.0 5.3.2.2)',
    ],
    [authorization.dpop === 'required', 'HAIP 4: access tokens are bound by DPoP'],
    [authorization.clientAttestation === 'required', 'HAIP 4.4.1: wallets are attested'],
    [ports.walletProviderKey !== undefined, 'HAIP 4.4.1: providers of wallets are named who are believed'],
    ...all.map(([id, { scope }]) => [scope !== '', `HAIP 4.1: configurations.${id} has a scope`] as const),
    ...all.map(([id, own]) => [hasOwnScope(own, configurations), scopeGap(id)] as const),
    [settings.knownBy.by === 'x5c', 'HAIP 4.1: metadata is signed by a certificate: knownBy is x5c'],
    ...all.map(
      ([id, own]) =>
        [
          knownByOf(own, settings).by === 'x5c',
          `HAIP 6.1.1: credentials of configurations.${id} and their status lists are signed by a certificate`,
        ] as const,
    ),
    [
      [settings.knownBy, ...all.map(([, own]) => knownByOf(own, settings))].every(isFit),
      'HAIP 6.1.1: no certificate is self-signed, and the root is not sent along',
    ],
    [proofAlgs.includes('ES256'), 'HAIP 7: proofAlgs has ES256'],
  ]
  return rules.filter(([holds]) => !holds).map(([, gap]) => gap)
}

/** §4.3: whoever asks by a scope asks for one type. */
function hasOwnScope(
  { scope, vct }: CredentialConfiguration,
  configurations: IssuerSettings['configurations'],
): boolean {
  return Object.values(configurations).every((other) => other.scope !== scope || other.vct === vct)
}

function scopeGap(id: string): string {
  return `HAIP 4.3: the scope of configurations.${id} is that of one type`
}

function isFit(known: KnownBy): boolean {
  if (known.by !== 'x5c') return true
  try {
    return known.chain.length > 0 && known.chain.every((der) => !isSelfIssued(readCertificate(der)))
  } catch {
    return false
  }
}
