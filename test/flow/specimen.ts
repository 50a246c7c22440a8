/** Nobody: `UTO` is the code that ICAO 9303 keeps for a country that does not exist. */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { CredentialConfiguration } from '@facet-id/issuer'

export const specimen: JsonObject = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  address: { street_address: '12 Specimen Street', locality: 'Zenith', country: 'UTO' },
  document_number: 'L898902C3',
  age_equal_or_over: { '18': true, '21': true },
}

export const PERSON_VCT = 'urn:facet:test:person'

export const personConfiguration: CredentialConfiguration = {
  vct: PERSON_VCT,
  scope: 'person',
  display: [{ name: 'Person', locale: 'en' }],
  claims: Object.keys(specimen).map((name) => ({ path: [name] })),
  lifetime: 365 * 24 * 3600,
}

export function personQuery({ over, nationality }: { over: number; nationality: string }): JsonObject {
  const claims: JsonValue[] = [
    { path: ['age_equal_or_over', String(over)], values: [true] },
    { path: ['nationalities', null], values: [nationality] },
  ]
  return { credentials: [{ id: 'person', format: 'dc+sd-jwt', meta: { vct_values: [PERSON_VCT] }, claims }] }
}
