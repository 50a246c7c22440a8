/** A request that is proven to be of the verifier that it names. */
import type { RequestObject } from '@facet-id/protocol/openid4vp'
import type { AnswerPlace } from '@facet-id/protocol/openid4vp/response'
import type { Evidence } from '@facet-id/trust'

export interface ProvenRequest extends RequestObject {
  /** Who asks: the full client id, or `origin:` and the origin of a page that names nobody. */
  readonly client_id: string
  /** Whom the presentation is for: the client id, or `origin:` and the origin where a platform asks. */
  readonly audience: string
  /** Where the answer goes; an address is tied to the client by the rules of its prefix. */
  readonly to: AnswerPlace
  /** What was proven of the client besides its name. */
  readonly evidence: Evidence
}
