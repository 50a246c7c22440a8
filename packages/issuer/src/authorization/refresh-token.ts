/**
 * Refresh tokens: they name their grant and prove themselves, so none has to be kept. A generation makes old
 * ones known where they are replaced at each use.
 */
import type { Mac } from '@facet-id/credential/jose'

export interface RefreshToken {
  readonly grantId: string
  /** From 1. */
  readonly generation: number
}

const FORM = /^([A-Za-z0-9_-]{22})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/

export function writeRefreshToken({ grantId, generation }: RefreshToken, mac: Mac): string {
  return `${grantId}.${generation}.${proofOf({ grantId, generation }, mac)}`
}

/** `undefined`: none of ours. */
export function readRefreshToken(token: string, mac: Mac): RefreshToken | undefined {
  const [, grantId, number, proof] = FORM.exec(token) ?? []
  if (grantId === undefined || proof === undefined) return undefined
  const read = { grantId, generation: Number(number) }
  // Two keyed digests are compared, so the time that the comparison takes says nothing about ours.
  return mac(`compare.${proof}`) === mac(`compare.${proofOf(read, mac)}`) ? read : undefined
}

function proofOf({ grantId, generation }: RefreshToken, mac: Mac): string {
  return mac(`refresh_token.${grantId}.${generation}`)
}
