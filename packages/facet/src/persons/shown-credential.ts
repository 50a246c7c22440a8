/**
 * Persons of an issuance node log in by showing a credential to the node itself: it is a verifier too, below its own
 * address and over its own store, and asks for the one claim that says who they are. OpenID4VCI 1.0 §5.1.
 */
import { findMember, isJsonArray, isJsonObject } from '@facet-id/credential/json'
import { findByPath } from '@facet-id/credential/sd-jwt'
import { random } from '@facet-id/crypto/node'
import type { UserAuthentication } from '@facet-id/issuer/authorization'
import { readDcqlQuery } from '@facet-id/protocol/openid4vp'
import type { Handle } from '@facet-id/protocol/wire'
import type { SigningCertificate } from '../config/signing-certificate.ts'
import type { Ground } from '../service/node.ts'
import { verifierOn } from '../service/verifier-service.ts'
import { presentationLogin } from './presentation-login.ts'

export interface ShownCredential {
  readonly vct: string
  /** The one that is believed, by its DID or its address: what two call alike need not be one person. */
  readonly issuer: string
  /** Where in the credential the text stands that is one person's alone, the names from the outermost on. */
  readonly subject: readonly string[]
  /** With what requests are signed; absent: with the key of the node's DID. HAIP 1.0 wants one. */
  readonly certificate?: SigningCertificate
}

export interface ShownCredentialOptions {
  readonly asked: ShownCredential
  /** What the credentials are called that are issued then, by configuration. */
  readonly titles: Readonly<Record<string, string>>
  /** Seconds for which a page is good, and so the request on it. */
  readonly lifetime: number
  /** `haip`: what lacks for it is thrown. */
  readonly profile: 'none' | 'haip'
  readonly development: boolean
}

/** What a node needs to be shown something. */
export interface Showing {
  readonly userAuthentication: UserAuthentication
  /** Answers wallets that show something, and leaves everything else to the issuer. */
  beside(issuer: Handle): Handle
  /** All that lacks for HAIP in how it is asked, in words. */
  haipGaps(): Promise<readonly string[]>
  close(): void
}

/** The answer to the one query that there is. */
const QUERY = 'shown'

/** @throws {FacetError} `certificate_unusable`; {VerifierError} `settings_invalid`, which names all that lacks for HAIP */
export async function showingOn(
  ground: Ground,
  { asked, titles, lifetime, profile, development }: ShownCredentialOptions,
): Promise<Showing> {
  const { vct, issuer, subject, certificate } = asked
  const url = `${ground.url}/presentation`
  const identity = await ground.identityAs('authentication')
  const { verifier, operations, close } = await verifierOn(
    { ...ground, identity, url },
    {
      issuers: [{ id: issuer, vcts: [vct] }],
      clients: [certificate === undefined ? { knownBy: 'did' } : { knownBy: 'certificate', certificate }],
      // Nobody between has to read who somebody is.
      responseMode: 'direct_post.jwt',
      lifetimes: { requestLifetime: lifetime },
      profile,
      development,
    },
  )
  return {
    userAuthentication: presentationLogin({
      verifier,
      asking: readDcqlQuery({
        credentials: [
          {
            id: QUERY,
            format: 'dc+sd-jwt',
            meta: { vct_values: [vct] },
            claims: [{ path: subject }],
          },
        ],
      }),
      personOf({ reports }) {
        const [found] = findByPath(reports[QUERY]?.shown ?? {}, subject)
        return typeof found?.value === 'string' && found.value !== '' ? { subject: found.value } : undefined
      },
      titles,
      random,
    }),
    // Results are for the login alone.
    beside: (issuing) => (request) =>
      ['requests', 'responses'].some((path) => request.url.startsWith(`${url}/${path}/`))
        ? verifier.handle(request)
        : issuing(request),
    async haipGaps() {
      const answer = await operations.check?.({})
      const gaps = isJsonObject(answer) ? findMember(answer, 'gaps') : undefined
      return isJsonArray(gaps) ? gaps.map((gap) => `persons: ${String(gap)}`) : []
    },
    close: () => close?.(),
  }
}
