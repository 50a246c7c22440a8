/**
 * The examples of RFC 9901, where the folder of public vectors lies beside the checkout: issued with
 * their frames, opened, presented and judged; what comes out is what their marks say, by our engine and
 * by the second one.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { bareJwk, writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import {
  compactOf,
  conceal,
  type DisclosureFrame,
  openSdJwt,
  openStoredSdJwt,
  readSdJwtJson,
  selectDisclosures,
  splitSdJwt,
  writeKeyBindingInput,
  writeSdJwt,
  writeSdJwtJson,
} from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { hash, random, signerOf } from '@facet-id/crypto/node'
import { sharedVectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { judged } from '../interop/judged.ts'
import { claimsOf, countOf, frameOf, pathsOf, payloadOf, shownOf } from '../interop/marked-claims.ts'
import { secondEngine } from '../interop/second-engine.ts'
import { type Settings, type Specification, settingsIn, specificationsIn } from './specification.ts'

const folder = sharedVectors('rfc9901')
const specifications = folder === undefined ? [] : specificationsIn(folder)
const tools = { hash, random }

test.skipIf(folder === undefined)('there are fifteen examples of RFC 9901', () => {
  expect(specifications).toHaveLength(15)
  expect(specifications.map(({ claims }) => countOf(claims)).every((count) => count > 0)).toBe(true)
})

test.skipIf(folder === undefined)(
  'SDJ-7.1-11 each example is issued with its frame, opened whole, shown in part',
  () => {
    for (const { name, claims, decoys } of specifications) {
      const { payload, disclosures } = conceal(payloadOf(claims), frameIn(claims, decoys), tools)
      expect(disclosures, name).toHaveLength(countOf(claims))
      const opened = openSdJwt(payload, disclosures, hash)
      expect(opened.claims, name).toEqual(claimsOf(claims))
      const shown = selectDisclosures(opened, pathsOf(claims))
      expect(openSdJwt(payload, shown, hash).claims, name).toEqual(shownOf(claims))
      expect(openSdJwt(payload, [], hash).disclosed, name).toEqual([])
    }
  },
)

test.skipIf(folder === undefined)(
  'SDJ-7.3-2, SDJ-8.1-2 each example is presented with key binding and judged, in the form it asks for',
  () => {
    const settings = settingsIn(folder ?? '')
    for (const specification of specifications) {
      const presentation = presented(specification, settings)
      const report = judged(presentation, settings.issuer, {
        now: settings.iat,
        keyBinding: specification.keyBinding
          ? { binding: 'required', nonce: settings.nonce, audience: settings.verifier, maxAgeSeconds: 60 }
          : { binding: 'forbidden' },
      })
      expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([])
      expect(report.credential?.claims.about).toEqual(shownOf(specification.claims))
    }
  },
)

test.skipIf(folder === undefined)(
  'SDJ-4.2.3-1 each example is read by the second engine as by ours, whoever issued it',
  async () => {
    for (const { name, claims } of specifications) {
      const theirs = await secondEngine.issue(payloadOf(claims), frameOf(claims) as never)
      const stored = openStoredSdJwt(theirs, hash)
      expect(stored.opened.claims, name).toEqual(claimsOf(claims))
      const shown = writeSdJwt(stored.jwt, selectDisclosures(stored.opened, pathsOf(claims)))
      // Its examples carry times in the past and keys of other kinds: only what it reads is asked for here.
      expect(await secondEngine.getClaims(shown), name).toEqual(shownOf(claims))
    }
  },
)

/** As an SD-JWT VC that says it all `about` somebody: its own claims and those of the example do not meet. */
function presented({ claims, keyBinding, decoys, form }: Specification, settings: Settings): string {
  const iss = writeDidJwk(bareJwk(publicOf(settings.issuer)))
  const unsigned = {
    claims: {
      iss,
      vct: 'urn:facet:test:example',
      cnf: { jwk: { ...bareJwk(publicOf(settings.holder)) } },
      about: payloadOf(claims),
    } satisfies JsonObject,
    frame: { about: frameIn(claims, decoys) },
    issuerKey: { by: 'did', kid: `${iss}#0` },
    alg: 'ES256',
  } as const
  const { signingInput, disclosures } = writeCredentialToSign(unsigned, tools)
  const jwt = writeJws(signingInput, signerOf(settings.issuer).sign(utf8(signingInput)))
  const { opened } = openStoredSdJwt(writeSdJwt(jwt, disclosures), hash)
  const paths = pathsOf(claims).map((path) => ['about', ...path])
  const sdJwt = writeSdJwt(jwt, selectDisclosures(opened, paths))
  const compact = keyBinding ? sdJwt + boundTo(sdJwt, settings) : sdJwt
  return form === 'compact' ? compact : throughJson(compact, form)
}

function boundTo(sdJwt: string, { holder, nonce, verifier, iat }: Settings): string {
  const binding = { sdJwt, nonce, audience: verifier, issuedAt: iat, alg: 'ES256', sdAlg: 'sha-256' } as const
  const input = writeKeyBindingInput({ ...binding, hash })
  return writeJws(input, signerOf(holder).sign(utf8(input)))
}

/** Sent in a JSON form, and read from it. */
function throughJson(compact: string, form: 'flattened' | 'general'): string {
  const { jwt, ...rest } = splitSdJwt(compact)
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const signatures = [{ protected: header, signature }]
  return compactOf(readSdJwtJson(writeSdJwtJson({ form, payload, signatures, ...rest })))
}

function frameIn(claims: Specification['claims'], decoys: boolean): DisclosureFrame {
  return decoys ? { ...frameOf(claims), _sd_decoy: 3 } : frameOf(claims)
}

function publicOf({ d: _, ...jwk }: Settings['issuer']) {
  return jwk
}
