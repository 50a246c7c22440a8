/** As whom a verifier asks, and where its results go: what is said at its start. */
import { readOwnerFile } from '@facet-id/crypto/node/keys'
import { readHttpUrl } from '@facet-id/protocol/url'
import { readText } from '../../config/sealed-key.ts'
import { readSigningCertificate, type SigningCertificate } from '../../config/signing-certificate.ts'
import { FacetError } from '../../error.ts'
import type { ClientName } from '../../service/verifier/client-names.ts'
import type { WebhookOptions } from '../../service/verifier/webhook-delivery.ts'
import type { Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'

const words = 'did, certificate, host, attestation, address, federation, registration'

/** The first is the one under which a request is made that names none. @throws {FacetError} `usage`, and those of files */
export async function readClientNames(
  args: Arguments,
  { environment }: Terminal,
): Promise<readonly ClientName[]> {
  const said = args.values('known-by')
  const certificate = await certificateOf(args, environment)
  const names = await Promise.all(
    (said.length === 0 ? ['did'] : said).map((word) => nameOf(word, args, certificate)),
  )
  refuseSuperfluous(args, said)
  return names
}

async function nameOf(
  word: string,
  args: Arguments,
  certificate: SigningCertificate | undefined,
): Promise<ClientName> {
  switch (word) {
    case 'did':
    case 'address':
    case 'federation':
      return { knownBy: word }
    case 'certificate':
    case 'host':
      if (certificate === undefined) throw needs(word, '--certificate FILE and --certificate-key FILE')
      return { knownBy: word, certificate }
    case 'attestation': {
      const file = args.value('attestation')
      if (file === undefined) throw needs(word, '--attestation FILE')
      return { knownBy: word, attestation: (await readText(file)).trim() }
    }
    case 'registration': {
      const clientId = args.value('client-id')
      if (clientId === undefined) throw needs(word, '--client-id NAME')
      return { knownBy: word, clientId }
    }
    default:
      throw new FacetError('usage', `--known-by takes: ${words}`)
  }
}

async function certificateOf(
  args: Arguments,
  environment: Terminal['environment'],
): Promise<SigningCertificate | undefined> {
  const [certificate, key] = [args.value('certificate'), args.value('certificate-key')]
  if (certificate === undefined && key === undefined) return undefined
  if (certificate !== undefined && key !== undefined)
    return readSigningCertificate({ certificate, key, environment })
  throw new FacetError('usage', '--certificate and --certificate-key go together')
}

/** What nothing would come of is a slip. */
function refuseSuperfluous(args: Arguments, said: readonly string[]): void {
  const needed: readonly (readonly [option: string, by: readonly string[]])[] = [
    ['certificate', ['certificate', 'host']],
    ['attestation', ['attestation']],
    ['client-id', ['registration']],
  ]
  for (const [option, by] of needed) {
    if (args.value(option) !== undefined && !by.some((word) => said.includes(word)))
      throw new FacetError('usage', `--${option} goes with --known-by ${by.join(' or ')}`)
  }
}

/** @throws {FacetError} `usage`; {KeyError} `key_file_exposed`, `key_file_unusable` for a secret that others may read */
export async function readWebhook(args: Arguments): Promise<WebhookOptions | undefined> {
  const url = args.value('webhook')
  const file = args.value('webhook-secret')
  if (url === undefined) {
    if (file === undefined) return undefined
    throw new FacetError('usage', '--webhook-secret goes with --webhook URL')
  }
  return {
    url: addressOf(url, args.switches.has('development')),
    ...(file === undefined ? {} : { secret: (await readOwnerFile(file)).replace(/\r?\n$/, '') }),
  }
}

function addressOf(text: string, development: boolean): string {
  try {
    const { href, fragment } = readHttpUrl(text, development ? 'https_or_loopback_http' : 'https')
    if (fragment === undefined) return href
  } catch (cause) {
    throw new FacetError('usage', '--webhook takes an https URL', { cause })
  }
  throw new FacetError('usage', '--webhook takes an https URL without a fragment')
}

function needs(word: string, what: string): FacetError {
  return new FacetError('usage', `--known-by ${word} needs ${what}`)
}
