/** Ports and settings of the issuer of a node: what its operator decided, on the ground that it stands on. */
import { checkSignatures, deflate, hash, macOf, random } from '@facet-id/crypto/node'
import { defaultSettings, type IssuerPorts, type IssuerSettings } from '@facet-id/issuer'
import type { AuthorizationSettings } from '@facet-id/issuer/authorization'
import { PERSON_CONFIGURATION, personCredential } from '../person-credential.ts'
import { secondOpinion, secondReading } from '../second-opinion.ts'
import type { Ground } from '../service/node.ts'
import { encryptionIn } from './encryption-keys.ts'
import { optionalPorts, type World } from './issuer-ports.ts'
import type { IssuingOptions, NodeCredential } from './options.ts'
import { type Certified, signingFor } from './signing.ts'

type PartsOptions = IssuingOptions & Pick<World, 'development'>

/** In development mode the wallet of this product is known, wherever on this machine it waits. */
const ownWallet: AuthorizationSettings['clients'] = {
  'facet-wallet': { name: 'Facet wallet', redirectUris: ['http://127.0.0.1/back'] },
}

/** Seconds for which a wallet tops up without asking its person again, where the operator does not say. */
const REFRESH = 90 * 24 * 3600

/** What an issuer is made from. */
export interface IssuerParts {
  readonly ports: IssuerPorts
  readonly settings: IssuerSettings
}

export async function issuerParts(
  { store, identity, url, now, deriveKey, onUnforeseen }: Ground,
  options: PartsOptions,
  { certified, world }: { readonly certified: Certified | undefined; readonly world: World },
): Promise<IssuerParts> {
  const {
    signer,
    signers,
    secondOpinion: opinion,
    knownBy,
    knownByOf,
  } = signingFor({ secondOpinion, ...options }, identity, certified)
  const ports: IssuerPorts = {
    store,
    signer,
    ...(signers === undefined ? {} : { signers }),
    checkSignatures,
    hash,
    random,
    mac: macOf(deriveKey('facet issuer mac')),
    deflate,
    now,
    ...(opinion === undefined ? {} : { secondOpinion: opinion }),
    secondReading: (unsigned: string) => secondReading(unsigned).claims,
    onUnforeseen,
    ...(options.encryption === undefined ? {} : { encryption: await encryptionIn(store) }),
    ...optionalPorts(options, world),
  }
  const credentials: Readonly<Record<string, NodeCredential>> = options.configurations ?? {
    [PERSON_CONFIGURATION]: personCredential,
  }
  const configurations = Object.entries(credentials).map(([id, { knownBy: own, ...rest }]) => {
    if (own === undefined) return [id, rest]
    return [id, { ...rest, knownBy: typeof own === 'object' ? own : knownByOf(own) }]
  })
  const settings = {
    ...settingsOf(options),
    credential_issuer: url,
    did: identity.did,
    knownBy,
    configurations: Object.fromEntries(configurations),
  }
  return { ports, settings }
}

/** What the operator decided, and our defaults for the rest. */
function settingsOf(
  options: PartsOptions,
): Omit<IssuerSettings, 'credential_issuer' | 'did' | 'configurations'> {
  const { statusList, authorization, deferral } = defaultSettings
  return {
    ...defaultSettings,
    profile: options.profile ?? defaultSettings.profile,
    display: [{ name: options.name ?? 'Facet issuance node', locale: 'en' }],
    batchSize: options.batchSize ?? defaultSettings.batchSize,
    statusList: { ...statusList, ttl: options.statusListTtl ?? statusList.ttl },
    tokenLifetime: options.tokenLifetime ?? defaultSettings.tokenLifetime,
    secondOpinionEvery: options.secondOpinionEvery ?? defaultSettings.secondOpinionEvery,
    authorization: {
      ...authorization,
      refreshLifetime: REFRESH,
      ...options.authorization,
      clients: { ...(options.development ? ownWallet : {}), ...options.authorization?.clients },
    },
    didMethods: options.didMethods ?? [],
    encryption: options.encryption ?? defaultSettings.encryption,
    notifications: options.notifications ?? false,
    deferral: { ...deferral, ...options.deferral },
    handOver: options.handOver ?? defaultSettings.handOver,
    scheme: options.development ? 'https_or_loopback_http' : 'https',
  }
}
