/** An issuer and a verifier made of Credo, on a port of loopback. */
import type { AddressInfo } from 'node:net'
import { type SdJwtVcIssuer, X509Module } from '@credo-ts/core'
import {
  type OpenId4VciAuthorizationServerConfig,
  type OpenId4VciCredentialConfigurationSupportedWithFormats,
  type OpenId4VciCredentialRequestToCredentialMapper,
  type OpenId4VciDeferredCredentialRequestToCredentialMapper,
  OpenId4VcModule,
} from '@credo-ts/openid4vc'
import express from 'express'
import { credoAgent } from './agent.ts'

export const VCT = 'urn:example:specimen:1'
export const CONFIGURATION = 'specimen'

export interface CredoSettings {
  /** What it answers to a request for a credential; absent: {@link signed}. */
  readonly mapper?: OpenId4VciCredentialRequestToCredentialMapper
  /** What it answers later, where the first was a promise; absent: nothing is deferred. */
  readonly deferredMapper?: OpenId4VciDeferredCredentialRequestToCredentialMapper
  /** Servers that it sends persons to. */
  readonly servers?: readonly OpenId4VciAuthorizationServerConfig[]
  /** Absent: signatures of the keys. */
  readonly proofTypes?: OpenId4VciCredentialConfigurationSupportedWithFormats['proof_types_supported']
  readonly dpopRequired?: boolean
  readonly walletAttestationsRequired?: boolean
  /** Base64 of DER. */
  readonly trustedCertificates?: readonly string[]
}

/** With an issuer of one SD-JWT VC, known by a did:jwk. */
export async function credoServices(settings: CredoSettings = {}) {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { dpopRequired = false, walletAttestationsRequired = false, trustedCertificates = [] } = settings
  const agent = await credoAgent({
    openid4vc: new OpenId4VcModule({
      app,
      issuer: {
        baseUrl: `${origin}/oid4vci`,
        dpopRequired,
        walletAttestationsRequired,
        credentialRequestToCredentialMapper: (options) => (settings.mapper ?? signed(did))(options),
        // It is asked for by offers that want a presentation first, and no wallet here comes so far.
        getVerificationSession: async () => {
          throw new Error('nothing is presented here')
        },
        ...(settings.deferredMapper === undefined
          ? {}
          : { deferredCredentialRequestToCredentialMapper: settings.deferredMapper }),
      },
      verifier: { baseUrl: `${origin}/oid4vp` },
    }),
    x509: new X509Module({ trustedCertificates: [...trustedCertificates] }),
  })
  const did = await newDid(agent as never)
  const { issuerId } = await agent.openid4vc.issuer.createIssuer({
    credentialConfigurationsSupported: {
      [CONFIGURATION]: {
        format: 'dc+sd-jwt',
        vct: VCT,
        scope: CONFIGURATION,
        cryptographic_binding_methods_supported: ['jwk', 'did:jwk'],
        credential_signing_alg_values_supported: ['ES256'],
        proof_types_supported: settings.proofTypes ?? {
          jwt: { proof_signing_alg_values_supported: ['ES256'] },
        },
        credential_metadata: { display: [{ name: 'Specimen', locale: 'en' }] },
      },
    },
    batchCredentialIssuance: { batchSize: 5 },
    dpopSigningAlgValuesSupported: ['ES256'],
    ...(settings.servers === undefined ? {} : { authorizationServerConfigs: [...settings.servers] }),
    display: [{ name: 'Credo', locale: 'en' }],
  })
  const { verifierId } = await agent.openid4vc.verifier.createVerifier()
  return {
    agent,
    issuer: agent.openid4vc.issuer,
    verifier: agent.openid4vc.verifier,
    issuerId,
    verifierId,
    did,
    origin,
    async close() {
      await agent.shutdown()
      await new Promise((done) => {
        server.close(done)
        server.closeAllConnections()
      })
    },
  }
}

export type CredoServices = Awaited<ReturnType<typeof credoServices>>

/** The `did:jwk` of a new key. */
async function newDid(agent: CredoServices['agent']): Promise<string> {
  const { keyId } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } })
  const { didState } = await agent.dids.create({ method: 'jwk', options: { keyId } })
  if (didState.did === undefined) throw new Error('no DID was made')
  return didState.did
}

/** A specimen for each key of the holder. */
export function signed(did: string): OpenId4VciCredentialRequestToCredentialMapper {
  return ({ holderBinding }) => ({
    type: 'credentials',
    format: 'dc+sd-jwt',
    credentials: holderBinding.keys.map((holder) => ({
      payload: { vct: VCT, given_name: 'Erika', family_name: 'Specimen', degrees: { level: 'master' } },
      disclosureFrame: { _sd: ['given_name', 'family_name', 'degrees'] },
      holder: holder.method === 'did' ? { method: 'did', didUrl: holder.didUrl } : holder,
      issuer: { method: 'did', didUrl: `${did}#0` } satisfies SdJwtVcIssuer,
    })),
  })
}
