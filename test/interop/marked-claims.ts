/**
 * Claims with marks on them: which become disclosable, and which of those a holder shows. From one such
 * tree come the claims, the frame, the paths, and, without any digest, what a verifier must see: the
 * answer that both engines are held against.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { ClaimsPath, DisclosureFrame } from '@facet-id/credential/sd-jwt'

export interface Marked {
  readonly conceal: boolean
  /** Whether the holder asks for it by its path. */
  readonly show: boolean
  readonly holds:
    | { readonly scalar: string | number | boolean | null }
    | { readonly members: readonly (readonly [string, Marked])[] }
    | { readonly elements: readonly Marked[] }
}

/** All of it, as the issuer knows it. */
export function claimsOf({ holds }: Marked): JsonValue {
  if ('scalar' in holds) return holds.scalar
  if ('elements' in holds) return holds.elements.map(claimsOf)
  return Object.fromEntries(holds.members.map(([name, member]) => [name, claimsOf(member)]))
}

export function frameOf(marked: Marked): DisclosureFrame {
  const children = childrenOf(marked)
  const concealed = children.filter(([, child]) => child.conceal).map(([step]) => step)
  const inner = children.filter(([, child]) => !('scalar' in child.holds))
  return {
    ...(concealed.length > 0 ? { _sd: concealed } : {}),
    ...Object.fromEntries(inner.map(([step, child]) => [step, frameOf(child)])),
  }
}

/** How many become disclosable. */
export function countOf(marked: Marked): number {
  return childrenOf(marked).reduce((sum, [, child]) => sum + (child.conceal ? 1 : 0) + countOf(child), 0)
}

/** Where the values stand that are asked for. */
export function pathsOf(marked: Marked, at: ClaimsPath = []): readonly ClaimsPath[] {
  return childrenOf(marked).flatMap(([step, child]) => {
    const here = [...at, step]
    return [...(child.show ? [here] : []), ...pathsOf(child, here)]
  })
}

/** What a verifier sees of it: what is in the clear, what is asked for, and what that stands inside of. */
export function shownOf(marked: Marked): JsonValue {
  const { holds } = marked
  if ('scalar' in holds) return holds.scalar
  if ('elements' in holds) return holds.elements.filter(isSeen).map(shownOf)
  const seen = holds.members.filter(([, member]) => isSeen(member))
  return Object.fromEntries(seen.map(([name, member]) => [name, shownOf(member)]))
}

/** What the other engine asks for, in its own shape. */
export function theirPathsOf(marked: Marked): object {
  const reached = childrenOf(marked).filter(([, child]) => isReached(child))
  return Object.fromEntries(
    reached.map(([step, child]) => [
      step,
      childrenOf(child).some(([, inner]) => isReached(inner)) ? theirPathsOf(child) : true,
    ]),
  )
}

/** All names of claims, at any depth. */
export function namesOf(marked: Marked): readonly string[] {
  return childrenOf(marked).flatMap(([step, child]) => [
    ...(typeof step === 'string' ? [step] : []),
    ...namesOf(child),
  ])
}

/** The claims as an object, which every payload is. */
export function payloadOf(marked: Marked): JsonObject {
  return claimsOf(marked) as JsonObject
}

export function childrenOf({ holds }: Marked): readonly (readonly [string | number, Marked])[] {
  if ('scalar' in holds) return []
  return 'elements' in holds
    ? holds.elements.map((element, index) => [index, element] as const)
    : holds.members
}

function isSeen(marked: Marked): boolean {
  return !marked.conceal || isReached(marked)
}

function isReached(marked: Marked): boolean {
  return marked.show || childrenOf(marked).some(([, child]) => isReached(child))
}
