/** What an issuance node is to be, from its configuration file and from the command line, which has the last word. */
import { systemClock } from '../../clock.ts'
import { readSigningCertificate, type SigningCertificate } from '../../config/signing-certificate.ts'
import { FacetError } from '../../error.ts'
import type { ReadIssuing } from '../../issuing/configuration-file.ts'
import type { IssuingOptions } from '../../issuing/options.ts'
import type { Terminal } from '../../terminal/output.ts'
import type { Arguments } from '../arguments.ts'

export const DEFAULT_DATA = '.facet/issuer'

export function dataOf(args: Arguments): string {
  return args.value('data') ?? DEFAULT_DATA
}

/** @throws {FacetError} `usage`, `file_unusable`, `development_mode_needed`; what `readIssuingFile` throws */
export async function configuredOf(args: Arguments, terminal: Terminal): Promise<ReadIssuing> {
  const said = await saidOf(args, terminal)
  const file = args.value('config')
  if (file === undefined) return { options: said, close: () => {} }
  const { readIssuingFile } = await import('../../issuing/configuration-file.ts')
  const world = {
    environment: terminal.environment,
    development: args.switches.has('development'),
    now: systemClock.now,
  }
  const { options, close } = await readIssuingFile(file, world)
  return { options: { ...options, ...said }, close }
}

async function saidOf(args: Arguments, terminal: Terminal): Promise<IssuingOptions> {
  const ttl = args.number('status-ttl')
  const every = args.number('second-opinion-every')
  const profile = profileOf(args)
  const knownBy = await knownByOf(args, terminal)
  return {
    ...(ttl === undefined ? {} : { statusListTtl: ttl }),
    ...(every === undefined ? {} : { secondOpinionEvery: every }),
    ...(profile === undefined ? {} : { profile }),
    ...(knownBy === undefined ? {} : { knownBy }),
  }
}

function profileOf(args: Arguments): 'none' | 'haip' | undefined {
  const said = args.value('profile')
  if (said === undefined || said === 'none' || said === 'haip') return said
  throw new FacetError('usage', '--profile takes "none" or "haip"')
}

async function knownByOf(
  args: Arguments,
  { environment }: Terminal,
): Promise<'did' | 'address' | SigningCertificate | undefined> {
  const said = args.value('known-by')
  const certificate = args.value('certificate')
  const key = args.value('certificate-key')
  if (said === 'certificate') {
    if (certificate !== undefined && key !== undefined)
      return readSigningCertificate({ certificate, key, environment })
    throw new FacetError(
      'usage',
      '--known-by certificate needs --certificate FILE and --certificate-key FILE',
    )
  }
  if (certificate !== undefined || key !== undefined)
    throw new FacetError('usage', '--certificate and --certificate-key go with --known-by certificate')
  if (said === undefined || said === 'did' || said === 'address') return said
  throw new FacetError('usage', '--known-by takes "did", "address" or "certificate"')
}
