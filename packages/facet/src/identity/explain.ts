/** How a DID is resolved, told step by step: what its method is, where was looked, what was found, what it means. */
import {
  type DidDocument,
  didWebUrl,
  readDidUrl,
  readMethodKey,
  type VerificationMethod,
  verificationRelationships,
} from '@facet-id/credential/did'
import { checkSignatures, expandPoint, hash } from '@facet-id/crypto/node'
import type { Transport } from '@facet-id/protocol/wire'
import { createDidResolver, type DidResolution } from '@facet-id/resolve'
import { systemClock } from '../clock.ts'

export interface Step {
  readonly isGood: boolean
  readonly words: string
}

export interface Explained {
  readonly steps: readonly Step[]
  readonly resolution: DidResolution
}

const methods: Readonly<Record<string, string>> = {
  jwk: 'did:jwk: the DID is its public key, as a JWK in base64url. Nothing is fetched, and it can never change.',
  key: 'did:key: the DID is its public key, in base58. Nothing is fetched, and it can never change.',
  peer: 'did:peer: the DID holds its keys and services itself. Nothing is fetched, and it can never change.',
  web: 'did:web: the host that it names has the document, and may change it at any time without a trace.',
  webvh:
    'did:webvh: the host that it names has its whole history, each entry signed by a key of the one before.',
}

/** Resolves, and tells what happened on the way. Never rejects: what is wrong is in the steps. */
export async function explain(
  didUrl: string,
  { transport, development }: { readonly transport: Transport; readonly development: boolean },
): Promise<Explained> {
  const steps: Step[] = []
  const good = (words: string): void => void steps.push({ isGood: true, words })
  const bad = (words: string): void => void steps.push({ isGood: false, words })
  const rules = { localhost: development }
  tellSyntax(didUrl, { good, bad, rules })
  const watched: Transport = {
    async send(request) {
      try {
        const answer = await transport.send(request)
        const words = `${request.url} answered ${answer.status} with ${answer.body.length} characters.`
        if (answer.status === 200) good(words)
        else bad(words)
        return answer
      } catch (error) {
        bad(
          `${request.url} was not reached: ${error instanceof Error ? error.message : 'for an unknown reason'}.`,
        )
        throw error
      }
    },
  }
  const { now } = systemClock
  const ports = { hash, expandPoint, checkSignatures, transport: watched, now, rules }
  const resolution = await createDidResolver(ports).resolve(didUrl)
  const { didDocument, didResolutionMetadata } = resolution
  if ('error' in didResolutionMetadata) {
    const { title, detail, type } = didResolutionMetadata.error
    bad(`${title}: ${detail} (${type})`)
  } else if (didDocument === null) bad('The DID was given up by its owner: there is no document any more.')
  else tellDocument(didDocument, resolution, { good, bad })
  return { steps, resolution }
}

interface Telling {
  good(words: string): void
  bad(words: string): void
}

function tellSyntax(
  didUrl: string,
  { good, bad, rules }: Telling & { readonly rules: { readonly localhost: boolean } },
): void {
  let did: string
  try {
    did = readDidUrl(didUrl).did
  } catch (error) {
    bad(`The syntax is not that of a DID: ${error instanceof Error ? error.message : ''}`)
    return
  }
  good(`The syntax is that of a DID${did === didUrl ? '' : ` URL, of ${did}`}.`)
  const [, method = ''] = did.split(':')
  const told = methods[method]
  if (told === undefined) {
    bad(`No rule is known for the method "${method}".`)
    return
  }
  good(told)
  if (method !== 'web') return
  try {
    good(`Its document is at ${didWebUrl(did, rules)}`)
  } catch (error) {
    bad(error instanceof Error ? error.message : 'It names no place on the web')
  }
}

function tellDocument(
  document: DidDocument,
  { didDocumentMetadata }: DidResolution,
  { good, bad }: Telling,
): void {
  const { versionId, updated, deactivated } = didDocumentMetadata
  if (typeof versionId === 'string') {
    const [number = ''] = versionId.split('-')
    good(
      `Every entry of its history was checked: hashes, signatures, promised keys. This is version ${number}.`,
    )
  }
  if (typeof updated === 'string') good(`It was last changed at ${updated}.`)
  if (deactivated === true) bad('The DID was given up by its owner; this is what it was.')
  good(`The document is that of ${document.id}.`)
  for (const method of document.verificationMethod ?? []) tellKey(method, document, { good, bad })
  for (const { id, type, serviceEndpoint } of document.service ?? []) {
    good(`Service ${id}: ${JSON.stringify(type)} at ${JSON.stringify(serviceEndpoint)}.`)
  }
}

function tellKey(method: VerificationMethod, document: DidDocument, { good, bad }: Telling): void {
  const uses = verificationRelationships.filter((name) =>
    document[name]?.some((listed) => (typeof listed === 'string' ? listed : listed.id) === method.id),
  )
  const purpose = uses.length === 0 ? 'nothing' : uses.join(', ')
  try {
    const { crv } = readMethodKey(method, expandPoint)
    good(`Key ${method.id}: ${crv}, for ${purpose}.`)
  } catch (error) {
    bad(
      `Key ${method.id} cannot be used: ${error instanceof Error ? error.message : 'it is of another kind'}`,
    )
  }
}
