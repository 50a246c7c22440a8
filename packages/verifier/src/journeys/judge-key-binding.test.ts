/** What may be wrong with the proof that the holder was there. */
import type { JsonObject } from '@facet-id/credential/json'
import { hash, keyPair } from '@facet-id/testkit'
import { test } from 'vitest'
import type { Stage } from '../stage.test-support.ts'
import {
  casesOf,
  DAY,
  expectRefused,
  type KeyBindingCode,
  MAX_AGE,
  SKEW,
  type Trick,
  type Tricks,
  withClaims,
} from './trick.test-support.ts'

function withBinding(claims: (on: Stage) => JsonObject): Trick['present'] {
  return (on) => ({ binding: { claims: claims(on) } })
}

const tricks: Tricks<KeyBindingCode> = {
  holder_signature: [
    {
      requirement: 'VP-8.6-2',
      title: 'a presentation by somebody else than the holder',
      present: () => ({ signer: keyPair() }),
      reason: 'signature_invalid',
    },
    {
      requirement: 'ATK-23',
      title: 'a presentation without key binding',
      present: () => ({ edit: (text) => text.slice(0, text.lastIndexOf('~') + 1) }),
      reason: 'key_binding_missing',
    },
    {
      requirement: 'ATK-1',
      title: 'a key binding JWT that says alg none',
      present: () => ({ binding: { header: { alg: 'none' }, claims: {} } }),
      reason: 'jws_alg_not_allowed',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding JWT of another kind',
      present: () => ({ binding: { header: { typ: 'JWT' }, claims: {} } }),
      reason: 'jws_typ_unexpected',
    },
    {
      requirement: 'SDJ-4.3.2-1',
      title: 'a key binding JWT that brings its own key',
      present: () => {
        const own = keyPair()
        return { signer: own, binding: { header: { jwk: own.publicJwk }, claims: {} } }
      },
      reason: 'jws_header_forbidden',
    },
    {
      requirement: 'VP-B.3-1',
      title: 'a credential that is bound to no key',
      present: withClaims(() => ({ cnf: {} })),
      reason: 'holder_key_missing',
    },
  ],
  nonce: [
    {
      requirement: 'VP-14.2-1, VP-B.3.6-1',
      title: 'the nonce of another request',
      present: () => ({ nonce: 'AAAAAAAAAAAAAAAAAAAAAA' }),
      reason: 'nonce_mismatch',
    },
    {
      requirement: 'VP-14.2-1',
      title: 'a nonce that is no text',
      present: withBinding(() => ({ nonce: 1 })),
      reason: 'key_binding_malformed',
    },
  ],
  audience: [
    {
      requirement: 'VP-5.9-5, VP-B.3.6-2',
      title: 'the client id without its prefix',
      present: ({ clientId }) => ({ audience: clientId.slice('decentralized_identifier:'.length) }),
      reason: 'audience_mismatch',
    },
    {
      requirement: 'ATK-22',
      title: 'the client id of another verifier',
      present: () => ({ audience: 'decentralized_identifier:did:jwk:e30' }),
      reason: 'audience_mismatch',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a list of verifiers',
      present: withBinding(({ clientId }) => ({ aud: [clientId] })),
      reason: 'key_binding_malformed',
    },
  ],
  key_binding_time: [
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding that is too old',
      present: ({ time }) => ({ issuedAt: time.now() - MAX_AGE - SKEW }),
      reason: 'key_binding_too_old',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding that is a year old',
      present: ({ time }) => ({ issuedAt: time.now() - 365 * DAY }),
      reason: 'key_binding_too_old',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding of the future',
      present: ({ time }) => ({ issuedAt: time.now() + SKEW + 1 }),
      reason: 'key_binding_in_future',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding without a time',
      present: withBinding(() => ({ iat: 'now' })),
      reason: 'key_binding_malformed',
    },
  ],
  presentation_hash: [
    {
      requirement: 'ATK-22',
      title: 'a disclosure taken away after the holder signed',
      present: () => ({ edit: (text) => text.replace(/~[^~]*~/, '~') }),
      reason: 'presentation_hash_mismatch',
    },
    {
      requirement: 'SDJ-4.3.1-1',
      title: 'a hash over other disclosures',
      present: withBinding(() => ({ sd_hash: hash('sha-256', 'another~') })),
      reason: 'presentation_hash_mismatch',
    },
    {
      requirement: 'SDJ-7.3-2',
      title: 'a key binding without a hash',
      present: withBinding(() => ({ sd_hash: null })),
      reason: 'key_binding_malformed',
    },
  ],
}

test.each(casesOf(tricks))('$requirement $title fails the check $code, and shows nothing', expectRefused)
