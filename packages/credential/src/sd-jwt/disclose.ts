/**
 * Chooses disclosures: the holder's half of SD-JWT. RFC 9901 §7.2.
 */
import { type ClaimPlace, type ClaimsPath, selectByPath } from './claims-path.ts'
import type { DisclosedClaim, OpenedSdJwt } from './open.ts'

/**
 * The disclosures that show what the paths reach, in the order they were issued, each once.
 *
 * A path shows the value it ends at and the disclosures that the value stands inside of (§4.2.6);
 * what is disclosable inside that value stays withheld unless another path reaches it. A path that
 * ends in `null` shows every element.
 *
 * @throws {CredentialError} `claims_path_type_mismatch`, `claim_absent`, `claims_path_malformed`
 */
export function selectDisclosures(opened: OpenedSdJwt, paths: readonly ClaimsPath[]): readonly string[] {
  const chosen = new Set<string>()
  const places = placesOf(opened.disclosed)
  for (const path of paths) {
    for (const { at } of selectByPath(opened.claims, path)) {
      for (const encoded of disclosuresTo(places, at)) chosen.add(encoded)
    }
  }
  return opened.disclosed.filter(({ encoded }) => chosen.has(encoded)).map(({ encoded }) => encoded)
}

/** The places of the processed claims that lead to a disclosed one, as a tree. */
interface PlaceNode {
  readonly inside: Map<string | number, PlaceNode>
  encoded?: string
}

function placesOf(disclosed: readonly DisclosedClaim[]): PlaceNode {
  const root: PlaceNode = { inside: new Map() }
  for (const { at, encoded } of disclosed) {
    let node = root
    for (const step of at) {
      const next = node.inside.get(step) ?? { inside: new Map() }
      node.inside.set(step, next)
      node = next
    }
    node.encoded = encoded
  }
  return root
}

/** From the outside in: a claim is reached through every disclosure it stands inside of. */
function disclosuresTo(root: PlaceNode, at: ClaimPlace): readonly string[] {
  const found: string[] = []
  let node: PlaceNode | undefined = root
  for (const step of at) {
    node = node?.inside.get(step)
    if (node?.encoded !== undefined) found.push(node.encoded)
  }
  return found
}
