/** What may be wrong with the credential, with its issuer, or with what of it is shown. */
import { writeBase64urlText } from '@facet-id/credential/base64url'
import type { JsonObject } from '@facet-id/credential/json'
import type { StatusAnswer } from '@facet-id/credential/sd-jwt-vc'
import { keyPair } from '@facet-id/testkit'
import { createAllowList } from '@facet-id/trust'
import { test } from 'vitest'
import { asked, forge, issue, specimenFrame } from '../wallet.test-support.ts'
import {
  type CredentialCode,
  casesOf,
  expectRefused,
  from,
  SKEW,
  type Trick,
  type Tricks,
  withClaims,
} from './trick.test-support.ts'

function withStatus(status: StatusAnswer): Trick['present'] {
  return ({ world }) => {
    world.status = status
    return {}
  }
}

function typed(document: JsonObject): NonNullable<Trick['changes']> {
  return {
    settings: { typeMetadata: 'when_available' },
    ports: () => ({ typeMetadataOf: ({ vct }) => ({ document: JSON.stringify({ vct, ...document }) }) }),
  }
}

const stranger = writeBase64urlText(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'is_admin', true]))

const tricks: Tricks<CredentialCode> = {
  format: [
    {
      requirement: 'ATK-1',
      title: 'a credential that says alg none',
      present: (on) => ({ held: forge(from(on), { alg: 'none' }) }),
      reason: 'jws_alg_not_allowed',
    },
    {
      requirement: 'JWT-3.1-3',
      title: 'a credential by an algorithm that was not asked for',
      changes: { settings: { algs: ['ES384'] } },
      present: (on) => ({ held: issue(from(on)) }),
      reason: 'jws_alg_not_allowed',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a token of another kind',
      present: (on) => ({ held: forge(from(on), { typ: 'vc+sd-jwt' }) }),
      reason: 'jws_typ_unexpected',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a text that is no SD-JWT',
      present: () => ({ edit: () => 'Anna Maria Eriksson' }),
      reason: 'sd_jwt_malformed',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a key binding JWT that is cut off',
      present: () => ({ edit: (text) => text.replace(/\.[^.]*$/, '') }),
      reason: 'sd_jwt_malformed',
    },
  ],
  issuer_key: [
    {
      requirement: 'VP-8.6-2',
      title: 'a key that the DID of the issuer does not have',
      present: (on) => ({ held: issue(from(on, { kid: `${on.issuer.did}#1` })) }),
      reason: 'issuer_key_refused',
    },
    {
      requirement: 'SVC-2.5-1',
      title: 'a key of another DID',
      present: (on) => ({ held: forge(from(on), { kid: on.ports.signer.kid }) }),
      reason: 'did_malformed',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a DID that could not be resolved',
      present: () => ({}),
      changes: { ports: () => ({ resolveKey: () => ({ undetermined: 'The DID could not be resolved.' }) }) },
      reason: 'issuer_key_undetermined',
      outcome: 'undetermined',
    },
  ],
  issuer_signature: [
    {
      requirement: 'VP-8.6-2',
      title: 'a credential that somebody else signed',
      present: (on) => ({ held: issue(from(on, { signer: keyPair() })) }),
      reason: 'signature_invalid',
    },
    {
      requirement: 'ATK-37',
      title: 'a signature of zeros',
      present: () => ({ edit: (text) => text.replace(/\.[^.~]+~/, `.${'A'.repeat(86)}~`) }),
      reason: 'signature_invalid',
    },
  ],
  disclosures: [
    {
      requirement: 'ATK-24',
      title: 'an unreferenced disclosure, with which the holder agrees',
      present: () => ({ disclose: (disclosures) => [...disclosures, stranger] }),
      reason: 'disclosure_unreferenced',
    },
    {
      requirement: 'ATK-24',
      title: 'a repeated disclosure, with which the holder agrees',
      present: () => ({ disclose: (disclosures) => [...disclosures, ...disclosures.slice(0, 1)] }),
      reason: 'disclosure_repeated',
    },
  ],
  type: [
    {
      requirement: 'VP-14.11-1',
      title: 'a credential of another type',
      present: withClaims(() => ({ vct: 'urn:facet:test:library-card' })),
      reason: 'type_not_expected',
    },
    {
      requirement: 'VP-14.11-1',
      title: 'a credential without a type',
      present: (on) => ({ held: forge(from(on, { claims: { vct: '' } })) }),
      reason: 'vct_missing',
    },
  ],
  claims: [
    {
      requirement: 'VP-8.6-2',
      title: 'an end that the holder could have withheld',
      present: (on) => ({
        held: forge(from(on, { frame: { ...specimenFrame, _sd: ['exp'] } })),
        paths: [...asked, ['exp']],
      }),
      reason: 'claim_protected',
    },
    {
      requirement: 'SDJ-9.7-2',
      title: 'an end that its issuer concealed and its holder withholds',
      present: (on) => ({
        held: forge(
          from(on, {
            claims: { exp: on.time.now() - SKEW },
            frame: { ...specimenFrame, _sd: [...(specimenFrame._sd ?? []), 'exp'] },
          }),
        ),
      }),
      reason: 'claim_missing',
    },
    {
      requirement: 'SDJ-9.7-2',
      title: 'a claim that the operator needs and the credential lacks',
      changes: { settings: { requiredClaims: ['exp', 'nbf'] } },
      present: () => ({}),
      reason: 'claim_missing',
    },
    {
      requirement: 'SDJ-9.7-4',
      title: 'no end, where one may have been withheld and none is required',
      changes: { settings: { requiredClaims: [] } },
      present: (on) => ({ held: issue(from(on, { without: ['exp'] })) }),
      reason: 'withheld_possible',
      outcome: 'undetermined',
    },
    {
      requirement: 'SDJ-7.1-15',
      title: 'a credential that is meant for others',
      present: withClaims(() => ({ aud: 'https://elsewhere.example' })),
      reason: 'audience_mismatch',
    },
  ],
  validity: [
    {
      requirement: 'SDJ-7.1-15',
      title: 'a credential that has expired',
      present: withClaims(({ time }) => ({ exp: time.now() - SKEW })),
      reason: 'expired',
    },
    {
      requirement: 'SDJ-7.1-15',
      title: 'a credential that is not valid yet',
      present: withClaims(({ time }) => ({ nbf: time.now() + SKEW + 1 })),
      reason: 'not_yet_valid',
    },
  ],
  trust: [
    {
      requirement: 'ATK-36, VP-6.1.1-6',
      title: 'an issuer that nobody trusts',
      present: () => ({}),
      changes: { ports: () => ({ trust: createAllowList({ issuers: [], verifiers: [] }) }) },
      reason: 'not_trusted',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'an issuer of whom nothing is known',
      present: () => ({}),
      changes: {
        ports: ({ trust }) => ({
          trust: { ...trust, mayIssue: () => ({ decision: 'undetermined', why: 'The list is stale.' }) },
        }),
      },
      reason: 'trust_undetermined',
      outcome: 'undetermined',
    },
  ],
  type_metadata: [
    {
      requirement: 'SVC-5.7-2',
      title: 'a credential that breaks a rule of its type',
      present: () => ({}),
      changes: typed({ claims: [{ path: ['nationalities', null], sd: 'never' }] }),
      reason: 'type_rule_broken',
    },
    {
      requirement: 'SVC-5.7-2',
      title: 'a type whose document cannot be read',
      present: () => ({}),
      changes: typed({ claims: 'all' }),
      reason: 'type_metadata_malformed',
    },
    {
      requirement: 'SVC-7.8-1',
      title: 'a type whose publisher does not count, where the type is needed',
      present: () => ({}),
      changes: {
        settings: { typeMetadata: 'required' },
        ports: () => ({ typeMetadataOf: () => ({ refused: 'The publisher is none of the type.' }) }),
      },
      reason: 'type_metadata_refused',
    },
    {
      requirement: 'SVC-5.7-3',
      title: 'a type that nobody can find out about, where the type is needed',
      present: () => ({}),
      changes: { settings: { typeMetadata: 'required' } },
      reason: 'type_metadata_undetermined',
      outcome: 'undetermined',
    },
  ],
  status: [
    {
      requirement: 'VP-8.6-2',
      title: 'a credential that was revoked',
      present: withStatus({ status: 1 }),
      reason: 'revoked',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a credential that is suspended',
      present: withStatus({ status: 2 }),
      reason: 'suspended',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a status that nobody knows',
      present: withStatus({ status: 200 }),
      reason: 'status_unknown',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a status list that breaks a rule',
      present: withStatus({ refused: 'The list is not signed by the issuer.' }),
      reason: 'status_refused',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a status list that cannot be had',
      present: withStatus({ undetermined: 'The list could not be fetched.' }),
      reason: 'status_undetermined',
      outcome: 'undetermined',
    },
    {
      requirement: 'TSL-8.3-10',
      title: 'a status list that has expired',
      present: (on) => {
        on.world.status = { status: 0, listExpiresAt: on.time.now() - SKEW }
        return {}
      },
      reason: 'status_list_expired',
      outcome: 'undetermined',
    },
    {
      requirement: 'SDJ-9.7-2',
      title: 'no status, where one is required',
      changes: { settings: { status: 'required' } },
      present: (on) => ({ held: issue(from(on, { without: ['status'] })) }),
      reason: 'status_missing',
    },
    {
      requirement: 'SDJ-9.7-4',
      title: 'a status that its issuer concealed and its holder withholds',
      present: (on) => ({
        held: forge(from(on, { frame: { ...specimenFrame, _sd: [...(specimenFrame._sd ?? []), 'status'] } })),
      }),
      reason: 'withheld_possible',
      outcome: 'undetermined',
    },
    {
      requirement: 'VP-8.6-2',
      title: 'a status of a kind that is not known here',
      present: withClaims(() => ({ status: { other: {} } })),
      reason: 'status_undetermined',
      outcome: 'undetermined',
    },
  ],
  query: [
    {
      requirement: 'VP-14.11-1',
      title: 'a claim that was asked for and withheld',
      present: () => ({ paths: [['nationalities', 0]] }),
      reason: 'claim_absent',
    },
    {
      requirement: 'VP-14.11-1',
      title: 'a presentation that shows nothing',
      present: () => ({ paths: [] }),
      reason: 'claim_absent',
    },
    {
      requirement: 'VP-6.4.1-5',
      title: 'another value than was asked for',
      present: () => ({ paths: [...asked.slice(0, 1), ['nationalities', 1]] }),
      reason: 'value',
    },
    {
      requirement: 'VP-6.4.1-5',
      title: 'a value of another type than was asked for',
      present: withClaims(() => ({ age_equal_or_over: { '18': 'true', '21': 'true' } })),
      reason: 'value',
    },
    {
      requirement: 'VP-7-1',
      title: 'a claim that is not of the kind that the path goes through',
      present: (on) => ({
        held: issue(
          from(on, { claims: { nationalities: 'UTO' }, frame: { age_equal_or_over: { _sd: ['18'] } } }),
        ),
        paths: asked.slice(0, 1),
      }),
      reason: 'claim_absent',
    },
  ],
}

test.each(casesOf(tricks))('$requirement $title fails the check $code, and shows nothing', expectRefused)
