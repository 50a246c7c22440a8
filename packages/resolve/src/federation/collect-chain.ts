/**
 * Collecting a trust chain (OpenID Federation 1.0 §10.1): from an entity upwards along `authority_hints`, until a chain
 * leads to an anchor and holds. Depth, breadth and requests are bounded, and nobody is met twice on one way.
 */
import type { CheckSignatures } from '@facet-id/credential/jose'
import {
  beginFederation,
  checksOfFederation,
  type FederationOutcome,
  type FederationRules,
  judgeFederation,
} from '@facet-id/trust/federation'
import type { FederationBounds } from './ports.ts'
import type { Stated, Statements } from './statements.ts'

export type ProvenChain = Extract<FederationOutcome, { readonly outcome: 'proven' }>

export interface Collecting {
  readonly statements: Statements
  readonly rules: FederationRules
  readonly checkSignatures: CheckSignatures
  readonly bounds: Pick<FederationBounds, 'maxSuperiors' | 'maxDepth'>
}

/** The first chain that holds; absent where none was found. */
export async function findChain(collecting: Collecting): Promise<ProvenChain | undefined> {
  const own = await collecting.statements.configurationOf(collecting.rules.subject)
  return own === undefined ? undefined : climb([own.text], [own], collecting)
}

/**
 * @param chain as far as it goes: what the subject says of itself, then what each superior says
 * @param met the configurations of all on the way, the uppermost last
 */
async function climb(
  chain: readonly string[],
  met: readonly Stated[],
  collecting: Collecting,
): Promise<ProvenChain | undefined> {
  const { statements, bounds } = collecting
  const below = met.at(-1)?.statement
  if (below === undefined || chain.length > bounds.maxDepth) return undefined
  for (const superiorId of superiorsOf(below.authorityHints, collecting)) {
    if (met.some(({ statement }) => statement.sub === superiorId)) continue
    const superior = await statements.configurationOf(superiorId)
    if (superior === undefined) continue
    const about = await statements.statementAbout(below.sub, superior.statement)
    if (about === undefined) continue
    const longer = [...chain, about.text]
    const found = isAnchor(superiorId, collecting)
      ? await judge([...longer, superior.text], met, collecting)
      : await climb(longer, [...met, superior], collecting)
    if (found !== undefined) return found
  }
  return undefined
}

/** Anchors first: most chains are short, and then nobody else hears of it. */
function superiorsOf(hints: readonly string[], collecting: Collecting): readonly string[] {
  const distinct = [...new Set(hints)]
  return [
    ...distinct.filter((id) => isAnchor(id, collecting)),
    ...distinct.filter((id) => !isAnchor(id, collecting)),
  ].slice(0, collecting.bounds.maxSuperiors)
}

function isAnchor(id: string, { rules }: Collecting): boolean {
  return rules.anchors.some(({ entityId }) => entityId === id)
}

async function judge(
  chain: readonly string[],
  met: readonly Stated[],
  collecting: Collecting,
): Promise<ProvenChain | undefined> {
  const proven = await judgeChain(chain, collecting)
  if (proven !== undefined) collecting.statements.remember([...chain, ...met.map(({ text }) => text)])
  return proven
}

/** A chain that is there already: whether it leads from the subject to an anchor, and holds. Absent where it does not. */
export async function judgeChain(
  chain: readonly string[],
  { rules, checkSignatures }: Pick<Collecting, 'rules' | 'checkSignatures'>,
): Promise<ProvenChain | undefined> {
  const judgement = beginFederation(chain, rules)
  const outcome = judgeFederation(judgement, await checkSignatures(checksOfFederation(judgement)))
  return outcome.outcome === 'refused' ? undefined : outcome
}
