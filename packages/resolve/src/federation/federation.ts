/**
 * Whether an entity is a member of a federation whose anchor is trusted here: found out once, and kept for as long as
 * its chain says. The entity and its superiors see that somebody asked.
 */
import type { JsonObject } from '@facet-id/credential/json'
import type { FederationIdentity } from '@facet-id/trust'
import { createKept } from '../kept.ts'
import { type Collecting, findChain, judgeChain, type ProvenChain } from './collect-chain.ts'
import { defaultBounds, type FederationBounds, type FederationPorts } from './ports.ts'
import { createStatements, type Statements } from './statements.ts'
import { provenMarks } from './trust-marks.ts'

export type FederationAnswer =
  | {
      readonly member: FederationIdentity
      /** By entity type, after superior and policy. */
      readonly metadata: Readonly<Record<string, JsonObject>>
      /** Seconds since the epoch. */
      readonly validUntil: number
    }
  /** It could not be found out, in words that are safe to show. */
  | { readonly undetermined: string }
  /** It is no member, or too much would have to be asked for to know. */
  | { readonly refused: string }

export interface Federation {
  /**
   * Never rejects, and asks nobody for what is no entity identifier. Many who ask at once share one collecting.
   *
   * @param entityId an https URL without query or fragment, compared as text
   * @param trustChain what the entity sent along to spare the asking (§4.3); one that does not hold is passed over
   */
  memberOf(entityId: string, trustChain?: readonly string[]): Promise<FederationAnswer>
  /** What was found out and may still be believed; asks nobody. */
  known(entityId: string): FederationAnswer | undefined
}

/** @param given those that differ from the defaults */
export function createFederation(ports: FederationPorts, given: Partial<FederationBounds> = {}): Federation {
  const bounds = { ...defaultBounds, ...given }
  const answers = createKept<FederationAnswer>(
    bounds.maxKeptBytes,
    (answer) => JSON.stringify(answer).length * 2,
  )
  const texts = createKept<string>(bounds.maxKeptBytes, (text) => text.length * 2)
  const underWay = new Map<string, Promise<FederationAnswer>>()

  const collect = async (
    entityId: string,
    trustChain: readonly string[] | undefined,
  ): Promise<FederationAnswer> => {
    const { transport } = ports
    const now = ports.now()
    const { maxFetches, statementTtl: maxTtl } = bounds
    const statements = createStatements({ transport, maxFetches, maxTtl, now, kept: texts })
    const answer = await ask({ entityId, trustChain }, statements, now)
    answers.keep(entityId, answer, { from: now, until: until(answer, now) })
    return answer
  }

  const ask = async (
    {
      entityId,
      trustChain,
    }: { readonly entityId: string; readonly trustChain: readonly string[] | undefined },
    statements: Statements,
    now: number,
  ): Promise<FederationAnswer> => {
    const { checkSignatures, anchors } = ports
    const collecting = (subject: string): Collecting => {
      const rules = { anchors, subject, now, skewSeconds: bounds.skew }
      return { statements, rules, checkSignatures, bounds }
    }
    const chainOf = (subject: string): Promise<ProvenChain | undefined> => findChain(collecting(subject))
    try {
      const sent = trustChain && (await judgeChain(trustChain, collecting(entityId)))
      const chain = sent ?? (await chainOf(entityId))
      if (chain === undefined) return absent(statements)
      const { maxMarks, skew: skewSeconds } = bounds
      const trustMarks = await provenMarks(chain, { checkSignatures, now, skewSeconds, maxMarks, chainOf })
      const { anchor, intermediates, metadata, validUntil } = chain
      const between = intermediates.length === 0 ? {} : { intermediates }
      return { member: { entityId, anchor, ...between, trustMarks }, metadata, validUntil }
    } catch {
      return { undetermined: 'The federation could not be asked, and it is not known why.' }
    }
  }

  const until = (answer: FederationAnswer, now: number): number => {
    if ('member' in answer) return Math.min(answer.validUntil, now + bounds.maxTtl)
    return now + ('refused' in answer ? bounds.refusedTtl : bounds.failureTtl)
  }

  return {
    known: (entityId) => answers.find(entityId, ports.now()),
    async memberOf(entityId, trustChain) {
      if (!isEntityId(entityId)) return { refused: 'It is named by no https URL, so no federation knows it.' }
      const known = answers.find(entityId, ports.now())
      // What could not be found out the entity may know; what was found out it does not change.
      if (known !== undefined && !('undetermined' in known && trustChain !== undefined)) return known
      const shared = underWay.get(entityId)
      // Strangers choose whom we ask: all of them together make no more requests than this.
      if (shared === undefined && underWay.size >= bounds.maxUnderWay)
        return { undetermined: 'Too many parties are looked up in the federation at this moment.' }
      const begun = shared ?? collect(entityId, trustChain).finally(() => underWay.delete(entityId))
      underWay.set(entityId, begun)
      return begun
    },
  }
}

function absent(statements: Statements): FederationAnswer {
  if (statements.isSpent())
    return { refused: 'More statements of the federation would have to be fetched than is done here.' }
  return statements.isWanting()
    ? { undetermined: 'The federation could not be asked: a server of it is not reached.' }
    : { refused: 'No chain of the federation leads from it to an anchor that is trusted here.' }
}

function isEntityId(text: string): boolean {
  return text.length <= 2048 && /^https:\/\/[\x21-\x7e]+$/.test(text) && !/[?#]/.test(text)
}
