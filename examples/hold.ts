/** Hold: open a wallet, accept an offer, close it, open it again. */
import { randomUUID } from 'node:crypto'
import { openWallet } from '@facet-id/facet'
import { offerFromRegistry, temporaryDirectory } from './neighbours.ts'

const directory = await temporaryDirectory()
const { link, txCode, close } = await offerFromRegistry(directory)

const passphrase = randomUUID() // a person keeps it in mind
const open = () =>
  openWallet({
    dataDirectory: directory.in('wallet'),
    passphrase,
    development: true,
    consent: {
      toFetch: () => ({ agreed: true }),
      toReceive({ credentials }) {
        for (const { vct, copies } of credentials) console.log('accept', vct, 'in', copies, 'copies?')
        return { agreed: true, txCode }
      },
      toPresent: () => ({ agreed: false }),
    },
  })

const wallet = await open()
await wallet.holder.accept(link)
await wallet.close()

const again = await open()
for (const { name, copiesLeft } of await again.holder.credentials())
  console.log('holds', name, 'with', copiesLeft, 'copies')
await again.close()
await close()
await directory.remove()
