/** How persons are asked, as a configuration file says it. */
import { readDid } from '@facet-id/credential/did'
import { protectedClaims } from '@facet-id/credential/sd-jwt-vc'
import { identifierIn } from '../config/address-in.ts'
import type { Members } from '../config/members.ts'
import { FacetError } from '../error.ts'
import type { ShownCredential } from '../persons/shown-credential.ts'
import { certificateIn, defined, type ReadingWorld } from './configuration-file.ts'
import type { IssuingOptions, NodeOpenIdProvider } from './options.ts'
import { findSecretIn } from './secret-file.ts'

const known = {
  development: ['by'],
  openid: ['by', 'issuer', 'clientId', 'clientSecretFile', 'scopes'],
  presentation: ['by', 'vct', 'issuer', 'subject', 'certificate'],
} as const

type World = Pick<ReadingWorld, 'development' | 'environment'>

/** @throws {FacetError} `development_mode_needed`, `file_unusable`; {KeyError} `key_file_exposed` */
export async function readPersons(
  all: Members,
  world: World,
): Promise<Pick<IssuingOptions, 'openIdProvider' | 'shownCredential' | 'developmentPersons'>> {
  const said = all.find('persons', Object.values(known).flat())
  if (said === undefined) return {}
  if (!all.has('claims')) {
    throw all.refuse('claims', 'is missing: of whoever logs in the issuer must find out what to say')
  }
  const by = said.findWord('by', ['development', 'openid', 'presentation'])
  const persons = by === undefined ? said : (all.find('persons', known[by]) ?? said)
  switch (by) {
    case 'development':
      if (world.development) return { developmentPersons: 'anybody' }
      throw new FacetError(
        'development_mode_needed',
        'A page that believes whoever says who they are is for development mode only',
      )
    case 'openid':
      return { openIdProvider: await providerIn(persons, world) }
    case 'presentation':
      return { shownCredential: await shownIn(persons, world) }
    case undefined:
      throw persons.refuse('by', 'is missing')
  }
}

async function providerIn(persons: Members, world: World): Promise<NodeOpenIdProvider> {
  return {
    issuer: identifierIn(persons, 'issuer', world),
    clientId: persons.text('clientId'),
    ...defined({
      clientSecret: await findSecretIn(persons, 'clientSecretFile'),
      scopes: persons.findTexts('scopes'),
    }),
  }
}

async function shownIn(persons: Members, world: World): Promise<ShownCredential> {
  return {
    vct: persons.text('vct'),
    issuer: issuerIn(persons, world),
    subject: subjectIn(persons),
    ...defined({ certificate: await certificateIn(persons, world) }),
  }
}

function issuerIn(persons: Members, world: World): string {
  const text = persons.text('issuer')
  if (!text.startsWith('did:')) return identifierIn(persons, 'issuer', world)
  try {
    return readDid(text).did
  } catch (cause) {
    throw persons.refuse('issuer', 'must be a DID, or an https URL without a query and a fragment', cause)
  }
}

/** What is said about the credential is the same for many: whoever shows one would be them all. */
function subjectIn(persons: Members): readonly string[] {
  const path = persons.findTexts('subject')
  const [first] = path ?? []
  if (path === undefined) throw persons.refuse('subject', 'is missing')
  if (first === undefined) throw persons.refuse('subject', 'must be the path of a claim, and names none')
  if (first === 'iat' || protectedClaims.includes(first))
    throw persons.refuse('subject', 'must be a claim about the person, not about the credential')
  return path
}
