/** Our verifier asks a wallet made of Credo 0.6.3. */
import { expect, test } from 'vitest'
import { acceptOffer, credoHolder, present } from '../credo/holder.ts'
import { givenName } from '../ours.ts'
import { testAuthority } from './certificates.ts'
import { ourIssuerOfTwo } from './our-issuer.ts'
import { everyWay, ourVerifierByEveryName } from './our-verifier.ts'
import { staying } from './world.ts'

const parties = staying(async (closing) => {
  const authority = await testAuthority(closing)
  const issuer = await ourIssuerOfTwo(closing)
  const ours = await ourVerifierByEveryName({ issuers: [issuer.node.did], authority, closing })
  const holder = await credoHolder([authority.trusted])
  closing(() => holder.shutdown())
  const { link, txCode } = await issuer.offer()
  await acceptOffer(holder, link, txCode)
  return { ...ours, holder }
})

test.each(everyWay)(
  'a client known by $prefix is answered by $responseMode',
  async ({ prefix, responseMode }) => {
    const { verifier, names, holder } = parties()
    const { link, transactionId } = await verifier.request(givenName, { as: names[prefix], responseMode })
    expect(await present(holder, link)).toMatchObject({ ok: true, serverResponse: { status: 200 } })
    expect(await verifier.result(transactionId)).toMatchObject({
      outcome: 'verified',
      reports: { person: { shown: { given_name: 'Erika' } } },
    })
  },
)
