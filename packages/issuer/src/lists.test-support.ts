/** For tests of the issuer: what a status list says. */
import { readStatusReference, type StatusReference } from '@facet-id/credential/status-list'
import { deflate } from '@facet-id/testkit'
import { listIn, verified } from './wallet.test-support.ts'
import { ISSUER, type World, world } from './world.test-support.ts'

export const LIST = `${ISSUER}/status-lists/0`

export async function referencesIn(
  here: World,
  credentials: readonly string[],
): Promise<readonly StatusReference[]> {
  const references: StatusReference[] = []
  for (const credential of credentials) {
    const reference = readStatusReference((await verified(here, credential)).claims)
    if (reference !== undefined) references.push(reference)
  }
  return references
}

/** The entries of the list that are not valid, in order. */
export async function invalidIn(here: World, uri = LIST): Promise<readonly number[]> {
  const { bits } = await listIn(here, uri)
  const invalid: number[] = []
  for (const [at, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit++) if (((byte >> bit) & 1) === 1) invalid.push(at * 8 + bit)
  }
  return invalid
}

export function inOrder(references: readonly StatusReference[]): readonly number[] {
  return references.map(({ idx }) => idx).sort((a, b) => a - b)
}

/** An issuer that counts its signatures over status lists. */
export function counting(): { here: World; signed: () => number } {
  let signed = 0
  const here = world({
    ports: {
      deflate: (bytes) => {
        signed++
        return deflate(bytes)
      },
    },
  })
  return { here, signed: () => signed }
}
