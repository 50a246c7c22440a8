/**
 * Our issuer, holder and verifier as methods of a Veramo agent, for applications that have one. Each method is the
 * role's own, with plain JSON in and out, because agents turn arguments and results into text.
 *
 * Whoever makes the roles decides their ports: keys, stores, consent, trust. So an agent can do through this
 * plugin what its owner gave it, and no more.
 */
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { Holder } from '@facet-id/holder'
import type { Issuer } from '@facet-id/issuer'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Verifier } from '@facet-id/verifier'
import type { IAgentPlugin, IPluginMethodMap } from '@veramo/core'
import { facetSchema } from './schema.ts'

/** The roles that the agent has; a method of one that is absent is not there. */
export interface FacetRoles {
  readonly issuer?: Pick<Issuer, 'offer' | 'revoke'>
  readonly holder?: Pick<Holder, 'accept' | 'credentials' | 'present'>
  readonly verifier?: Pick<Verifier, 'request' | 'result'>
}

export interface CreateOfferArgs {
  readonly configurationId: string
  readonly claims: JsonObject
  /** Digits of the transaction code; 0: none. Absent: as the issuer has it. */
  readonly txCodeLength?: number
}

export interface CreatedOffer {
  readonly issuanceId: string
  /** `openid-credential-offer://…` */
  readonly link: string
  /** Goes to the person by another channel than the link. */
  readonly txCode?: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** Methods of an agent with this plugin. They throw what the role throws, with its code. */
export interface FacetMethods extends IPluginMethodMap {
  facetCreateOffer(args: CreateOfferArgs): Promise<CreatedOffer>
  facetRevoke(args: { readonly issuanceId: string }): Promise<JsonObject>
  /** Goes from an offer link to a credential on the shelf. */
  facetAcceptOffer(args: { readonly link: string }): Promise<JsonObject>
  facetCredentials(args: Record<string, never>): Promise<JsonObject[]>
  /** Answers a verifier's request, after the holder's consent port was asked. */
  facetPresent(args: { readonly link: string }): Promise<JsonObject>
  facetRequestPresentation(args: { readonly dcqlQuery: JsonObject }): Promise<{
    readonly transactionId: string
    readonly link: string
    readonly expiresAt: number
  }>
  facetPresentationResult(args: { readonly transactionId: string }): Promise<JsonObject>
}

/**
 * The plugin.
 *
 * @example
 * const agent = createAgent<IDIDManager & FacetMethods>({ plugins: [...yours, createFacetPlugin({ issuer })] })
 * const { link } = await agent.facetCreateOffer({ configurationId: 'person', claims })
 */
export function createFacetPlugin({ issuer, holder, verifier }: FacetRoles): IAgentPlugin {
  return {
    schema: facetSchema,
    methods: {
      ...(issuer === undefined ? {} : issuerMethods(issuer)),
      ...(holder === undefined ? {} : holderMethods(holder)),
      ...(verifier === undefined ? {} : verifierMethods(verifier)),
    },
  }
}

function issuerMethods(
  issuer: NonNullable<FacetRoles['issuer']>,
): Pick<FacetMethods, 'facetCreateOffer' | 'facetRevoke'> {
  return {
    async facetCreateOffer(args) {
      const { issuanceId, link, txCode, expiresAt } = await issuer.offer(args)
      return { issuanceId, link, expiresAt, ...(txCode === undefined ? {} : { txCode }) }
    },
    facetRevoke: async ({ issuanceId }) => plain(await issuer.revoke(issuanceId)),
  }
}

function holderMethods(
  holder: NonNullable<FacetRoles['holder']>,
): Pick<FacetMethods, 'facetAcceptOffer' | 'facetCredentials' | 'facetPresent'> {
  return {
    facetAcceptOffer: async ({ link }) => {
      const { failed, ...received } = await holder.accept(link)
      return plain({ ...received, failed: failed.map(({ id }) => id) })
    },
    facetCredentials: async () => (await holder.credentials()).map(plain),
    facetPresent: async ({ link }) => plain(await holder.present(link)),
  }
}

function verifierMethods(
  verifier: NonNullable<FacetRoles['verifier']>,
): Pick<FacetMethods, 'facetRequestPresentation' | 'facetPresentationResult'> {
  return {
    async facetRequestPresentation({ dcqlQuery }) {
      const { transactionId, link, expiresAt } = await verifier.request(readDcqlQuery(dcqlQuery))
      return { transactionId, link, expiresAt }
    },
    facetPresentationResult: async ({ transactionId }) => plain(await verifier.result(transactionId)),
  }
}

/** What JSON has of it: no `undefined`, no bytes. */
function plain(value: object): JsonObject {
  return readJsonObject(JSON.stringify(value))
}
