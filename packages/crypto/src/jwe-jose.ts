/**
 * JWE by `jose` on WebCrypto, for pages (RFC 7518 §4.6, §5.3).
 *
 * `jose` would take more kinds than ours. It is told the one algorithm and the one encryption that the
 * pure rules have read, so that no header chooses another path.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { JweRecipient, OpenJwe, SealJwe } from '@facet-id/credential/jwe'
import { CompactEncrypt } from 'jose/jwe/compact/encrypt'
import { flattenedDecrypt } from 'jose/jwe/flattened/decrypt'
import { brokenJwe, ensureDistinctParties, partyOf, recipientUnusable } from './jwe-refusal.ts'
import { fitsAgreement } from './key-form.ts'

/** A private key that `jose` agrees with: a handle, which need not tell what it holds. */
export type AgreementHandle = Parameters<typeof flattenedDecrypt>[1] & object

const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const

/** Fits the port `SealJwe`. Rejects with {@link CryptoError} `key_unusable`, `jwe_parties_alike`. */
export const sealJwe: SealJwe = async (plain, to) => {
  ensureDistinctParties(to)
  const key = await importRecipient(to)
  const { enc, apu, apv } = to
  const { kid } = to.key
  const parties = {
    ...(apu === undefined ? {} : { apu: partyOf(apu) }),
    ...(apv === undefined ? {} : { apv: partyOf(apv) }),
  }
  return new CompactEncrypt(plain)
    .setProtectedHeader({ alg: 'ECDH-ES', enc, ...(kid === undefined ? {} : { kid }) })
    .setKeyManagementParameters(parties)
    .encrypt(key)
}

/** Opens with the key. What it gives rejects with {@link CryptoError} `jwe_broken`. */
export function openerWith(key: AgreementHandle): OpenJwe {
  return async ({ header, protectedText, iv, ciphertext, tag }) => {
    try {
      const parts = {
        protected: protectedText,
        iv: writeBase64url(iv),
        ciphertext: writeBase64url(ciphertext),
        tag: writeBase64url(tag),
      }
      const { plaintext } = await flattenedDecrypt(parts, key, {
        keyManagementAlgorithms: ['ECDH-ES'],
        contentEncryptionAlgorithms: [header.enc],
      })
      return plaintext
    } catch (cause) {
      throw brokenJwe(cause)
    }
  }
}

/** A point is checked to lie on the curve at import. */
async function importRecipient({ key }: JweRecipient) {
  if (!fitsAgreement(key)) throw recipientUnusable()
  const { kty, crv, x, y } = key
  try {
    return await crypto.subtle.importKey('jwk', { kty, crv, x, y }, ECDH, true, [])
  } catch (cause) {
    throw recipientUnusable(cause)
  }
}
