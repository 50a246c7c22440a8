/** The person credential that an issuance node offers out of the box. */
import type { CredentialConfiguration } from '@facet-id/issuer'
import { PERSON_VCT, personType } from './person-type.ts'

export const PERSON_CONFIGURATION = 'person'

const YEAR = 365 * 24 * 3600

export const personCredential: Omit<CredentialConfiguration, 'knownBy'> = {
  vct: PERSON_VCT,
  scope: 'person',
  display: [
    {
      name: 'Person',
      locale: 'en',
      description: 'Who its holder is, shown in the parts that the holder chooses',
    },
  ],
  claims: [
    { path: ['given_name'], mandatory: true, display: [{ name: 'Given names', locale: 'en' }] },
    { path: ['family_name'], mandatory: true, display: [{ name: 'Family name', locale: 'en' }] },
    { path: ['birthdate'], mandatory: true, display: [{ name: 'Date of birth', locale: 'en' }] },
    { path: ['nationalities'], mandatory: true, display: [{ name: 'Nationalities', locale: 'en' }] },
    { path: ['address'], display: [{ name: 'Address', locale: 'en' }] },
    { path: ['address', 'street_address'], display: [{ name: 'Street', locale: 'en' }] },
    { path: ['address', 'locality'], display: [{ name: 'Town', locale: 'en' }] },
    { path: ['address', 'postal_code'], display: [{ name: 'Postal code', locale: 'en' }] },
    { path: ['address', 'country'], display: [{ name: 'Country', locale: 'en' }] },
    { path: ['document_number'], mandatory: true, display: [{ name: 'Document number', locale: 'en' }] },
    { path: ['age_equal_or_over'], mandatory: true, display: [{ name: 'Age', locale: 'en' }] },
    { path: ['age_equal_or_over', '18'], mandatory: true, display: [{ name: '18 or over', locale: 'en' }] },
    { path: ['age_equal_or_over', '21'], display: [{ name: '21 or over', locale: 'en' }] },
  ],
  type: { documents: [personType] },
  lifetime: YEAR,
}
