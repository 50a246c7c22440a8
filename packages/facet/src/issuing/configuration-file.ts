/**
 * The file that says what an issuance node issues, to whom, and how it is known. Everything in it may be left out; paths
 * are beside it, times are seconds, secrets are in files for their owner alone.
 *
 * ```json
 * { "name": "Registry of Utopia", "profile": "haip",
 *   "knownBy": "certificate", "certificate": { "chain": "issuer.pem", "key": "ca/3f.key" },
 *   "configurations": {
 *     "person": "release",
 *     "degree": { "vct": "urn:uto:degree", "scope": "degree", "display": [{ "name": "Degree" }], "knownBy": "address",
 *       "claims": [{ "path": ["title"], "mandatory": true }], "lifetime": 31536000, "approval": "required",
 *       "proofs": { "jwt": { "keyAttestations": { "key_storage": ["iso_18045_high"] } } }, "typeDocuments": ["degree.json"] } },
 *   "persons": { "by": "openid", "issuer": "https://login.example", "clientId": "facet", "clientSecretFile": "login.secret" },
 *   "claims": { "by": "sql", "database": "registry.sqlite", "queries": { "person": { "text": "SELECT … WHERE id = ?" } } },
 *   "authorization": { "refreshLifetime": 7776000, "clients": { "wallet": { "name": "Wallet", "redirectUris": ["https://…"] } },
 *     "servers": [{ "issuer": "https://as.example", "tokens": "introspection", "clientId": "us", "clientSecretFile": "as.secret" }] },
 *   "walletProviders": { "keys": ["provider.jwk"], "anchors": [{ "file": "providers.pem", "revoked": "providers.crl" }] },
 *   "keyAttesters": { "anchors": [{ "file": "devices.pem" }] },
 *   "encryption": { "requests": "required", "responses": "required" }, "notifications": true, "didMethods": ["did:key"] }
 * ```
 *
 * Persons may show a credential instead, to the node itself, which asks by its DID or by a certificate:
 *
 * ```json
 * { "by": "presentation", "vct": "urn:facet:person:1", "issuer": "did:jwk:…", "subject": ["document_number"],
 *   "certificate": { "chain": "verifier.pem", "key": "ca/40.key" } }
 * ```
 */
import { readJsonObject } from '@facet-id/credential/json'
import type { Environment } from '../config/data-directory.ts'
import { type Members, membersOf } from '../config/members.ts'
import { readText } from '../config/sealed-key.ts'
import { readSigningCertificate, type SigningCertificate } from '../config/signing-certificate.ts'
import { FacetError } from '../error.ts'
import { readAuthorization } from './authorization-part.ts'
import { readClaims } from './claims-part.ts'
import { readConfigurations } from './configurations-part.ts'
import type { IssuingOptions } from './options.ts'
import { readPersons } from './persons-part.ts'
import { readProviders } from './providers-part.ts'

const known = [
  ...['name', 'profile', 'knownBy', 'certificate', 'configurations', 'batchSize', 'statusListTtl'],
  ...['persons', 'claims', 'authorization', 'walletProviders', 'keyAttesters', 'didMethods', 'encryption'],
  ...['notifications', 'deferral', 'handOver', 'secondOpinionEvery'],
]
const requirements = ['accepted', 'required'] as const

/** What the file leads to, besides what can be said as data. */
export interface ReadingWorld {
  readonly environment: Environment
  readonly development: boolean
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** What an operator decided, and what has to be closed once the node is. */
export interface ReadIssuing {
  readonly options: IssuingOptions
  close(): void
}

/**
 * @throws {FacetError} `file_unusable`, also for each file that it names; `development_mode_needed`; {KeyError}
 * `key_file_exposed` for a secret that others can read; {TrustError} for certificates that cannot be read
 */
export async function readIssuingFile(file: string, world: ReadingWorld): Promise<ReadIssuing> {
  const members = membersOf(await objectIn(file), known, { file })
  const claims = await readClaims(members, world)
  try {
    const own = await certificateIn(members, world)
    const knownBy = members.findWord('knownBy', ['did', 'address', 'certificate']) ?? 'did'
    if (knownBy === 'certificate' && own === undefined) throw members.refuse('certificate', 'is missing')
    const encryption = members.find('encryption', ['requests', 'responses'])
    const options: IssuingOptions = {
      ...simple(members),
      knownBy: knownBy === 'certificate' && own !== undefined ? own : knownByOf(knownBy),
      ...(own === undefined ? {} : { certificate: own }),
      ...(await readConfigurations(members)),
      ...(await readPersons(members, world)),
      ...(await readAuthorization(members, world)),
      ...(claims === undefined ? {} : { subjectClaims: claims.subjectClaims }),
      ...(await providersIn(members)),
      ...(encryption === undefined
        ? {}
        : {
            encryption: {
              requests: encryption.findWord('requests', requirements) ?? 'accepted',
              responses: encryption.findWord('responses', requirements) ?? 'accepted',
            },
          }),
    }
    return { options, close: () => claims?.close() }
  } catch (error) {
    claims?.close()
    throw error
  }
}

function knownByOf(word: string): 'did' | 'address' {
  return word === 'address' ? 'address' : 'did'
}

/** What stands in the file as it is. */
function simple(members: Members): IssuingOptions {
  const deferral = members.find('deferral', ['interval', 'lifetime'])
  return defined({
    name: members.findText('name'),
    profile: members.findWord('profile', ['none', 'haip']),
    batchSize: members.findWhole('batchSize'),
    statusListTtl: members.findWhole('statusListTtl'),
    secondOpinionEvery: members.findWhole('secondOpinionEvery'),
    didMethods: members.findTexts('didMethods'),
    notifications: members.findFlag('notifications'),
    handOver: members.findWhole('handOver'),
    deferral:
      deferral &&
      defined({
        interval: deferral.findWhole('interval'),
        lifetime: deferral.findWhole('lifetime'),
      }),
  })
}

async function providersIn(
  members: Members,
): Promise<Pick<IssuingOptions, 'walletProviders' | 'keyAttesters'>> {
  return defined({
    walletProviders: await readProviders(members, 'walletProviders'),
    keyAttesters: await readProviders(members, 'keyAttesters'),
  })
}

/** @throws as {@link readIssuingFile} */
export async function certificateIn(
  members: Members,
  { environment }: Pick<ReadingWorld, 'environment'>,
): Promise<SigningCertificate | undefined> {
  const files = members.find('certificate', ['chain', 'key'])
  if (files === undefined) return undefined
  return readSigningCertificate({
    certificate: files.beside(files.text('chain')),
    key: files.beside(files.text('key')),
    environment,
  })
}

async function objectIn(file: string): Promise<ReturnType<typeof readJsonObject>> {
  const text = await readText(file)
  try {
    return readJsonObject(text, { length: 1_048_576 })
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} cannot be read as a JSON object`, { cause })
  }
}

/** Only what is there. */
export function defined<T extends object>(
  all: { readonly [Name in keyof T]: T[Name] | undefined },
): {
  readonly [Name in keyof T]?: T[Name]
} {
  const there = Object.entries(all).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as { readonly [Name in keyof T]?: T[Name] }
}
