/** What arguments and results of the plugin's methods are, for agents that check them (`schemaValidation`). */
import type { IAgentPluginSchema } from '@veramo/core'

const text = { type: 'string', minLength: 1, maxLength: 65_536 } as const
const anyObject = { type: 'object' } as const

function record(properties: object, required: readonly string[], closed = true): object {
  return { type: 'object', properties, required, ...(closed ? { additionalProperties: false } : {}) }
}

function method(description: string, args: object, returns: object): object {
  return { description, arguments: args, returnType: returns }
}

const offered = record({ issuanceId: text, link: text, txCode: text, expiresAt: { type: 'number' } }, [
  'issuanceId',
  'link',
  'expiresAt',
])
const requested = record({ transactionId: text, link: text, expiresAt: { type: 'number' } }, [
  'transactionId',
  'link',
  'expiresAt',
])

export const facetSchema: IAgentPluginSchema = {
  components: {
    schemas: {},
    methods: {
      facetCreateOffer: method(
        'Offers a credential to one person',
        record(
          {
            configurationId: text,
            claims: anyObject,
            txCodeLength: { type: 'integer', minimum: 0, maximum: 32 },
          },
          ['configurationId', 'claims'],
        ),
        offered,
      ),
      facetRevoke: method(
        'Revokes every copy of one issuance',
        record({ issuanceId: text }, ['issuanceId']),
        anyObject,
      ),
      facetAcceptOffer: method(
        'Goes from an offer link to a credential on the shelf',
        record({ link: text }, ['link']),
        anyObject,
      ),
      facetCredentials: method('The credentials that are held', record({}, []), {
        type: 'array',
        items: anyObject,
      }),
      facetPresent: method("Answers a verifier's request", record({ link: text }, ['link']), anyObject),
      facetRequestPresentation: method(
        'Asks for what a DCQL query says',
        record({ dcqlQuery: anyObject }, ['dcqlQuery']),
        requested,
      ),
      facetPresentationResult: method(
        'What came of a request',
        record({ transactionId: text }, ['transactionId']),
        anyObject,
      ),
    },
  },
}
