/**
 * The document about the type of the person credential, brought along: wallets, verifiers and issuance
 * nodes of one release agree on it, and nothing is fetched. SD-JWT VC §5.
 *
 * It is published as it stands here, byte for byte. Change what it demands only with a new `vct`.
 */

import { personRendering } from './types/person-card.ts'

export const PERSON_VCT = 'urn:facet:person:1'

const label = (text: string) => [{ locale: 'en', label: text }]
const withheld = { sd: 'always' } as const
const demanded = { ...withheld, mandatory: true } as const

export const personType: string = JSON.stringify({
  vct: PERSON_VCT,
  name: 'Person',
  description: 'Who somebody is: every claim can be shown by itself',
  display: [
    {
      locale: 'en',
      name: 'Person',
      description: 'Who its holder is, shown in the parts that the holder chooses',
      rendering: personRendering({
        title: 'Person',
        birthdate: 'Date of birth',
        nationalities: 'Nationalities',
        documentNumber: 'Document number',
      }),
    },
    {
      locale: 'de',
      name: 'Person',
      description: 'Wer die Inhaberin ist, gezeigt in den Teilen, die sie wählt',
      rendering: personRendering({
        title: 'Person',
        birthdate: 'Geburtsdatum',
        nationalities: 'Staatsangehörigkeiten',
        documentNumber: 'Nummer des Dokuments',
      }),
    },
  ],
  claims: [
    { path: ['given_name'], display: label('Given names'), ...demanded, svg_id: 'given_name' },
    { path: ['family_name'], display: label('Family name'), ...demanded, svg_id: 'family_name' },
    { path: ['birthdate'], display: label('Date of birth'), ...demanded, svg_id: 'birthdate' },
    { path: ['nationalities'], display: label('Nationalities'), ...demanded },
    { path: ['nationalities', null], ...withheld, svg_id: 'nationalities' },
    { path: ['address'], display: label('Address'), ...withheld },
    { path: ['address', 'street_address'], display: label('Street'), ...withheld },
    { path: ['address', 'locality'], display: label('Town'), ...withheld },
    { path: ['address', 'postal_code'], display: label('Postal code'), ...withheld },
    { path: ['address', 'country'], display: label('Country'), ...withheld },
    { path: ['document_number'], display: label('Document number'), ...demanded, svg_id: 'document_number' },
    { path: ['age_equal_or_over'], display: label('Age'), ...demanded },
    { path: ['age_equal_or_over', '18'], display: label('18 or over'), ...demanded },
    { path: ['age_equal_or_over', '21'], display: label('21 or over'), ...withheld },
  ],
})
