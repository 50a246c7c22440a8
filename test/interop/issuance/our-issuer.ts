/** Our issuer with all that it can do, on loopback: more than the product switches on by itself. */
import { writeDidJwk } from '@facet-id/credential/did'
import type { PublicJwk } from '@facet-id/credential/jose'
import {
  checkSignatures,
  deflate,
  generateEncryptionKey,
  generateKey,
  hash,
  jweOpenerOf,
  macOf,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import { PERSON_CONFIGURATION, personCredential } from '@facet-id/facet'
import { serve } from '@facet-id/http/node'
import {
  type CredentialConfiguration,
  createIssuer,
  defaultSettings,
  type Issuer,
  type IssuerPorts,
  type IssuerSettings,
} from '@facet-id/issuer'
import {
  type AuthorizationSettings,
  registeredWalletProviders,
  type UserAuthentication,
} from '@facet-id/issuer/authorization'
import type { IssuerEncryption } from '@facet-id/issuer/issuance'
import { createKeyResolver } from '@facet-id/resolve'
import { memoryStore } from '@facet-id/store'
import { onTestFinished } from 'vitest'
import { specimen } from '../ours.ts'
import type { CertifiedKey } from './certified.ts'

/** As wallets call themselves here, and where their persons come back to. */
export const WALLET = 'wallet'
export const REDIRECT = 'http://127.0.0.1:1/back'

/** What a test changes. */
export interface IssuerChanges {
  readonly settings?: Partial<Omit<IssuerSettings, 'authorization' | 'configurations'>>
  readonly authorization?: Partial<AuthorizationSettings>
  readonly configuration?: Partial<CredentialConfiguration>
  readonly ports?: Partial<IssuerPorts>
  /** In the place of its DID. */
  readonly certificate?: CertifiedKey
}

export interface ServedIssuer {
  readonly issuer: Issuer
  /** The Credential Issuer Identifier. */
  readonly url: string
  readonly did: string
}

/** Ends with the test. */
export async function servedIssuer(changes: IssuerChanges = {}): Promise<ServedIssuer> {
  const { certificate } = changes
  let issuer: Issuer | undefined
  const { url, close } = await serve(async (request) => {
    if (issuer === undefined) throw new Error('not yet')
    return issuer.handle(request)
  })
  onTestFinished(close)
  const { publicJwk, privateJwk } = generateKey('ES256')
  const did = writeDidJwk(publicJwk)
  const now = () => Math.floor(Date.now() / 1000)
  issuer = createIssuer(
    {
      store: memoryStore({ now: Date.now }),
      signer: signerOf(certificate?.privateJwk ?? privateJwk, `${did}#0`),
      checkSignatures,
      hash,
      random,
      mac: macOf(random(32)),
      deflate,
      now,
      userAuthentication: onePage,
      resolveKey: (named) => (named.by === 'did' ? didKey(named.kid) : undefined),
      ...changes.ports,
    } as IssuerPorts,
    {
      ...defaultSettings,
      credential_issuer: url,
      did,
      knownBy: certificate === undefined ? { by: 'did' } : { by: 'x5c', chain: certificate.chain },
      display: [{ name: 'Registry', locale: 'en' }],
      didMethods: ['did:jwk'],
      scheme: 'https_or_loopback_http',
      ...changes.settings,
      configurations: { [PERSON_CONFIGURATION]: { ...personCredential, ...changes.configuration } },
      authorization: {
        ...defaultSettings.authorization,
        clients: { [WALLET]: { name: 'Wallet', redirectUris: [REDIRECT] } },
        ...changes.authorization,
      },
    },
  )
  return { issuer, url, did }
}

/** A page with one form; whoever posts it is known, and agrees. */
const onePage: UserAuthentication = {
  begin: ({ flow, answerUrl }) => ({
    next: 'page',
    html: `<form method="post" action="${answerUrl}"><input name="flow" value="${flow}"></form>`,
  }),
  answer: ({ configurationIds }) => ({
    next: 'agreed',
    subject: 'erika',
    configurationIds,
    claims: Object.fromEntries(configurationIds.map((id) => [id, specimen])),
  }),
}

/** Opens the address as a browser does whose person agrees; yields where it comes back to. */
export async function agreed(url: string): Promise<string> {
  const shown = await fetch(url, { redirect: 'manual' })
  const html = await shown.text()
  const [, action] = /action="([^"]+)"/.exec(html) ?? []
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(html) ?? []
  if (action === undefined) {
    const next = backIn(shown)
    return next.startsWith(REDIRECT) ? next : agreed(next)
  }
  const [cookie = ''] = (shown.headers.get('set-cookie') ?? '').split(';', 1)
  const answered = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: new URL(action).origin },
    body: new URLSearchParams({ flow }),
  })
  return backIn(answered)
}

function backIn({ status, headers }: Response): string {
  const location = headers.get('location')
  if (location === null) throw new Error(`the browser was not sent back: ${status}`)
  return location
}

/** An offer of the specimen. */
export function offer(
  { issuer }: ServedIssuer,
  request: Partial<Parameters<Issuer['offer']>[0]> = {},
): ReturnType<Issuer['offer']> {
  return issuer.offer({ configurationId: PERSON_CONFIGURATION, claims: specimen, ...request })
}

/** Believes attestations under that key. */
export function believingProvider(key: PublicJwk): Pick<IssuerPorts, 'walletProviderKey'> {
  return { walletProviderKey: registeredWalletProviders([{ keys: [key] }]) }
}

/** A key to which wallets encrypt. */
export function encryption(): IssuerEncryption {
  const { publicJwk, privateJwk } = generateEncryptionKey()
  return {
    keys: [{ publicJwk: { ...publicJwk, alg: 'ECDH-ES', kid: 'one' }, open: jweOpenerOf(privateJwk) }],
    seal: sealJwe,
  }
}

async function didKey(kid: string): Promise<PublicJwk | undefined> {
  const [did = ''] = kid.split('#')
  const found = await createKeyResolver().resolveKey({ did, kid, relationship: 'authentication' })
  return 'key' in found ? found.key : undefined
}
