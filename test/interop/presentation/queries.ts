/** Queries of DCQL, and what of the specimens a wallet shows by each: the same whoever asks, and whoever answers. */
import { PERSON_VCT } from '@facet-id/facet'
import { LICENCE } from './our-issuer.ts'

export interface QueryCase {
  readonly about: string
  readonly query: { readonly credentials: readonly object[]; readonly credential_sets?: readonly object[] }
  /** By the id of the query: the claims that leave, and no others. */
  readonly shown: Readonly<Record<string, object>>
  /** It asks for elements of a list that can be shown one by one. */
  readonly elements?: true
}

const person = (asked: object, id = 'person') => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [PERSON_VCT] },
  ...asked,
})

const licence = {
  id: 'licence',
  format: 'dc+sd-jwt',
  meta: { vct_values: [LICENCE] },
  claims: [{ path: ['given_name'] }],
}

const missing = {
  id: 'missing',
  format: 'dc+sd-jwt',
  meta: { vct_values: ['urn:example:nobody-has-it'] },
  claims: [{ path: ['given_name'] }],
}

export const queryCases: readonly QueryCase[] = [
  {
    about: 'a credential, and no claim of it',
    query: { credentials: [person({})] },
    shown: { person: {} },
  },
  {
    about: 'a value, below another claim',
    query: { credentials: [person({ claims: [{ path: ['age_equal_or_over', '18'], values: [true] }] })] },
    shown: { person: { age_equal_or_over: { '18': true } } },
  },
  {
    about: 'a nested path',
    query: { credentials: [person({ claims: [{ path: ['address', 'locality'] }] })] },
    shown: { person: { address: { locality: 'Zenith' } } },
  },
  {
    about: 'an element of a list, by its value',
    query: { credentials: [person({ claims: [{ path: ['nationalities', null], values: ['UTO'] }] })] },
    shown: { person: { nationalities: ['UTO'] } },
    elements: true,
  },
  {
    about: 'an element of a list, by its place',
    query: { credentials: [person({ claims: [{ path: ['nationalities', 0] }] })] },
    shown: { person: { nationalities: ['UTO'] } },
    elements: true,
  },
  {
    about: 'the first of the sets of claims that can be had',
    query: {
      credentials: [
        person({
          claims: [
            { id: 'name', path: ['given_name'] },
            { id: 'email', path: ['email'] },
            { id: 'family', path: ['family_name'] },
          ],
          claim_sets: [['name', 'email'], ['family'], ['name']],
        }),
      ],
    },
    shown: { person: { family_name: 'Specimen' } },
  },
  {
    about: 'two credentials',
    query: { credentials: [person({ claims: [{ path: ['given_name'] }] }), licence] },
    shown: { person: { given_name: 'Erika' }, licence: { given_name: 'Erika' } },
  },
  {
    about: 'one credential for two queries',
    query: {
      credentials: [
        person({ claims: [{ path: ['given_name'] }] }),
        person({ claims: [{ path: ['family_name'] }] }, 'again'),
      ],
    },
    shown: { person: { given_name: 'Erika' }, again: { family_name: 'Specimen' } },
  },
  {
    about: 'the option of a set of credentials that is held',
    query: {
      credentials: [missing, licence, person({ claims: [{ path: ['given_name'] }] })],
      credential_sets: [{ options: [['missing', 'person'], ['licence']] }],
    },
    shown: { licence: { given_name: 'Erika' } },
  },
  {
    about: 'what need not be there, and is not held',
    query: {
      credentials: [missing, licence],
      credential_sets: [{ options: [['licence']] }, { options: [['missing']], required: false }],
    },
    shown: { licence: { given_name: 'Erika' } },
  },
]
