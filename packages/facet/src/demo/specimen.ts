/**
 * The specimen of this demonstration: nobody. `UTO` is the code that ICAO 9303 keeps for a country
 * that does not exist; `ZZZ` is assigned to none.
 */
import type { JsonObject } from '@facet-id/credential/json'

/** Claims in the style of a national identity card. */
export const specimen: JsonObject = {
  given_name: 'Anna Maria',
  family_name: 'Eriksson',
  birthdate: '1974-08-12',
  nationalities: ['UTO', 'ZZZ'],
  address: {
    street_address: '12 Specimen Street',
    locality: 'Zenith',
    postal_code: '00000',
    country: 'UTO',
  },
  document_number: 'L898902C3',
  age_equal_or_over: { '18': true, '21': true },
}
