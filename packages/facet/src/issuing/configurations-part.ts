/** What is issued, as a configuration file says it: the release's own credential by its name, others in full. */
import { isJsonObject, type JsonObject } from '@facet-id/credential/json'
import { readTypeMetadata } from '@facet-id/credential/type-metadata'
import type { ProofRules } from '@facet-id/issuer/issuance'
import { type CredentialConfigurationMetadata, readCredentialIssuerId } from '@facet-id/protocol/openid4vci'
import { readIssuerMetadata } from '@facet-id/protocol/openid4vci/metadata'
import { type Members, membersOf } from '../config/members.ts'
import { readText } from '../config/sealed-key.ts'
import { personCredential } from '../person-credential.ts'
import { defined } from './configuration-file.ts'
import type { IssuingOptions, NodeCredential } from './options.ts'

const RELEASE = 'release'
const ways = ['did', 'address', 'certificate'] as const
const approvals = ['required'] as const
const known = [
  ...['vct', 'scope', 'display', 'claims', 'mustConceal', 'knownBy', 'proofs', 'approval', 'typeDocuments'],
  ...['pinned', 'lifetime'],
]

export async function readConfigurations(members: Members): Promise<Pick<IssuingOptions, 'configurations'>> {
  const said = members.value('configurations')
  if (said === undefined) return {}
  if (!isJsonObject(said)) throw members.refuse('configurations', 'must be an object')
  const configurations: [string, NodeCredential][] = []
  for (const [id, one] of Object.entries(said)) {
    if (one === RELEASE) configurations.push([id, personCredential])
    else if (isJsonObject(one)) configurations.push([id, await configurationIn(one, id, members)])
    else
      throw members.refuse(
        `configurations.${id}`,
        `must be an object, or "${RELEASE}" for the person credential`,
      )
  }
  return { configurations: Object.fromEntries(configurations) }
}

async function configurationIn(said: JsonObject, id: string, all: Members): Promise<NodeCredential> {
  const file = all.file
  const members = membersOf(said, known, { file, at: `configurations.${id}` })
  const { vct, credential_metadata: shown = {} } = described(members)
  const documents = await Promise.all(
    (members.findTexts('typeDocuments') ?? []).map((path) => documentIn(path, vct, members)),
  )
  const pinned = members.findFlag('pinned')
  const mustConceal = members.value('mustConceal')
  return {
    vct,
    scope: members.text('scope'),
    display: shown.display ?? [],
    claims: shown.claims ?? [],
    lifetime: members.findWhole('lifetime') ?? 365 * 24 * 3600,
    ...defined({
      knownBy: members.findWord('knownBy', ways),
      approval: members.findWord('approval', approvals),
      proofs: proofsIn(members),
      mustConceal: mustConceal === undefined ? undefined : pathsIn(members),
      type: documents.length === 0 ? undefined : { documents, ...defined({ pinned }) },
    }),
  }
}

/** Read by the reader that wallets read it with: what they would leave out is refused here. */
function described(members: Members): CredentialConfigurationMetadata {
  const shown = { ...defined({ display: members.value('display'), claims: members.value('claims') }) }
  const issuer = readCredentialIssuerId('https://issuer.example')
  const configuration = {
    format: 'dc+sd-jwt',
    vct: members.text('vct'),
    scope: members.text('scope'),
    ...(Object.keys(shown).length === 0 ? {} : { credential_metadata: shown }),
  }
  const { metadata, leftOut } = readIssuerMetadata(
    {
      credential_issuer: issuer,
      credential_endpoint: `${issuer}/credential`,
      credential_configurations_supported: { it: configuration },
    },
    issuer,
  )
  const read = metadata.credential_configurations_supported.it
  if (read === undefined)
    throw members.refuse('vct', `describes nothing that wallets take: ${leftOut[0]?.why ?? ''}`)
  for (const name of ['display', 'claims'] as const)
    if (members.has(name) && read.credential_metadata?.[name] === undefined)
      throw members.refuse(name, 'is nothing that wallets take: see OpenID4VCI 1.0 §12.2.4 and Appendix B')
  return read
}

function pathsIn(members: Members): NonNullable<NodeCredential['mustConceal']> {
  const said = members.value('mustConceal')
  const paths = Array.isArray(said) ? said : []
  const isPath = (path: unknown): path is readonly (string | number | null)[] =>
    Array.isArray(path) && path.every((part) => part === null || ['string', 'number'].includes(typeof part))
  if (!Array.isArray(said) || !paths.every(isPath))
    throw members.refuse('mustConceal', 'must be a list of paths of claims')
  return paths
}

function proofsIn(members: Members): NodeCredential['proofs'] {
  const proofs = members.find('proofs', ['jwt', 'attestation'])
  if (proofs === undefined) return undefined
  return defined({ jwt: rulesIn(proofs, 'jwt'), attestation: rulesIn(proofs, 'attestation') })
}

function rulesIn(proofs: Members, type: 'jwt' | 'attestation'): ProofRules | undefined {
  const rules = proofs.find(type, ['keyAttestations'])
  if (rules === undefined) return undefined
  const attested = rules.find('keyAttestations', ['key_storage', 'user_authentication'])
  if (attested === undefined) return {}
  return {
    keyAttestations: defined({
      key_storage: attested.findTexts('key_storage'),
      user_authentication: attested.findTexts('user_authentication'),
    }),
  }
}

/** The type's own first; those that it extends are of other types. */
async function documentIn(path: string, vct: string, members: Members): Promise<string> {
  const text = await readText(members.beside(path))
  if (path !== members.findTexts('typeDocuments')?.[0]) return text
  try {
    readTypeMetadata(text, vct)
    return text
  } catch (cause) {
    throw members.refuse('typeDocuments', `begins with ${path}, which is no document about that type`, cause)
  }
}
