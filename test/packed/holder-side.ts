/** The holder's side of a credential in a browser: the module that is measured. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { browserEntries } from './entries.ts'

const CRYPTO = '@facet-id/crypto/web'

/** Whether there is a crypto for browsers to count in. */
export const hasWebCrypto: boolean = browserEntries.includes(CRYPTO)

const PRIMITIVES = ['checkSignatures', 'generateKey', 'hash', 'inflate', 'random', 'signerOf']

/** Its source text, JavaScript: reading, selecting, presenting and checking, over the crypto that browsers have. */
export async function holderSide(folder: string, crypto: boolean = hasWebCrypto): Promise<string> {
  const text = await readFile(join(folder, 'holder-side.ts'), 'utf8')
  return crypto ? `${text}export { ${PRIMITIVES.join(', ')} } from '${CRYPTO}'\n` : text
}
