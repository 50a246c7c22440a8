/** How persons are asked, as a configuration file says it. */
import { identifierIn } from '../config/address-in.ts'
import type { Members } from '../config/members.ts'
import { FacetError } from '../error.ts'
import { defined, type ReadingWorld } from './configuration-file.ts'
import type { IssuingOptions } from './options.ts'
import { findSecretIn } from './secret-file.ts'

/** @throws {FacetError} `development_mode_needed`, `file_unusable`; {KeyError} `key_file_exposed` */
export async function readPersons(
  members: Members,
  world: Pick<ReadingWorld, 'development'>,
): Promise<Pick<IssuingOptions, 'openIdProvider' | 'developmentPersons'>> {
  const persons = members.find('persons', ['by', 'issuer', 'clientId', 'clientSecretFile', 'scopes'])
  if (persons === undefined) return {}
  if (!members.has('claims')) {
    throw members.refuse('claims', 'is missing: of whoever logs in the issuer must find out what to say')
  }
  if (persons.findWord('by', ['development', 'openid']) === 'development') {
    members.find('persons', ['by'])
    if (world.development) return { developmentPersons: 'anybody' }
    throw new FacetError(
      'development_mode_needed',
      'A page that believes whoever says who they are is for development mode only',
    )
  }
  persons.text('by')
  return {
    openIdProvider: {
      issuer: identifierIn(persons, 'issuer', world),
      clientId: persons.text('clientId'),
      ...defined({
        clientSecret: await findSecretIn(persons, 'clientSecretFile'),
        scopes: persons.findTexts('scopes'),
      }),
    },
  }
}
