/**
 * Claim descriptions: which claims a credential has, in the order in which they are shown.
 * OpenID4VCI 1.0 Appendix B.2, B.3.
 */
import type { JsonValue } from '@facet-id/credential/json'
import { type ClaimsPath, readClaimsPath } from '@facet-id/credential/sd-jwt'
import * as v from 'valibot'
import {
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  type Same,
} from '../../read.ts'
import { type ClaimDisplay, claimDisplays } from './display.ts'

export interface ClaimDescription {
  readonly path: ClaimsPath
  /** Whether the credential always has it; absent means `false`. */
  readonly mandatory?: boolean
  readonly display?: readonly ClaimDisplay[]
}

/** Descriptions of one configuration. */
const DESCRIPTIONS = 500
/** Components of one path. */
const PATH_LENGTH = 32

const path: Reader<ClaimsPath> = v.pipe(
  v.custom<JsonValue>(() => true),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return readClaimsPath(dataset.value)
    } catch {
      addIssue({ message: 'must be a claims path' })
      return NEVER
    }
  }),
  v.check((components) => components.length <= PATH_LENGTH, 'is too long a path'),
)

const claimDescription = members({
  path,
  mandatory: optional(v.boolean()),
  display: ornament(claimDisplays),
})

true satisfies Same<Plain<ClaimDescription>, Reads<typeof claimDescription>>

/** In the order in which they are to be shown; none contradicts another. */
export const claimDescriptions: Reader<readonly ClaimDescription[]> = v.pipe(
  list(claimDescription, DESCRIPTIONS),
  v.check(agree, 'must describe each claim once, and each node as one kind'),
)

/**
 * Appendix B.3: a claim described twice, or one node taken for an object here and for an array there,
 * or for all elements here and for one there, must not be processed.
 */
function agree(descriptions: readonly ClaimDescription[]): boolean {
  const kinds = new Map<string, string>()
  const seen = new Set<string>()
  return descriptions.every(({ path }) => {
    const whole = JSON.stringify(path)
    if (seen.has(whole)) return false
    seen.add(whole)
    return path.every((component, index) => {
      const node = JSON.stringify(path.slice(0, index))
      const kind = component === null ? 'all elements' : typeof component
      const known = kinds.get(node) ?? kind
      kinds.set(node, known)
      return known === kind
    })
  })
}
