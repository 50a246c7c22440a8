/** What an operator does at an issuance node: offer, look, revoke, resume, publish. */
import { isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { Issuer } from '@facet-id/issuer'
import { FacetError } from '../error.ts'
import type { Operations } from './operator.ts'

export function issuerOperations(issuer: Issuer): Operations {
  return {
    async offer(input) {
      const { configurationId, claims, txCodeLength } = input
      if (typeof configurationId !== 'string' || !isJsonObject(claims)) {
        throw new FacetError('usage', 'An offer needs a configurationId and claims')
      }
      const length = typeof txCodeLength === 'number' ? { txCodeLength } : {}
      const { issuanceId, link, txCode, expiresAt } = await issuer.offer({
        configurationId,
        claims,
        ...length,
      })
      return { issuanceId, link, expiresAt, ...(txCode === undefined ? {} : { txCode }) }
    },

    async issuances() {
      const issuances: JsonValue[] = []
      for await (const {
        issuanceId,
        configurationId,
        issuedAt,
        expiresAt,
        entries,
        revokedAt,
      } of issuer.issuances()) {
        const revoked: JsonObject = revokedAt === undefined ? {} : { revokedAt }
        issuances.push({
          issuanceId,
          configurationId,
          issuedAt,
          expiresAt,
          copies: entries.length,
          ...revoked,
        })
      }
      return { issuances }
    },

    async revoke({ issuanceId }) {
      if (typeof issuanceId !== 'string') throw new FacetError('usage', 'A revocation needs an issuanceId')
      const { copies, revokedAt } = await issuer.revoke(issuanceId)
      return { issuanceId, copies, revokedAt }
    },

    /** Every configuration, and which of them the second engine stopped. */
    async status() {
      const stopped = new Map(
        (await issuer.stopped()).map(({ configurationId, stoppedAt }) => [configurationId, stoppedAt]),
      )
      return {
        configurations: issuer.configurationIds.map((configurationId) => {
          const stoppedAt = stopped.get(configurationId)
          return stoppedAt === undefined
            ? { configurationId, state: 'issuing' }
            : { configurationId, state: 'stopped', stoppedAt }
        }),
      }
    },

    async resume({ configurationId }) {
      if (typeof configurationId !== 'string')
        throw new FacetError('usage', 'A resumption needs a configurationId')
      await issuer.resume(configurationId)
      return { configurationId, state: 'issuing' }
    },

    /** Offers that ended because somebody guessed at their transaction codes. */
    async guessed() {
      const offers: JsonValue[] = []
      for await (const { issuanceId, configurationId, tries, guessedAt } of issuer.guessed()) {
        offers.push({ issuanceId, configurationId, tries, guessedAt })
      }
      return { offers }
    },

    publish: async () => ({ lists: await issuer.publishStatusLists() }),
  }
}
