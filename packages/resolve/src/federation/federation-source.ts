/**
 * A federation as a source of trust that vouches for nobody by itself: rules say what members are trusted for. It says
 * whether somebody is one, and leaves the question open where that could not be found out.
 */
import type { SourceAnswer, TrustSource } from '@facet-id/trust'
import type { Federation, FederationAnswer } from './federation.ts'

export function federationSource(name: string, { known }: Pick<Federation, 'known'>): TrustSource {
  return {
    name,
    mayBlock: false,
    issue: ({ issuer }) => answerOf(known(issuer)),
    ask: ({ clientId }) => answerOf(known(clientId.replace(/^openid_federation:/, ''))),
  }
}

function answerOf(answer: FederationAnswer | undefined): SourceAnswer {
  if (answer === undefined) return { says: 'nothing', why: 'It was not asked about this party.' }
  if ('undetermined' in answer) return { says: 'undetermined', why: answer.undetermined }
  if ('refused' in answer) return { says: 'nothing', why: answer.refused }
  return { says: 'nothing', why: 'The party is a member; rules say what members are trusted for.' }
}
