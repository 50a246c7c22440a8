/** What the issuer of a node asks of the world, as its operator decided. */
import { algorithmOf } from '@facet-id/credential/jose'
import { checkSignatures, hash, random } from '@facet-id/crypto/node'
import type { IssuerPorts } from '@facet-id/issuer'
import type { KeyAttesters, SubjectClaims } from '@facet-id/issuer/issuance'
import type { SafeTransport } from '@facet-id/resolve/node'
import { ANSWER_WITHIN, within } from '../claims/within.ts'
import { PERSON_CONFIGURATION, personCredential } from '../person-credential.ts'
import { developmentLogin } from '../persons/development-login.ts'
import { foreignServers } from '../persons/foreign-servers.ts'
import { openIdProvider } from '../persons/openid-provider.ts'
import { judgingPorts } from '../service/judging-ports.ts'
import { createWalletProviders, type WalletProviders } from '../service/wallet-providers.ts'
import type { IssuingOptions } from './options.ts'

/** The world, as far as it is the same for all of them. */
export interface World {
  readonly transport: SafeTransport
  /** Seconds since the epoch. */
  readonly now: () => number
  readonly development: boolean
}

/** Those that an operator may leave out; what is not there is not offered. */
export function optionalPorts(options: IssuingOptions, world: World): Partial<IssuerPorts> {
  const { walletProviders, keyAttesters, didMethods = [], subjectClaims } = options
  return {
    ...(walletProviders === undefined
      ? {}
      : { walletProviderKey: createWalletProviders(walletProviders, world.now) }),
    ...(keyAttesters === undefined ? {} : { keyAttesters: attestersOf(keyAttesters, world.now) }),
    ...(didMethods.length === 0 ? {} : { resolveKey: keysOfDids(world) }),
    ...(subjectClaims === undefined ? {} : { subjectClaims: inTime(subjectClaims) }),
    ...askingPersons(options, world),
    ...otherServers(options, world),
  }
}

/** Sources of this product have a shorter time of their own; whatever else an operator gives is waited for no longer. */
function inTime(ask: SubjectClaims): SubjectClaims {
  return (asked) => within(ANSWER_WITHIN + 1000, () => ask(asked))
}

/** What the credentials are called on pages for persons, by configuration. */
export function titlesOf({
  configurations = { [PERSON_CONFIGURATION]: personCredential },
}: IssuingOptions): Readonly<Record<string, string>> {
  const named = Object.entries(configurations).map(
    ([id, { display }]) => [id, display[0]?.name ?? id] as const,
  )
  return Object.fromEntries(named)
}

function askingPersons(
  options: IssuingOptions,
  { transport, now, development }: World,
): Pick<IssuerPorts, 'userAuthentication'> {
  const { userAuthentication, openIdProvider: provider, developmentPersons } = options
  const titles = titlesOf(options)
  if (userAuthentication !== undefined) return { userAuthentication }
  if (provider !== undefined) {
    const scheme = development ? 'https_or_loopback_http' : 'https'
    const world = { transport, checkSignatures, hash, random, now, scheme } as const
    return { userAuthentication: openIdProvider({ ...provider, ...world, titles }) }
  }
  if (developmentPersons === undefined) return {}
  const claimsOf = developmentPersons === 'anybody' ? {} : { claimsOf: developmentPersons }
  return { userAuthentication: developmentLogin({ titles, ...claimsOf }) }
}

function otherServers(
  { servers, serverClients, authorization }: IssuingOptions,
  { transport, now, development }: World,
): Pick<IssuerPorts, 'serverKey' | 'verifyServerToken' | 'introspect'> {
  if (servers !== undefined) return servers
  if ((authorization?.servers ?? []).length === 0) return {}
  const scheme = development ? 'https_or_loopback_http' : 'https'
  const clients = serverClients === undefined ? {} : { clients: serverClients }
  return foreignServers({ transport, now, scheme, ...clients })
}

/** The same kinds of keys and certificates as providers of wallets have; they are believed about keys. */
function attestersOf(attesters: WalletProviders, now: () => number): KeyAttesters {
  const keyOf = createWalletProviders(attesters, now)
  const algs = [...new Set((attesters.registered ?? []).flatMap(({ keys }) => keys.map(algorithmOf)))]
  return {
    async keyOf(signedBy) {
      if (signedBy.by === 'x5c') {
        const { chain } = signedBy
        return firstOf(['ES256', 'ES384', 'ES512', 'EdDSA'] as const, (alg) => keyOf({ alg, x5c: chain }))
      }
      return firstOf(algs, (alg) => keyOf({ alg, kid: signedBy.kid }))
    },
  }
}

async function firstOf<Of, To>(
  all: readonly Of[],
  find: (one: Of) => To | undefined | Promise<To | undefined>,
): Promise<To | undefined> {
  for (const one of all) {
    const found = await find(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** Keys that a DID lists for proving who one is. */
function keysOfDids(world: World): NonNullable<IssuerPorts['resolveKey']> {
  const { resolveKey } = judgingPorts(world)
  return async (named) => {
    if (named.by !== 'did') return undefined
    const [did = ''] = named.kid.split('#', 1)
    const answer = await resolveKey({ did, kid: named.kid, relationship: 'authentication' })
    return 'key' in answer ? answer.key : undefined
  }
}
