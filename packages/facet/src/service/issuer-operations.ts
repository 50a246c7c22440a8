/** What an operator does at an issuance node: offer, invite, look, decide, revoke, resume, publish. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import type { Issuer } from '@facet-id/issuer'
import { FacetError } from '../error.ts'
import type { Operations } from './operator.ts'

export function issuerOperations(issuer: Issuer): Operations {
  return {
    async offer(input) {
      const { configurationId, claims, txCodeLength, txCodeMode, txCodeDescription } = input
      if (typeof configurationId !== 'string' || !isJsonObject(claims)) {
        throw new FacetError('usage', 'An offer needs a configurationId and claims')
      }
      const { issuanceId, link, txCode, expiresAt } = await issuer.offer({
        configurationId,
        claims,
        by: wayOf(input),
        ...(typeof txCodeLength === 'number' ? { txCodeLength } : {}),
        ...(txCodeMode === 'text' ? { txCodeMode } : {}),
        ...(typeof txCodeDescription === 'string' ? { txCodeDescription } : {}),
      })
      return { issuanceId, link, expiresAt, ...(txCode === undefined ? {} : { txCode }) }
    },

    async invite(input) {
      const { configurationIds, subject, claims, server } = input
      if (!isJsonArray(configurationIds) || (claims !== undefined && !isJsonObject(claims)))
        throw new FacetError(
          'usage',
          'An invitation needs configurationIds, and claims by configuration if any',
        )
      const { link, expiresAt } = await issuer.invite({
        configurationIds: configurationIds.map(String),
        by: wayOf(input),
        ...(typeof subject === 'string' ? { subject } : {}),
        ...(typeof server === 'string' ? { server } : {}),
        ...(claims === undefined ? {} : { claims: objectsIn(claims) }),
      })
      return { link, expiresAt }
    },

    async grants() {
      const grants: JsonValue[] = []
      for await (const { configurationIds, ...grant } of issuer.grants())
        grants.push({ ...grant, configurationIds: [...configurationIds] })
      return { grants }
    },

    async revoke_grant({ grantId }) {
      if (typeof grantId !== 'string') throw new FacetError('usage', 'A revocation needs a grantId')
      await issuer.revokeGrant(grantId)
      return { grantId, state: 'ended' }
    },

    async notifications() {
      const notifications: JsonValue[] = []
      for await (const told of issuer.notifications()) notifications.push({ ...told })
      return { notifications }
    },

    async deferred() {
      const deferred: JsonValue[] = []
      for await (const one of issuer.deferred()) deferred.push({ ...one })
      return { deferred }
    },

    async approve({ issuanceId }) {
      if (typeof issuanceId !== 'string') throw new FacetError('usage', 'An approval needs an issuanceId')
      return { issuanceId, state: await issuer.approve(issuanceId) }
    },

    async deny({ issuanceId }) {
      if (typeof issuanceId !== 'string') throw new FacetError('usage', 'A denial needs an issuanceId')
      return { issuanceId, state: await issuer.deny(issuanceId) }
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

function wayOf({ by }: JsonObject): 'value' | 'reference' {
  return by === 'reference' ? by : 'value'
}

function objectsIn(all: JsonObject): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => {
      if (!isJsonObject(value))
        throw new FacetError('usage', 'The claims of an invitation are by configuration')
      return [name, value]
    }),
  )
}
