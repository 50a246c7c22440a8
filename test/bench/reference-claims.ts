/** What the credential of the benchmarks says of its specimen, and which ten claims of it become disclosable. */
import type { DisclosureFrame } from '@facet-id/credential/sd-jwt'

export const claims = {
  given_name: 'Erika',
  family_name: 'Specimen',
  birthdate: '1990-01-01',
  address: { street_address: 'Musterweg 1', locality: 'Utopolis', postal_code: '12345', country: 'UTO' },
  nationalities: ['UTO'],
  age_equal_or_over: { '18': true, '21': true },
}

export const frame: DisclosureFrame = {
  _sd: ['given_name', 'family_name', 'birthdate'],
  address: { _sd: ['street_address', 'locality', 'postal_code', 'country'] },
  nationalities: { _sd: [0] },
  age_equal_or_over: { _sd: ['18', '21'] },
}
