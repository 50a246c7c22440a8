/**
 * The stage with everything bound: the issuer gives tokens to attested wallets alone, and only to keys that they
 * prove; persons agree in a browser. The wallet's provider, the person's browser and the page are here.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { type Signer, writeJws } from '@facet-id/credential/jose'
import { generateKey, signerOf } from '@facet-id/crypto/node'
import type { HolderPorts, HolderSettings } from '@facet-id/holder'
import { defaultSettings as issuerDefaults } from '@facet-id/issuer'
import { registeredWalletProviders, type UserAuthentication } from '@facet-id/issuer/authorization'
import { writeClientAttestationInput } from '@facet-id/protocol/oauth/client-attestation'
import type { Handle, WireResponse } from '@facet-id/protocol/wire'
import { type Changes, type MemoryStage, memoryStage } from './memory.ts'
import { specimen } from './specimen.ts'

export const CLIENT = 'https://wallet.example/app'
export const REDIRECT = 'https://wallet.example/back'

export interface BoundStage extends MemoryStage {
  /** Issuers for which the wallet was attested, in the order in which it asked. */
  readonly attestedFor: string[]
}

export interface BoundChanges extends Omit<Changes, 'holder' | 'holderSettings' | 'issuer'> {
  readonly holder?: Partial<HolderPorts>
  readonly holderSettings?: Partial<HolderSettings>
  readonly issuer?: Changes['issuer']
  /** What becomes of the address at which the browser comes back; `undefined`: it does not come back for now. */
  readonly back?: (url: string) => string | undefined
}

export function boundStage(changes: BoundChanges = {}): BoundStage {
  const { back = (url) => url } = changes
  const provider = generateKey('ES256')
  const attestedFor: string[] = []
  const attest = walletProvider(signerOf(provider.privateJwk), () => stage.time.now())
  const stage: MemoryStage = memoryStage({
    ...changes,
    issuer: {
      ports: {
        userAuthentication: onePage,
        walletProviderKey: registeredWalletProviders([{ keys: [provider.publicJwk] }]),
        ...changes.issuer?.ports,
      },
      settings: {
        authorization: {
          ...issuerDefaults.authorization,
          dpop: 'required',
          pushedRequests: 'required',
          clientAttestation: 'required',
          refreshLifetime: 3600,
        },
        ...changes.issuer?.settings,
      },
    },
    holder: {
      authorize: async ({ url }) => back(await visit(url, stage.issuer.handle)),
      walletAttestation(of) {
        attestedFor.push(of.issuer)
        return attest(of)
      },
      ...changes.holder,
    },
    holderSettings: { redirectUri: REDIRECT, boundTokens: 'required', ...changes.holderSettings },
  })
  return { ...stage, attestedFor }
}

type Attest = NonNullable<HolderPorts['walletAttestation']>

/** Attests one instance of a wallet for each issuer, so that no two see the same key. */
export function walletProvider(signer: Signer, now: () => number, clientId = CLIENT): Attest {
  const made = new Map<string, { attestation: string; clientId: string; signer: Signer }>()
  return async ({ issuer, fresh }) => {
    const known = made.get(issuer)
    if (known !== undefined && !fresh) return known
    const instance = generateKey('ES256')
    const input = writeClientAttestationInput({
      sub: clientId,
      exp: now() + 86_400,
      iat: now(),
      jwk: instance.publicJwk,
      alg: signer.alg,
    })
    const attestation = writeJws(input, await signer.sign(utf8(input)))
    const attested = { attestation, clientId, signer: signerOf(instance.privateJwk) }
    made.set(issuer, attested)
    return attested
  }
}

/** A page with one form; whoever posts it agrees to everything. */
const onePage: UserAuthentication = {
  begin: ({ flow, answerUrl }) => ({
    next: 'page',
    html: `<form method="post" action="${answerUrl}"><input name="flow" value="${flow}"></form>`,
  }),
  answer: ({ configurationIds }) => ({
    next: 'agreed',
    subject: 'anna',
    configurationIds,
    claims: Object.fromEntries(configurationIds.map((id) => [id, specimen])),
  }),
}

/** Where the browser comes back to, when the person agrees to what they are shown. */
export async function visit(url: string, handle: Handle): Promise<string> {
  const shown = await handle({ method: 'GET', url, headers: {} })
  const [, action = ''] = /action="([^"]+)"/.exec(shown.body) ?? []
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(shown.body) ?? []
  const answered = await handle({
    method: 'POST',
    url: action,
    headers: {
      cookie: cookieIn(shown),
      origin: new URL(action).origin,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ flow }).toString(),
  })
  return answered.headers.location ?? ''
}

function cookieIn({ headers }: WireResponse): string {
  return headers['set-cookie']?.split(';', 1)[0] ?? ''
}
