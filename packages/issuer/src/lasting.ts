/**
 * What is promised for later must be possible to collect: a bearer token lives for minutes, and a promise for weeks. So
 * where anything may be promised, grants can be used again for as long as promises stand, though for nothing else.
 */
import type { IssuerPorts } from './ports.ts'
import type { IssuerSettings } from './settings.ts'

/** The settings, with refresh tokens where promises would outlive every token otherwise. */
export function lasting(settings: IssuerSettings, ports: Pick<IssuerPorts, 'subjectClaims'>): IssuerSettings {
  const { authorization, deferral } = settings
  const { dpop, boundTokenLifetime = 0, refreshLifetime } = authorization
  const tokensLast = dpop === 'required' && boundTokenLifetime >= deferral.lifetime
  if (refreshLifetime > 0 || tokensLast || !mayPromise(settings, ports)) return settings
  const collecting = { refreshLifetime: deferral.lifetime, refreshFor: 'collecting' } as const
  return { ...settings, authorization: { ...authorization, ...collecting } }
}

function mayPromise(
  { configurations }: IssuerSettings,
  { subjectClaims }: Pick<IssuerPorts, 'subjectClaims'>,
): boolean {
  return (
    subjectClaims !== undefined ||
    Object.values(configurations).some(({ approval }) => approval === 'required')
  )
}
