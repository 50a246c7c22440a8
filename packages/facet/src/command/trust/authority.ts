/** `facet trust ca …`: a development authority that issues and revokes certificates. */
import { type PublicJwk, readPublicJwk } from '@facet-id/credential/jose'
import type { CertificatePurpose } from '../../ca/certificate-writer.ts'
import { systemClock } from '../../clock.ts'
import { FacetError } from '../../error.ts'
import { createOutput, type Terminal } from '../../terminal/output.ts'
import { type Arguments, readArguments } from '../arguments.ts'
import { print, readObjectFile, timeOf } from '../operating.ts'
import { syntax } from '../syntax.ts'

const AUTHORITY_DAYS = 3650
const CERTIFICATE_DAYS = 365
const MAX_NAME = 64

const actions = { create, issue, revoke, show } as const

export async function authority(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || !isAction(name))
    throw new FacetError('usage', `facet trust ca takes: ${Object.keys(actions).join(', ')}`)
  await actions[name](readArguments(rest, syntax[`trust ca ${name}`]), terminal)
  return 0
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

async function create(args: Arguments, terminal: Terminal): Promise<void> {
  const wishes = { name: nameOf(args), days: args.number('days') ?? AUTHORITY_DAYS }
  const { createAuthority } = await import('../../ca/authority.ts')
  const { notAfter } = await createAuthority(at(args, terminal), wishes)
  const facts = {
    anchor: `${args.word()}/authority.pem`,
    revoked: `${args.word()}/revoked.pem`,
    endsAt: notAfter,
  }
  print(facts, args.switches.has('json'), terminal)
}

async function issue(args: Arguments, terminal: Terminal): Promise<void> {
  const key = await keyOf(args)
  const wishes = {
    purpose: purposeOf(args),
    name: nameOf(args),
    dns: args.values('dns').map(dnsOf),
    days: args.number('days') ?? CERTIFICATE_DAYS,
    ...(key === undefined ? {} : { key }),
  }
  if (wishes.purpose === 'verifier' && wishes.dns.length === 0)
    throw new FacetError('usage', 'A certificate for a verifier needs --dns HOST: wallets compare it')
  const { issueCertificate } = await import('../../ca/authority.ts')
  const { serialNumber, notAfter, der } = await issueCertificate(at(args, terminal), wishes)
  const { hash } = await import('@facet-id/crypto/node')
  const facts = {
    serialNumber,
    certificate: `${args.word()}/${serialNumber}.pem`,
    ...(key === undefined ? { key: `${args.word()}/${serialNumber}.key` } : {}),
    client_id: `x509_hash:${hash('sha-256', der)}`,
    endsAt: notAfter,
  }
  print(facts, args.switches.has('json'), terminal)
}

async function revoke(args: Arguments, terminal: Terminal): Promise<void> {
  const serial = args.value('serial')
  if (serial === undefined) throw new FacetError('usage', 'facet trust ca revoke needs --serial SERIAL')
  const { revokeCertificate } = await import('../../ca/authority.ts')
  const { serialNumber, revokedAt } = await revokeCertificate(at(args, terminal), serial.toLowerCase())
  const facts = { serialNumber, ...(revokedAt === undefined ? {} : { revokedAt }) }
  print({ ...facts, revoked: `${args.word()}/revoked.pem` }, args.switches.has('json'), terminal)
}

async function show(args: Arguments, terminal: Terminal): Promise<void> {
  const { readBook } = await import('../../ca/book.ts')
  const book = await readBook(args.word())
  const output = createOutput(terminal)
  if (args.switches.has('json')) {
    output.line(JSON.stringify(book))
    return
  }
  output.line(`authority: ${book.name}; revocation list number ${book.listNumber}`)
  const rows = book.issued.map(({ serialNumber, purpose, name, notAfter, revokedAt }) => [
    serialNumber,
    purpose,
    timeOf(notAfter),
    timeOf(revokedAt),
    name,
  ])
  output.table(['serial number', 'purpose', 'ends', 'revoked', 'name'], rows)
}

function at(
  args: Arguments,
  { environment }: Terminal,
): Parameters<typeof import('../../ca/authority.ts').createAuthority>[0] {
  return { directory: args.word(), environment, now: () => Math.floor(systemClock.now()) }
}

function nameOf(args: Arguments): string {
  const name = args.value('name')?.trim() ?? ''
  if (name === '' || name.length > MAX_NAME || /\p{C}/u.test(name))
    throw new FacetError('usage', `--name NAME takes a name of at most ${MAX_NAME} characters`)
  // It would be certified whole, as the name of an organization.
  if (/(?:^|[,;+/])\s*[A-Za-z]+\s*=/.test(name))
    throw new FacetError(
      'usage',
      '--name NAME takes the name of an organization, not "O=NAME": the rest is added',
    )
  return name
}

function purposeOf(args: Arguments): CertificatePurpose {
  const purpose = args.value('purpose')
  if (purpose === 'issuer' || purpose === 'verifier' || purpose === 'status' || purpose === 'wallet')
    return purpose
  throw new FacetError('usage', '--purpose takes issuer, verifier, status or wallet')
}

function dnsOf(host: string): string {
  if (
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(host) &&
    host.length < 254
  )
    return host
  throw new FacetError('usage', '--dns takes the name of a host, in lower case')
}

async function keyOf(args: Arguments): Promise<PublicJwk | undefined> {
  const file = args.value('key')
  if (file === undefined) return undefined
  const jwk = await readObjectFile(file)
  try {
    return readPublicJwk(jwk)
  } catch (cause) {
    throw new FacetError('file_unusable', `${file} is no public key as a JWK`, { cause })
  }
}
