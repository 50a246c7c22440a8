/**
 * Revocation lists out of files that their authorities replace while we run. Whoever asks gets what is
 * there now; as long as nothing changes it is the very same array.
 */
import { stat } from 'node:fs/promises'
import { type RevocationList, readPem, readRevocationList } from '@facet-id/trust/x509'
import { readText } from '../config/sealed-key.ts'

export interface RevocationFiles {
  /**
   * Never rejects. A file that cannot be read any more leaves what it said before: a list that nobody
   * renews ends by itself, and then nothing is proven by it.
   */
  lists(): Promise<readonly RevocationList[]>
}

/**
 * Reads all of them once.
 *
 * @throws {FacetError} `file_unusable`; {TrustError} `pem_malformed`, and those of `readRevocationList`
 */
export async function openRevocationFiles(files: readonly string[]): Promise<RevocationFiles> {
  let stamp = await stampOf(files)
  let lists = await readAll(files)
  return {
    async lists() {
      const found = await stampOf(files)
      if (found === stamp) return lists
      try {
        lists = await readAll(files)
        stamp = found
      } catch {
        // Tried again when it is asked for again.
      }
      return lists
    },
  }
}

async function readAll(files: readonly string[]): Promise<readonly RevocationList[]> {
  const texts = await Promise.all(files.map(readText))
  return texts.flatMap((text) => readPem(text, 'X509 CRL').map(readRevocationList))
}

/** Another text for other contents: a list that is replaced is another file, of another moment. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch(() => undefined)
      return found === undefined ? '' : [found.ino, found.size, found.mtimeMs].join(':')
    }),
  )
  return stamps.join(' ')
}
