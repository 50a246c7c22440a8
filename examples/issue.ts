/** Issue: start an issuance node, offer a credential to a person, and look at what was issued. */
import { startIssuanceNode } from '@facet-id/facet'
import { temporaryDirectory } from './neighbours.ts'

const directory = await temporaryDirectory()
const node = await startIssuanceNode({
  dataDirectory: directory.in('issuer'),
  environment: {},
  development: true,
})

const { link, txCode } = await node.issuer.offer({
  configurationId: 'person',
  claims: {
    given_name: 'Anna Maria',
    family_name: 'Eriksson',
    birthdate: '1974-08-12',
    nationalities: ['UTO'],
    document_number: 'L898902C3',
    age_equal_or_over: { '18': true },
  },
})
console.log(link.split('?')[0], 'and, by another channel, a code of', txCode?.length, 'digits')

for await (const { entries } of node.issuer.issuances()) console.log(entries.length, 'copies issued')
console.log('nothing is issued until a wallet redeems the offer')

await node.close()
await directory.remove()
