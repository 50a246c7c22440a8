/** Our holder with all that it can do, on loopback: more than the product's wallet switches on by itself. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import {
  checkSignatures,
  generateEncryptionKey,
  generateKey,
  hash,
  inflate,
  jweOpenerOf,
  type KeyPair,
  random,
  sealJwe,
  signerOf,
} from '@facet-id/crypto/node'
import {
  createHolder,
  defaultSettings,
  type Holder,
  type HolderPorts,
  type HolderSettings,
  type OfferConsent,
  softwareKeys,
} from '@facet-id/holder'
import { writeClientAttestationInput } from '@facet-id/protocol/oauth/client-attestation'
import { writeKeyAttestationInput } from '@facet-id/protocol/openid4vci/key-proof'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import {
  type CertificateReference,
  type CertifiedKeyAnswer,
  createIssuerKeys,
  createKeyResolver,
  createStatusLists,
} from '@facet-id/resolve'
import { safeTransport } from '@facet-id/resolve/node'
import { memoryStore } from '@facet-id/store'
import { beginPath, checksOfPath, judgePath, readCertificate } from '@facet-id/trust/x509'
import { onTestFinished } from 'vitest'
import type { CertifiedKey } from './certified.ts'
import { agreed, REDIRECT, WALLET } from './our-issuer.ts'

export interface HolderChanges {
  readonly ports?: Partial<HolderPorts>
  readonly settings?: Partial<HolderSettings>
  readonly txCode?: string | undefined
  /** DER of an authority whose certificates issuers may be known by. */
  readonly anchor?: Uint8Array
  /** Takes what the person was asked. */
  readonly asked?: OfferConsent[]
  /** A method of client authentication that servers do not name, and take all the same. */
  readonly tell?: string
}

export interface OurHolder {
  readonly holder: Holder
  /** What left it, in order. */
  readonly sent: readonly WireRequest[]
  /** What it was answered, in order. */
  readonly answers: readonly string[]
}

const now = (): number => Math.floor(Date.now() / 1000)
const undecided = { decision: 'undetermined', why: 'The person decides.' } as const

/** Its person agrees to everything. Ends with the test. */
export function ourHolder({ ports, settings, txCode, anchor, asked, tell }: HolderChanges = {}): OurHolder {
  const store = memoryStore({ now: Date.now })
  const direct = safeTransport({ mode: 'development' })
  onTestFinished(() => direct.close())
  const sent: WireRequest[] = []
  const answers: string[] = []
  const transport: HolderPorts['transport'] = {
    async send(request) {
      sent.push(request)
      const answer = await direct.send(request)
      answers.push(answer.body)
      const isServer = request.url.includes('/.well-known/oauth-authorization-server')
      return tell === undefined || !isServer ? answer : telling(answer, tell)
    },
  }
  const { resolveKey } = createKeyResolver()
  const { issuerKeyOf } = createIssuerKeys({
    transport,
    now,
    scheme: 'https_or_loopback_http',
    ...(anchor === undefined ? {} : { certificateKey: keysBelow(anchor) }),
  })
  const { statusOf } = createStatusLists({
    transport,
    checkSignatures,
    resolveKey,
    issuerKeyOf,
    inflate,
    now,
  })
  const holder = createHolder(
    {
      store,
      keys: softwareKeys({ store, generateKey: () => generateKey('ES256'), signerOf }),
      transport,
      consent: {
        toFetch: () => ({ agreed: true }),
        toReplace: () => ({ agreed: true }),
        toReceive(ask) {
          asked?.push(ask)
          return { agreed: true, ...(txCode === undefined ? {} : { txCode }) }
        },
        toPresent: () => ({ agreed: false }),
      },
      authorize: ({ url }) => agreed(url),
      encryption: {
        seal: sealJwe,
        generateKey() {
          const { publicJwk, privateJwk } = generateEncryptionKey()
          return { publicJwk, open: jweOpenerOf(privateJwk) }
        },
      },
      trust: { mayIssue: () => undecided, mayAsk: () => undecided },
      checkSignatures,
      hash,
      random,
      now,
      resolveKey,
      issuerKeyOf,
      statusOf,
      ...ports,
    },
    {
      ...defaultSettings,
      copies: 3,
      clientId: WALLET,
      redirectUri: REDIRECT,
      issuerKeys: { taken: ['did', 'jwt_vc_issuer', 'x5c'], scheme: 'https_or_loopback_http' },
      scheme: 'https_or_loopback_http',
      ...settings,
    },
  )
  return { holder, sent, answers }
}

function telling(answer: WireResponse, method: string): WireResponse {
  const metadata = { ...JSON.parse(answer.body), token_endpoint_auth_methods_supported: [method] }
  return { ...answer, body: JSON.stringify(metadata) }
}

/** The provider of our wallet; attests each instance under its key. */
export function attestedBy(
  provider: Pick<KeyPair, 'privateJwk'>,
  { iss, x5c }: { readonly iss?: string; readonly x5c?: readonly Uint8Array[] } = {},
): Pick<HolderPorts, 'walletAttestation'> {
  const instance = generateKey('ES256')
  const signer = signerOf(provider.privateJwk)
  return {
    walletAttestation: async () => {
      const input = writeClientAttestationInput({
        sub: WALLET,
        iat: now(),
        exp: now() + 3600,
        jwk: instance.publicJwk,
        alg: signer.alg,
        ...(iss === undefined ? {} : { iss }),
        ...(x5c === undefined ? {} : { x5c }),
      })
      return {
        attestation: writeJws(input, await signer.sign(utf8(input))),
        clientId: WALLET,
        signer: signerOf(instance.privateJwk),
      }
    },
  }
}

/** The provider of our wallet says how its keys are kept. */
export function attestingKeys({
  privateJwk,
  chain,
}: Pick<CertifiedKey, 'privateJwk' | 'chain'>): Pick<HolderPorts, 'keyAttestation'> {
  const signer = signerOf(privateJwk)
  return {
    keyAttestation: async ({ keys, nonce }) => {
      const input = writeKeyAttestationInput(
        {
          iat: now(),
          exp: now() + 3600,
          attested_keys: keys.map(({ publicJwk }) => publicJwk),
          key_storage: ['iso_18045_high'],
          ...(nonce === undefined ? {} : { nonce }),
        },
        { alg: signer.alg, x5c: chain },
      )
      return writeJws(input, await signer.sign(utf8(input)))
    },
  }
}

function keysBelow(anchor: Uint8Array): (reference: CertificateReference) => Promise<CertifiedKeyAnswer> {
  const anchors = [{ id: 'utopia', certificate: readCertificate(anchor) }]
  return async ({ chain }) => {
    const path = beginPath(chain, { anchors, now: now() })
    const outcome = judgePath(path, await checkSignatures(checksOfPath(path)), hash)
    if (outcome.outcome !== 'proven') return { refused: outcome.why }
    const { key, identity } = outcome
    return { key, issuer: `x509_hash:${identity.sha256}`, certificate: identity }
  }
}
