/**
 * How the issuer identifies itself in what it signs, by configuration: its DID, its address or a certificate.
 * SD-JWT VC §2.5. Each is the operator's choice, and none is taken in the place of another.
 */
import type { IssuerKey } from '@facet-id/credential/sd-jwt-vc'
import { IssuerError } from '../error.ts'
import type { IssuerPorts } from '../ports.ts'
import type { CredentialConfiguration, IssuerSettings, KnownBy } from '../settings.ts'

export type NamedSigner = IssuerPorts['signer']

const ways: readonly KnownBy['by'][] = ['did', 'jwt_vc_issuer', 'x5c']

/** Lists of one way of being known; more than will ever be full. */
const LISTS_OF_A_WAY = 100_000_000

/** That of the configuration, or that of the issuer where the configuration has none of its own. */
export function knownByOf(
  { knownBy }: Pick<CredentialConfiguration, 'knownBy'>,
  settings: Pick<IssuerSettings, 'knownBy'>,
): KnownBy {
  return knownBy ?? settings.knownBy
}

/** All ways in which the issuer is known, its own first; one that several configurations share counts once. */
export function waysOf({ knownBy, configurations }: IssuerSettings): readonly KnownBy[] {
  const all = [knownBy, ...Object.values(configurations).flatMap((own) => own.knownBy ?? [])]
  return all.filter((known, place) => all.findIndex(({ by }) => by === known.by) === place)
}

/** Whose key signs what is known in that way. */
export function signerFor({ by }: KnownBy, ports: Pick<IssuerPorts, 'signer' | 'signers'>): NamedSigner {
  return ports.signers?.[by] ?? ports.signer
}

/** How headers name the key. */
export function keyNaming(
  knownBy: KnownBy,
  { scheme }: Pick<IssuerSettings, 'scheme'>,
  { kid }: Pick<NamedSigner, 'kid'>,
): IssuerKey {
  switch (knownBy.by) {
    case 'did':
      return { by: 'did', kid }
    case 'jwt_vc_issuer':
      return { by: 'jwt_vc_issuer', kid: knownBy.kid, scheme }
    case 'x5c':
      return { by: 'x5c', chain: knownBy.chain }
  }
}

/** Who stands as `iss`; nobody where a certificate says who it is. */
export function issuerName(
  { by }: KnownBy,
  { did, credential_issuer }: Pick<IssuerSettings, 'did' | 'credential_issuer'>,
): string | undefined {
  return { did, jwt_vc_issuer: credential_issuer, x5c: undefined }[by]
}

/**
 * The first list for what is known in that way. A list is signed as what stands in it is: so the lists of the
 * issuer's own way begin at 0, and those of any other beyond all of them.
 */
export function firstListOf({ by }: KnownBy, settings: Pick<IssuerSettings, 'knownBy'>): number {
  return by === settings.knownBy.by ? 0 : (ways.indexOf(by) + 1) * LISTS_OF_A_WAY
}

/** In which way the issuer signs that list. @throws {IssuerError} `endpoint_unknown` */
export function knownByOfList(list: number, settings: IssuerSettings): KnownBy {
  const of = Math.floor(list / LISTS_OF_A_WAY) - 1
  const by = of === -1 ? settings.knownBy.by : ways[of]
  const known = waysOf(settings).find((way) => way.by === by)
  if (known === undefined) {
    throw new IssuerError('endpoint_unknown', 'There is no status list of that number')
  }
  return known
}
