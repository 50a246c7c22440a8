/** Our issuance node with two types of credentials: a person, and a licence to drive. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type IssuanceNode,
  type IssuanceNodeOptions,
  PERSON_CONFIGURATION,
  personCredential,
  startIssuanceNode,
} from '@facet-id/facet'
import { specimen } from '../ours.ts'
import type { Closing } from './world.ts'

export const LICENCE = 'urn:example:licence:1'

const claims = {
  [PERSON_CONFIGURATION]: { ...specimen, address: { locality: 'Zenith', country: 'UTO' } },
  licence: { given_name: 'Erika', family_name: 'Specimen' },
}

export interface OurIssuer {
  readonly node: IssuanceNode
  /** An offer of the specimen of that type. */
  offer(of?: keyof typeof claims): ReturnType<IssuanceNode['issuer']['offer']>
}

export async function ourIssuerOfTwo(
  closing: Closing,
  options: Partial<IssuanceNodeOptions> = {},
): Promise<OurIssuer> {
  const directory = await mkdtemp(join(tmpdir(), 'facet-interop-'))
  closing(() => rm(directory, { recursive: true, force: true }))
  const node = await startIssuanceNode({
    environment: {},
    development: true,
    dataDirectory: join(directory, 'data'),
    configurations: {
      [PERSON_CONFIGURATION]: personCredential,
      licence: {
        vct: LICENCE,
        scope: 'licence',
        display: [{ name: 'Licence', locale: 'en' }],
        claims: [{ path: ['given_name'] }, { path: ['family_name'] }],
        lifetime: 86_400,
      },
    },
    ...options,
  })
  closing(() => node.close())
  return {
    node,
    offer: (of = PERSON_CONFIGURATION) => node.issuer.offer({ configurationId: of, claims: claims[of] }),
  }
}
