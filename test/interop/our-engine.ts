/** Issues and presents marked claims with our engine, as a bare SD-JWT that is no SD-JWT VC. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import {
  conceal,
  type DisclosureFrame,
  openStoredSdJwt,
  selectDisclosures,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
import { hash, random } from '@facet-id/crypto/node'
import { frameOf, type Marked, pathsOf, payloadOf } from './marked-claims.ts'
import { issuerSigner } from './second-engine.ts'

export function issueOurs(claims: Marked, frame: DisclosureFrame = frameOf(claims)): string {
  const { payload, disclosures } = conceal(payloadOf(claims), frame, { hash, random })
  const input = writeSigningInput({ alg: 'ES256', typ: 'example+sd-jwt' }, payload)
  return writeSdJwt(writeJws(input, issuerSigner.sign(utf8(input))), disclosures)
}

export function presentOurs(compact: string, claims: Marked): string {
  const { jwt, opened } = openStoredSdJwt(compact, hash)
  return writeSdJwt(jwt, selectDisclosures(opened, pathsOf(claims)))
}
