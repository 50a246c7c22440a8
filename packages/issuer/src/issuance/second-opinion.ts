/** Which copies a second engine reads before they are handed out, and what is made of its answer. */
import type { Random } from '@facet-id/credential/jose'
import { type JsonObject, sameJson } from '@facet-id/credential/json'
import { IssuerError } from '../error.ts'
import type { Draft } from './issuance.ts'

/** A signed copy, and what it was meant to say. */
export interface CopyToRead {
  readonly credential: string
  readonly draft: Draft
}

/** By chance, so that nobody can tell which copies will not be read; `every` of 1 takes all. */
export function isSampled(every: number, random: Random): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = random(4)
  // As a whole number below 2^32, whose remainder by at most a million is as good as even.
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % every === 0
}

/** @throws {Error} when the other engine saw anything but what was to be issued; told to nobody but the operator */
export function checkSeen(seen: JsonObject, { says }: Draft): void {
  if (!sameJson(seen, says)) throw new Error('The claims that were read back are not those that were signed')
}

/** Towards the operator: what was found, and what to do. The wallet is told nothing of it. */
export function opinionDiffers(configurationId: string, cause: unknown): IssuerError {
  return new IssuerError(
    'second_opinion_differs',
    `A second engine reads a credential of the configuration ${JSON.stringify(configurationId)} differently: nothing was issued, and none of it will be until you have seen why and resumed it`,
    { cause },
  )
}

/** Towards the wallet: nothing is used up, so the same offer is good later. */
export function configurationStopped(): IssuerError {
  return new IssuerError(
    'configuration_stopped',
    'Credentials of this kind are not issued at the moment; nothing was used up, try again later',
  )
}
